"""The speed benchmark as a command, on a fleet small enough for a test."""

import io
import json

import pytest
from rich.console import Console

from benchmarks import match
from benchmarks.match import Result, Run, show

for name in ("duckdb", "scipy"):
    pytest.importorskip(name, reason="the floor is a contender of the benchmarks, installed for them alone")


def test_every_contender_runs_in_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds, memory and the stages of each, for a program."""
    assert match.main(["--sizes", "300", "--runs", "1", "--jobs", "1", "--json"]) == 0

    floor, clusters, everything = json.loads(capsys.readouterr().out)
    assert floor["contender"] == "DuckDB, naive"
    assert floor["peak_mib"] > 1
    assert list(clusters["stages"]) == ["read", "found", "resolved", "wrote"]
    assert everything["seconds"][0] > 0


def test_a_failed_run_is_no_figure() -> None:
    """A contender that fails ends the benchmark with its own words."""
    with pytest.raises(SystemExit, match="no such file"):
        match.measure(["python3", "-c", "raise SystemExit('no such file')"])


def test_the_table_compares_with_the_floor_and_the_smaller_size() -> None:
    """Twice the floor, and a tenth slower a record than before."""
    console = Console(record=True, width=160, file=io.StringIO())
    results = [
        Result("DuckDB, naive", 100, [Run(1.0, 1.0, 10.0)]),
        Result("samebox, clusters", 100, [Run(2.0, 3.0, 20.0, {"read": 1.5})]),
        Result("DuckDB, naive", 1000, [Run(11.0, 11.0, 30.0)]),
    ]
    show(results, console)
    told = console.export_text()
    assert "2.00" in told
    assert "1.10" in told
    assert "read 1.5 s" in told
