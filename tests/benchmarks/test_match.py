"""The speed benchmark as a command, on a fleet small enough for a test."""

import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import match
from benchmarks.match import Contender, Result, Run, compare, show
from matching.model import Key
from matching.results.evaluation import Scores

for name in ("duckdb", "scipy"):
    pytest.importorskip(name, reason="the floor is a contender of the benchmarks, installed for them alone")


def test_every_contender_runs_in_a_process_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Seconds, memory, the stages and the accuracy of each, for a program."""
    assert match.main(["--sizes", "300", "--runs", "1", "--jobs", "1", "--only", "samebox", "--json"]) == 0

    floor, clusters, everything = json.loads(capsys.readouterr().out)
    assert floor["contender"] == "DuckDB, naive"
    assert floor["peak_mib"] > 1
    assert list(clusters["stages"]) == ["read", "found", "resolved", "wrote"]
    assert everything["seconds"][0] > 0
    assert floor["precision"] < 0.95 < clusters["precision"] == everything["precision"]


@pytest.mark.parametrize(("name", "ways"), [("splink", 2), ("goldenmatch", 1)])
def test_others_resolve_the_same_file(name: str, ways: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Each writes a cluster for every record, and most pairs of one device are in one."""
    pytest.importorskip(name, reason="a contender of the benchmarks, installed for them alone")
    assert match.main(["--sizes", "1000", "--runs", "1", "--only", name, "--json"]) == 0

    _, *others = json.loads(capsys.readouterr().out)
    assert len(others) == ways
    assert all(other["recall"] > 0.6 for other in others)


def test_a_contender_that_leaves_records_out_is_not_scored(tmp_path: Path) -> None:
    """Scores over the records that it has would flatter it."""
    clusters = tmp_path / "clusters.csv"
    clusters.write_text("provider,id,device_id\np,1,a\n")
    truth = {Key("p", "1"): "one", Key("p", "2"): "one"}

    with pytest.raises(SystemExit, match="half did not write the records"):
        list(compare([Contender("half", ["true"], clusters)], truth, 1, 60, set()))


def test_a_run_that_takes_too_long_is_ended_and_not_tried_on_more_records(tmp_path: Path) -> None:
    """Its rows say so; it has no figures."""
    forever = Contender("forever", [sys.executable, "-c", "while True: pass"], tmp_path / "never.csv")
    too_long = set[str]()
    truth = {Key("p", "1"): "one"}

    (ended,) = compare([forever], truth, 3, 0, too_long)
    (not_run,) = compare([Contender("forever", ["false"], tmp_path)], truth, 3, 60, too_long)

    assert list(ended.runs) == list(not_run.runs) == []
    console = Console(record=True, width=160, file=io.StringIO())
    show([ended], console)
    assert "too long" in console.export_text()


def test_a_failed_run_is_no_figure() -> None:
    """A contender that fails ends the benchmark with its own words."""
    with pytest.raises(SystemExit, match="no such file"):
        match.measure(["python3", "-c", "raise SystemExit('no such file')"])


def test_the_table_compares_with_the_floor_the_smaller_size_and_the_truth() -> None:
    """Twice the floor, a tenth slower a record than before, and how right the clusters are."""
    console = Console(record=True, width=160, file=io.StringIO())
    scores = Scores(100, 0.25, 0.75, 0.4, 0.5, 0.5, 0.625, over_merged=3, split=1)
    results = [
        Result("DuckDB, naive", 100, [Run(1.0, 1.0, 10.0)], scores, devices=40),
        Result("samebox, clusters", 100, [Run(2.0, 3.0, 20.0, {"read": 1.5})]),
        Result("DuckDB, naive", 1000, [Run(11.0, 11.0, 30.0)]),
    ]
    show(results, console)
    told = console.export_text()
    assert "2.00" in told
    assert "1.10" in told
    assert "read 1.5 s" in told
    assert "0.2500" in told
    assert "0.6250" in told
    assert "750.0" in told
