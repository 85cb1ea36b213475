"""The benchmark of reports as a command, on a fleet small enough for a test."""

import csv
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import reports
from benchmarks.report_files import BARE, bare_query, write_bare
from benchmarks.reports import ReportFigures, Writing, show
from service.reports.catalogue import REPORTS
from tests.service.reports.fleets import record, world_of

QUIET = {"conflicts", "shared-identifiers", "moves", "reviews", "quarantine"}
"""Reports that have nothing to look at where two records agree."""


def test_a_report_is_written_and_served(capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure is there for a program, each from something that was really written or answered."""
    assert reports.main("--records 300 --rounds 1 --seconds 0.2 --json --only moves new".split()) == 0

    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told] == ["moves", "new"]
    for each in told:
        assert each["lines"] > 1
        assert each["times_bare"] == each["made"][0]["seconds"] / each["bare"][0]["seconds"]
        assert each["peak"] > 10
        assert each["first_byte"] > 0
        assert each["beside"] > 0


def test_every_report_is_compared_with_something() -> None:
    """Whoever adds one states what it has to look at."""
    assert BARE.keys() == REPORTS.keys()
    with pytest.raises(SystemExit, match="the report inventory has no bare query"):
        bare_query("inventory")


@pytest.mark.parametrize("name", BARE)
def test_a_bare_query_reads_the_tables_as_they_are(tmp_path: Path, name: str) -> None:
    """A line that names the columns, then what is found."""
    world = world_of(tmp_path, record("cw_rmm", "a", serial="SN-10001"), record("cw_manage", "1", serial="SN-10001"))

    seconds: list[float] = []
    count = write_bare(str(world.store.engine.url), BARE[name], tmp_path / "bare.csv", seconds)

    lines = list(csv.reader((tmp_path / "bare.csv").read_text().splitlines()))
    assert len(lines) == count + 1
    assert count == (0 if name in QUIET else 2)
    assert len(seconds) == 1


def test_a_figure_that_misses_its_bar_is_marked() -> None:
    """At the bar is not missed; the median of the rounds' ratios counts."""
    console = Console(record=True, width=240, file=io.StringIO())
    bare, quick, slow = Writing(1, 50), Writing(4, 300), Writing(4.1, 301)
    show(
        1000,
        [
            ReportFigures("good", 10, [quick, quick, slow], [bare] * 3, 1.0, 0.1),
            ReportFigures("bad", 10, [slow, slow, quick], [bare] * 3, 1.1, 0.101),
        ],
        console,
    )

    good, bad = [line for line in console.export_text().splitlines() if " good " in line or " bad " in line]
    assert good.count("missed") == 1  # one round needed more memory
    assert bad.count("missed") == 4
    assert "4.10 missed" in bad
