"""A device on a terminal, as `lookup` shows it."""

from pathlib import Path

import pytest

from tests.service.cli.examples import LAPTOPS, OTHERS, asked
from tests.service.conftest import RECORDS, Run, ndjson

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_all_is_shown_where_it_is_wanted(fleet: Run, tmp_path: Path) -> None:
    """Every value, the record it came from, why it was chosen, and those that lost."""
    fleet("import", ndjson(tmp_path / "other.ndjson", {**RECORDS[1], "type": "laptop", "tag_number": "T-1"}))
    fleet("import", ndjson(tmp_path / "typed.ndjson", {**RECORDS[0], "type": "Managed Workstation"}))

    short, full = fleet("lookup", LAPTOPS[0]), fleet("lookup", LAPTOPS[0], "--full")

    assert "tag_number" not in short.out
    assert "  tag_number: T-1\n      from rmm_alpha:A-17 (" in full.out
    assert "      not laptop (rmm_alpha:A-17)\n" in full.out
    assert "  type: Managed Workstation\n      from cw_manage:4711 (" in full.out


def test_what_is_wrong_with_a_device_is_said_at_its_head(run: Run, tmp_path: Path) -> None:
    """Nobody uses it, or its records differ although a person said that they are one box."""
    serials = ("5CG1234ABC", "VMX9KQ2")
    lines = [{**each, "serial": serial, "active": False} for each, serial in zip(RECORDS, serials, strict=False)]
    run("import", ndjson(tmp_path / "differing.ndjson", *lines))
    run("decide", "same", *LAPTOPS, "--why", "both stickers")

    shown = run("lookup", LAPTOPS[0]).out

    assert "acme-lt-1\n  Its records differ on serial.\n  No record says that it is in use.\n  customer" in shown
    assert shown.count("  not live\n") == 2


def test_open_reviews_and_decisions_are_shown(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with the commands that go on."""
    asked(run, tmp_path, monkeypatch)
    run("import", ndjson(tmp_path / "fleet.ndjson", RECORDS[2]))
    run("decide", "different", *OTHERS, "--why", "another room", "--by", "anna")

    shown = run("lookup", LAPTOPS[0]).out

    assert "are they one box?" in shown
    assert "\n  samebox decide same 1\n" in shown
    assert "Decided: cw_manage:4711 and rmm_alpha:A-18 are different boxes\n  by anna on " in shown
    assert ": another room\n  samebox decide revoke " in shown
