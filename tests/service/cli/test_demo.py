"""The command `demo`, without serving; `tests/end_to_end/test_demo.py` has it whole."""

import json
import re
import shlex
from pathlib import Path

import pytest

from service.demo.second_night import first_night
from tests.service.conftest import Run

EXPECTED = {
    ("Alder Creek Dental Group, Inc.", "Managed Server"): (3.0, 330.0),
    ("Quillmark Verlag GmbH", "Managed Workstation"): (-5.0, -190.0),
    ("Quillmark Verlag GmbH", "Managed Server"): (-1.0, -110.0),
    ("Harrow Lane Veterinary, LLC", "Endpoint Protection"): (5.0, 22.5),
    ("St. Brannoc's School", "Managed Server"): (6.0, None),
}
"""Customer and product of the demo's invoice, or type that it does not bill -> the difference, and its money."""

BY_AGREEMENT = {**EXPECTED, ("Old Mill Bakery", "Managed Workstation"): (-4.0, -152.0)}
"""The same of its agreements, by which a customer is billed of whom nothing is listed."""

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_the_database_of_the_demo_answers_other_commands(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The reports that it writes are those of its database, in the folder that was named."""
    ran = run("demo", "--no-serve", "--keep", "kept")
    monkeypatch.setenv("Database__Url", "sqlite:///kept/demo.db")

    assert ran.code == 0, ran.err
    assert "The database is kept/demo.db" in ran.out
    [settings] = (tmp_path / "kept").rglob("appsettings.json")
    shown = run("--settings", str(settings), "report", "duplicates").out
    assert shown == (tmp_path / "kept" / "reports" / "duplicates.csv").read_bytes().decode()
    assert run("lookup", "4711", "--kind", "cw_manage_device_id").code == 0


def test_somebody_who_bills_finds_what_is_billed_and_not_there_and_the_other_way_round(run: Run) -> None:
    """
    By the commands that the demo ends with; most of the invoice is right, and each mistake in it is a row.

    While the sync of an RMM is held, a customer without a device is not said to have none; with the feed whole, it is.
    """
    shown = run("demo", "--no-serve", "--keep", "kept").out
    agreed, command = re.findall(r"samebox (--settings .+) --out", shown.replace("\\\n", ""))

    while_held = json.loads(run(*shlex.split(agreed), "--format", "json").out)
    first_night(Path("kept/feeds"))
    synced = run("--settings", "kept/appsettings.json", "sync", "ninjaone")
    ran = run(*shlex.split(command), "--format", "json")
    by_agreement = json.loads(run(*shlex.split(agreed), "--format", "json").out)

    assert [warning.partition(":")[0] for warning in while_held["warnings"]] == ["ninjaone is held"]
    assert {row["company"] for row in while_held["rows"] if row["outcome"] == "not_counted" and row["product"]} == {
        "Old Mill Bakery"
    }
    assert synced.code == 0, synced.err
    rows = [row for row in json.loads(ran.out)["rows"] if row["product"] or row["type"] != "Printer"]
    found = {(row["company"], row["product"] or row["type"]): (row["difference"], row["money"]) for row in rows}
    assert ran.code == 0, ran.err
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    assert {row["company"]: row["outcome"] for row in rows if row["outcome"].startswith("unknown")} == {
        "Tarnfield Tooling": "unknown_customer",
        "Fenwick & Oakes LLP": "unknown_product",
    }
    assert [row["lines"] for row in rows if row["outcome"] == "not_read"] == ["21"]
    assert json.loads(ran.out)["totals"]["equal"] >= 10
    differences = {
        (row["company"], row["product"] or row["type"]): (row["difference"], row["money"])
        for row in by_agreement["rows"]
    }
    assert {name: differences.get(name) for name in BY_AGREEMENT} == BY_AGREEMENT
    assert by_agreement["totals"]["equal"] >= 10
    assert by_agreement["warnings"] == []
    assert by_agreement["notes"][0].startswith(
        "billed quantities are of the active agreements of cw_manage (7), read 20"
    )
    assert "'M365-BP' (98), 'Helpdesk' (2), 'Managed Firewall' (1)" in by_agreement["notes"][1]


def test_a_folder_that_cannot_be_made_is_named(run: Run, tmp_path: Path) -> None:
    """One line that says what to give instead, and no report of anything."""
    (tmp_path / "taken").write_text("a file")
    ran = run("demo", "--no-serve", "--keep", "taken/inside")

    assert (ran.code, ran.out) == (1, "")
    assert "samebox: the folder taken/inside cannot be made: Not a directory; name another with --keep\n" in ran.err


def test_the_demo_leaves_something_to_try_on_every_page(run: Run) -> None:
    """Reviews of many kinds, rows in quarantine for several reasons, what two stewards did, and one sync that waits."""
    ran = run("demo", "--no-serve", "--keep", "kept")
    kept = ("--settings", "kept/appsettings.json")
    reviews = json.loads(run(*kept, "reviews", "--json", "--limit", "100").out)
    quarantined = json.loads(run(*kept, "quarantine", "--json").out)
    decisions = json.loads(run(*kept, "decisions", "--all", "--json").out)
    entries = json.loads(run(*kept, "policy", "entries", "--json").out)

    assert ran.code == 0, ran.err
    assert "ninjaone: would lose 65 of 225 records" in ran.err
    assert len(reviews) >= 12
    assert len({review["reason"] for review in reviews}) >= 6
    assert len({row["reason"] for row in quarantined}) == 3
    assert {row["provider"] for row in quarantined} == {"cw_automate", "cw_rmm"}
    verdicts = {(each["verdict"], each["by"], each["revoked_by"]) for each in decisions}
    assert verdicts == {("same", "anna", None), ("different", "anna", None), ("same", "ben", "anna")}
    assert [entry["kind"] for entry in entries] == ["deny"]


def test_the_rmms_of_the_demo_are_synced_by_its_settings(run: Run) -> None:
    """What is there stays as it is; the sync that is held is held again, until a person lets it through."""
    run("demo", "--no-serve", "--keep", "kept")
    again = run("--settings", "kept/appsettings.json", "sync", "--json")
    through = run("--settings", "kept/appsettings.json", "sync", "--accept-shrink", "ninjaone", "--json")

    states = {each["provider"]: (each["status"], each["new"], each["changed"]) for each in json.loads(again.out)}
    assert states == {
        "cw_rmm": ("succeeded", 0, 0),
        "cw_automate": ("succeeded", 0, 0),
        "ninjaone": ("held", 0, 0),
    }
    assert (through.code, json.loads(through.out)[0]["gone"]) == (0, 65)


def test_a_second_demo_adds_no_decision_and_no_entry(run: Run) -> None:
    """What a person decided since stays, and so does what they took back."""
    run("demo", "--no-serve", "--keep", "kept")
    kept = ("--settings", "kept/appsettings.json")
    for decision in json.loads(run(*kept, "decisions", "--json").out):
        assert run(*kept, "decide", "revoke", decision["id"], "--why", "trying it out").code == 0
    before = [run(*kept, "decisions", "--json", "--all").out, run(*kept, "policy", "entries", "--json").out]

    again = run("demo", "--no-serve", "--keep", "kept")
    after = [run(*kept, "decisions", "--json", "--all").out, run(*kept, "policy", "entries", "--json").out]

    assert again.code == 0, again.err
    assert after == before
