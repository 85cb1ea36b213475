"""The store's benchmark as a command, on a fleet small enough for a test."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import store
from benchmarks.match import Run
from benchmarks.one_by_one import Changes, Lookups, sample
from benchmarks.store import Imports, show

KINDS = {"bios_guid", "serial", "mac", "hostname", "record", "name", "cw_manage_device_id"}
"""What any fleet has; a small one may be without tags."""


def test_a_fleet_is_imported_changed_and_looked_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure of the store is there for a program, each from something that was really done."""
    for name in ("duckdb", "scipy"):
        pytest.importorskip(name, reason="the floor is a contender of the benchmarks, installed for them alone")
    assert store.main("--sizes 300 --runs 1 --changes 5 --only sqlite --json".split()) == 0

    told = json.loads(capsys.readouterr().out)
    [imported], [changed] = told["imports"], told["changes"]
    assert imported["records"] == changed["records"] >= 300
    assert imported["bytes_a_record"] > 100
    assert imported["before_seconds"] == []
    assert min(*imported["floor_seconds"], *imported["seconds"], *imported["again_seconds"]) > 0
    assert changed["changes"] == 5
    assert 0 < changed["p50_seconds"] <= changed["p99_seconds"]
    assert {each["kind"] for each in told["lookups"]} >= KINDS
    assert all(0 <= each["share_that_would_find_more"] < 1 for each in told["lookups"])


def test_a_figure_over_its_bar_is_marked() -> None:
    """Above the bar is over, at the bar is not; growth is against the smallest size of the same database."""
    console = Console(record=True, width=200, file=io.StringIO())
    imports = [
        Imports("sqlite", 100, [Run(1, 1, 1)], [Run(20, 1, 1)], [Run(26, 1, 3072)], [Run(2, 1, 1)], 5000),
        Imports("postgresql", 100, [Run(1, 1, 1)], [Run(20, 1, 1)], [Run(23, 1, 3072)], [Run(2, 1, 1)], 5000),
        Imports("postgresql", 1000, [Run(1, 1, 1)], [], [Run(25, 1, 3072)], [Run(2, 1, 1)], 5000),
    ]
    changes = [
        Changes("sqlite", 100, [0.015] * 5, [0.0001] * 5),
        Changes("sqlite", 1000, [0.03] * 5, [0.0001] * 5),
        Changes("postgresql", 1000, [0.03] * 5, [0.001] * 5),
        Changes("postgresql", 1000, [0.031] * 5, [0.001] * 5),
    ]
    show(imports, changes, [Lookups("sqlite", 100, "mac", [0.001], 0.2)], console)
    told = console.export_text()
    assert "26.00 over" in told
    assert "3,072 over" not in told
    assert "1.30 over" in told
    assert "1.15 over" not in told
    assert "150.00 over" not in told
    assert "300.00 over" in told
    assert "30.00 over" not in told
    assert "31.00 over" in told
    assert "2.00 over" in told
    assert told.count("over") == 5


def test_the_same_seed_draws_the_same_records(tmp_path: Path) -> None:
    """Stores of one size are asked for the same; no more are read than the changes need."""
    file = tmp_path / "fleet.ndjson"
    file.write_text("".join(f'{{"id": "{number}"}}\n' for number in range(100)))

    assert sample(file, 100, 2, seed=7) == sample(file, 100, 2, seed=7)
    assert len(sample(file, 100, 2, seed=7)) == 40
    assert len(sample(file, 100, 50, seed=7)) == 100
