"""What a decision would do, and what it did, as a person is shown it."""

from pathlib import Path

import pytest

from tests.service.cli.examples import LAPTOPS, OTHERS, asked, device
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_a_preview_is_a_table_before_and_one_after_names_first(fleet: Run) -> None:
    """No id is in it unless all is asked for; nothing is stored."""
    shown = fleet("decide", "same", *OTHERS, "--preview")
    full = fleet("decide", "same", *OTHERS, "--preview", "--full")

    lines = [" ".join(line.split()) for line in shown.out.splitlines() if line]
    assert lines[0] == "Before: 2 devices"
    assert "acme-lt-1 Acme Inc. cw_manage:4711, rmm_alpha:A-17" in lines
    assert "acme-srv-1 Acme Inc. rmm_alpha:A-18" in lines
    assert "After: 1 device" in lines
    assert any(line.startswith("Values of acme-") for line in lines)
    assert shown.err == "samebox: this is a preview; nothing is stored\n"
    for record in OTHERS:
        assert device(fleet, record) in full.out
        assert device(fleet, record) not in shown.out
    assert fleet("decisions").out == ""


@on_both
def test_a_preview_says_which_reviews_close_and_open(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A review that it would open has no number yet."""
    asked(run, tmp_path, monkeypatch)
    before = run("decide", "different", *LAPTOPS, "--preview").out
    run("decide", "same", "1")
    fleet = run("decide", "different", *LAPTOPS, "--preview")

    assert "The devices: 2 devices" in before
    assert "Closes review 1: acme-lt-1 in cw_manage and acme-lt-1 in rmm_alpha" in before
    assert (fleet.code, "contradicts" in fleet.err) == (1, True)


@on_both
def test_a_decision_that_changes_no_device_says_so(fleet: Run) -> None:
    """It binds all the same; taken back, what it did is told as well."""
    made = fleet("decide", "different", *OTHERS, "--why", "two stickers")
    decision = made.err.split()[-3]
    taken = fleet("decide", "revoke", decision, "--why", "wrong room")

    said = " ".join(made.out.split())
    assert "No device changes: it stays 2 devices, acme-lt-1 (cw_manage:4711, rmm_alpha:A-17) and acme-srv-1" in said
    assert taken.out.startswith("Revoked by ")
    assert "(wrong room): cw_manage:4711 and rmm_alpha:A-18: different boxes" in " ".join(taken.out.split())
