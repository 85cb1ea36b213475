"""The command `demo`, without serving; `tests/end_to_end/test_demo.py` has it whole."""

import json
import re
import shlex
from pathlib import Path

import pytest

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
    """By the commands that the demo ends with; most of the invoice is right, and each mistake in it is a row."""
    shown = run("demo", "--no-serve", "--keep", "kept").out
    agreed, command = re.findall(r"samebox (--settings .+) --out", shown.replace("\\\n", ""))

    ran = run(*shlex.split(command), "--format", "json")
    by_agreement = json.loads(run(*shlex.split(agreed), "--format", "json").out)

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
