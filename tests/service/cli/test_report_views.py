"""A report at a terminal: what it says in short, and how to get the rest."""

import re
import sys
from pathlib import Path

import pytest

from tests.service.cli.examples import Terminal
from tests.service.conftest import Run, ndjson

pytestmark = pytest.mark.usefixtures("logging_as_before")

LONG = "14f9df15-5dae-4e3c-9813-f88cc116d093"


def shown(run: Run, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """Return what a command shows at a terminal of 80 columns, without the codes for bold letters."""
    terminal = Terminal()
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    with monkeypatch.context() as there:
        there.setattr(sys, "stdout", terminal)
        run("report", *arguments)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue())


@pytest.fixture
def many(run: Run, tmp_path: Path) -> Run:
    """Return the command line over a store of 25 devices with long names and ids; six have no hostname."""
    records = [
        {
            "provider": "rmm_alpha",
            "id": f"{number:02}{LONG}",
            "serial": f"SN-1000{number:02}",
            "hostname": None if number < 6 else f"desktop-of-the-whole-accounting-department-{number:02}",
            "company": "A customer with a name that is as long as names of companies are",
        }
        for number in range(25)
    ]
    records = [{name: value for name, value in record.items() if value} for record in records]
    assert run("import", ndjson(tmp_path / "fleet.ndjson", *records)).code == 0
    return run


def test_a_terminal_is_shown_totals_the_first_rows_and_how_to_get_the_rest(
    many: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is over 80 columns, and no id is broken."""
    told = shown(many, monkeypatch, "new")

    lines = told.splitlines()
    assert lines[0] == "New devices: 25 rows"
    assert max(map(len, lines)) <= 80
    assert re.search(r"^25 +Devices that came since then\.", told, re.M)
    assert "The first 20" in told
    assert len(re.findall(f"rmm_alpha:[0-9]{{2}}{LONG}", told)) == 20
    assert "All rows with all columns: the same command with --out new.xlsx" in told


def test_a_row_without_its_first_cell_has_a_heading_all_the_same(many: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block is headed by something."""
    assert "(no hostname)" in shown(many, monkeypatch, "new")


def test_what_it_is_narrowed_to_is_told(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without rows is its totals."""
    told = shown(fleet, monkeypatch, "duplicates", "--company", "acme inc.")

    assert "Narrowed to customer acme inc." in told
    assert "Duplicates: 0 rows" in told
    assert "The first" not in told


def test_a_named_format_is_written_to_a_terminal_as_to_a_pipe(fleet: Run) -> None:
    """Through a pipe it is CSV without being named."""
    piped, named = fleet("report", "coverage"), fleet("report", "coverage", "--format", "csv")

    assert piped.out == named.out
    assert piped.out.startswith("company,")
