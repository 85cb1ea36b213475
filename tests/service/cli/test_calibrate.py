"""The commands `calibrate` and `rebuild`."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.service.conftest import Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_a_calibration_is_held_shown_and_accepted(run: Run, tmp_path: Path) -> None:
    """An import that teaches much says nothing behind one's back: devices wait for --accept."""
    others = [{"provider": "rmm_alpha", "id": f"{n}", "serial": f"SN-{n:05}"} for n in range(30)]
    copies = [
        {
            "provider": "rmm_alpha",
            "id": f"c{n}",
            "bios_guid": "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F",
            "hostname": f"i{n}",
        }
        for n in range(3)
    ]
    run("import", ndjson(tmp_path / "a.ndjson", *others, copies[0]))
    brought = run("import", ndjson(tmp_path / "b.ndjson", *copies))

    held = run("calibrate")
    assert "calibration 2 is held" in brought.err
    assert (held.code, "is held: it would change 1 of 31 devices" in held.out) == (0, True)
    assert "Values over shared: 1" in held.out
    assert len(json.loads(run("lookup", "2E6C1D7B-110A-4F4D-9E55-1C2B3A4D5E6F", "--json").out)) == 1
    assert json.loads(run("calibrate", "--accept", "--json").out)["outcome"] == "in_force"
    assert len(json.loads(run("lookup", "2E6C1D7B-110A-4F4D-9E55-1C2B3A4D5E6F", "--json").out)) == 3
    assert run("calibrate", "--drop").err == "samebox: no calibration is held; `samebox calibrate` measures one\n"


@on_both
def test_a_rebuild_finds_nothing(fleet: Run) -> None:
    """Unless something was wrong."""
    assert fleet("rebuild", "--dry-run").out == "nothing differs\n"
    assert json.loads(fleet("rebuild", "--json").out) == {"rows": {}, "changes": [], "written": True}


def test_a_rebuild_shows_and_then_corrects_what_differs(fleet: Run, tmp_path: Path) -> None:
    """A dry run shows the same and changes nothing."""
    with closing(sqlite3.connect(tmp_path / "samebox.db")) as database, database:
        database.execute("UPDATE devices SET golden = '{}'")

    dry, dry_again = fleet("rebuild", "--dry-run"), fleet("rebuild", "--dry-run", "--json")
    foreseen, done = json.loads(dry_again.out), json.loads(fleet("rebuild", "--json").out)

    assert "Rows that would differ" in " ".join(dry.out.split())
    assert (foreseen["rows"]["devices"], foreseen["written"]) == (2, False)
    assert (done["rows"], done["written"]) == (foreseen["rows"], True)
    assert fleet("rebuild").out == "nothing differs\n"
    assert "5CG1234ABC" in fleet("lookup", "5CG1234ABC").out


def test_a_calibration_is_accepted_or_dropped_and_not_both(run: Run) -> None:
    """Both options at once are wrong usage."""
    assert run("calibrate", "--accept", "--drop").code == 2
