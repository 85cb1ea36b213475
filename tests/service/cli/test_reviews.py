"""The command `reviews`."""

import json
import re
from pathlib import Path

import pytest

from service.cli.reviews import worth_in_words
from tests.service.cli.examples import LAPTOPS, asked, device
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_reviews_show_the_question_and_both_devices(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a block for a person, as data for a program, narrowed by reason."""
    monkeypatch.setenv("Policy__BoardReplacement", "review")
    guids = ("4C4C4544-0042-3510-8054-B4C04F4A5931", "5C4C4544-0042-3510-8054-B4C04F4A5931")
    boards = [{**record, "bios_guid": guid} for record, guid in zip(RECORDS[:2], guids, strict=True)]
    run("import", ndjson(tmp_path / "boards.ndjson", *boards))

    [review] = json.loads(run("reviews", "--json").out)
    shown = run("reviews", "--provider", "rmm_alpha")

    assert review["reason"] == "mainboard_replaced"
    full = run("reviews", "--full").out
    for laptop in LAPTOPS:
        assert device(run, laptop) not in shown.out
        assert device(run, laptop) in full
    assert review["id"] in full
    assert re.search(r"\nReview 1  .*are they one box\?", run("lookup", LAPTOPS[1]).out, re.S)
    assert json.loads(run("reviews", "--reason", "clone", "--json").out) == []
    unknown = run("reviews", "--reason", "mainboard")
    assert (unknown.code, "did you mean 'mainboard_replaced'?" in " ".join(unknown.err.split())) == (2, True)
    assert "reviews: 0" in run("reviews", "--reason", "clone").err
    assert run("reviews", "--company", "nobody") == (2, "", "samebox: no company 'nobody'; known: acme inc.\n")


@on_both
def test_a_review_is_a_block_that_ends_with_the_commands_that_answer_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number, names and worth first; then the question, both sides, the evidence and what we propose."""
    asked(run, tmp_path, monkeypatch)

    assert run("reviews").out.splitlines() == [
        "Review 1  acme-lt-1  worth: high",
        "  acme-lt-1 in cw_manage and acme-lt-1 in rmm_alpha: are they one box?",
        "  customer  Acme Inc.",
        "  why       The serials agree and the BIOS GUIDs differ, as after a new",
        "            mainboard.",
        "  A         acme-lt-1, last seen: not known; cw_manage:4711",
        "  B         acme-lt-1, last seen: not known; rmm_alpha:A-17",
        "  for       serial 5CG1234ABC",
        "  for       MAC 3C:52:82:AA:BB:01",
        "  for       hostname acme-lt-1",
        "  against   BIOS GUID 4C4C4544-0042-3510-8054-B4C04F4A5931 against",
        "            44454C5C-4200-1035-8054-B4C04F4A5931",
        *run("reviews").out.splitlines()[12:-2],
        "  samebox decide same 1",
        "  samebox decide different 1",
    ]
    assert re.search(r"^  proposed  [A-Z]\w+", run("reviews").out, re.M)


def test_worth_is_said_in_words() -> None:
    """At the bounds, too."""
    assert [worth_in_words(worth) for worth in (1.0, 0.999, 0.25, 0.249, 0)] == [
        "high",
        "medium",
        "medium",
        "low",
        "low",
    ]
