"""The commands `reviews`, `syncs`, `changes` and `history`."""

import json
import re
from pathlib import Path

import pytest

from tests.service.cli.examples import LAPTOPS, OTHERS, device, ninjaone
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_runs_are_listed_the_latest_first(fleet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what became of its rows, and why it failed; narrowed to a provider, or cut short and told so."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    fleet("sync", "ninjaone")
    monkeypatch.setenv("Providers__NinjaOne__Folder", str(tmp_path / "missing"))
    fleet("sync", "ninjaone")

    runs = json.loads(fleet("syncs", "--json").out)
    table, latest, none = fleet("syncs"), fleet("syncs", "--limit", "1"), fleet("syncs", "--provider", "cw_rmm")

    assert [(run["provider"], run["status"], run["new"]) for run in runs] == [
        ("ninjaone", "failed", 0),
        ("ninjaone", "succeeded", 2),
        ("import", "succeeded", 3),
    ]
    assert "missing" in table.out
    assert table.err == "samebox: syncs: 3\n"
    assert ("import" in latest.out, "there are more" in latest.err) == (False, True)
    assert (none.out, none.err) == ("", "samebox: syncs: 0\n")


@on_both
def test_reviews_show_the_question_and_both_devices(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a table for a person, as data for a program, narrowed by reason."""
    monkeypatch.setenv("Policy__BoardReplacement", "review")
    guids = ("4C4C4544-0042-3510-8054-B4C04F4A5931", "5C4C4544-0042-3510-8054-B4C04F4A5931")
    boards = [{**record, "bios_guid": guid} for record, guid in zip(RECORDS[:2], guids, strict=True)]
    run("import", ndjson(tmp_path / "boards.ndjson", *boards))

    [review] = json.loads(run("reviews", "--json").out)
    shown = run("reviews", "--provider", "rmm_alpha")

    assert review["reason"] == "mainboard_replaced"
    assert device(run, LAPTOPS[0]) in shown.out
    assert device(run, LAPTOPS[1]) in shown.out
    assert re.search(r"Open reviews\s.*mainboard replaced\?", run("lookup", LAPTOPS[1]).out, re.S)
    assert json.loads(run("reviews", "--reason", "clone", "--json").out) == []
    unknown = run("reviews", "--reason", "mainboard")
    assert (unknown.code, "did you mean 'mainboard_replaced'?" in " ".join(unknown.err.split())) == (2, True)
    assert "reviews: 0" in run("reviews", "--reason", "clone").err
    assert run("reviews", "--company", "nobody") == (2, "", "samebox: no company 'nobody'; known: acme inc.\n")


@on_both
def test_changes_go_on_where_they_ended(fleet: Run) -> None:
    """The number that one call ends with begins the next."""
    first = json.loads(fleet("changes", "--limit", "1", "--json").out)
    rest = json.loads(fleet("changes", "--after", str(first["seq"]), "--json").out)

    assert [each["seq"] for each in first["data"] + rest["data"]] == [1, 2]
    assert "created from" in fleet("changes").out
    assert "samebox changes --after 2" in fleet("changes").err


@on_both
def test_the_history_of_a_retired_id_says_where_it_leads(fleet: Run) -> None:
    """Its own lines, then those of its successor."""
    ids = {device(fleet, record) for record in OTHERS}
    fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    heir = device(fleet, OTHERS[0])
    [gone] = ids - {heir}

    ran = fleet("history", gone)

    assert f"merged with {gone}" in ran.out
    assert f"{gone} is retired; it leads to {heir}" in ran.err
    assert json.loads(fleet("history", gone, "--json").out)["leads_to"] == heir


@on_both
def test_the_history_of_no_device_is_one_line(fleet: Run) -> None:
    """It names the id, and the exit code is 1."""
    assert fleet("history", "none") == (1, "", "samebox: no device 'none'\n")
