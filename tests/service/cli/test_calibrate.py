"""The commands `calibrate` and `rebuild`."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from matching.policy import OnConflict, Policy
from tests.service.conftest import Run, ndjson
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both
from tests.service.upgrades.former import left_by_other_rules

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


def test_companies_that_boxes_alone_align_are_shown_whenever_one_looks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With their names, the number of boxes and what corrects it; correcting it parts them."""
    rows = [
        {"provider": provider, "id": f"{n}", "serial": f"5CG10{n:04}", "company": company}
        for n in range(9)
        for provider, company in (("alpha", "Fabrikam"), ("beta", "HT"))
    ]
    run("import", ndjson(tmp_path / "a.ndjson", *rows))

    for _ in range(2):
        shown = run("calibrate")
        assert "alpha:Fabrikam (Fabrikam) = beta:HT (HT): 9 shared boxes" in " ".join(shown.out.split())
        assert "Policy:DifferentCompanies" in shown.err
    monkeypatch.setenv("Policy__DifferentCompanies", '[["alpha:Fabrikam", "beta:HT"]]')
    corrected = run("calibrate")
    assert "shared boxes" not in corrected.out
    assert "alpha:Fabrikam = beta:HT" in corrected.out  # under "Companies parted"


def test_beside_a_configured_provider_no_other_aligns_companies_by_boxes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a word in the settings it is trusted across customers, and what is pushed or imported is not."""
    rows = [
        {"provider": provider, "id": f"{n}", "serial": f"5CG10{n:04}", "company": company}
        for n in range(9)
        for provider, company in (("alpha", "Fabrikam"), ("beta", "HT"))
    ]
    monkeypatch.setenv("Providers__NinjaOne__Folder", "feeds")
    run("import", ndjson(tmp_path / "a.ndjson", *rows))
    beside = json.loads(run("calibrate", "--json").out)["report"]["aligned_by_hardware_alone"]
    monkeypatch.delenv("Providers__NinjaOne__Folder")
    alone = json.loads(run("calibrate", "--json").out)["report"]["aligned_by_hardware_alone"]

    assert (beside["count"], alone["count"]) == (0, 1)


@on_both
def test_the_rules_of_a_new_version_are_held_shown_put_off_and_accepted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade an operator is told what would merge or split, by every command that measures."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", str(tmp_path))  # which makes it a part of the policy
    world = Sandbox(tmp_path)
    pair = [record(key, macs=["3C:52:82:00:00:01"], hostname=key[0] * 5) for key in ("a:1", "b:1")]
    world.take_in(*pair)
    left_by_other_rules(world, Policy(mac_against_name=OnConflict.JOIN))

    refused, upgraded = run("lookup", "3c5282000001"), run("db", "upgrade")
    shown, checked = run("calibrate"), run("check")
    assert (refused.code, "run: samebox db upgrade" in refused.err) == (1, True)
    assert "search terms: 2 of 2 records" in upgraded.err
    for said in (upgraded.out, shown.out, checked.err):
        assert "the rules of this version are held: they would change 1 of 1 devices" in said
    assert "a:1 | b:1" in upgraded.out
    brought = run("import", ndjson(tmp_path / "more.ndjson", record("c:1", serial="SN-10001")))
    assert "the rules of this version are held: they would change 1 of 2 devices" in brought.err
    assert "put off, not dropped" in run("calibrate", "--drop").out
    assert len(json.loads(run("lookup", "3c5282000001", "--json").out)) == 1
    assert run("calibrate").code == 0
    assert "they changed 1 of 2 devices" in run("calibrate", "--accept").out
    assert len(json.loads(run("lookup", "3c5282000001", "--json").out)) == 2
    assert run("db", "upgrade").out == ""


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
