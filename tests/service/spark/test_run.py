"""`samebox match --engine spark` writes the bytes that one machine writes, whatever the partitions and accidents."""

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.service.files.matching import DECISION, as_line, ndjson
from tests.service.spark.requirements import require_spark

require_spark()

import pyarrow
from pyarrow import parquet

from benchmarks.fleet import generate
from matching.policy import Policy
from service.core.errors import UnreadableFile
from service.core.settings import FeedFolder
from service.files.inputs import read_decisions
from service.files.outputs import CLUSTERS, DEVICES, REJECTED, REVIEWS, SUMMARY
from service.files.run import Matched, MatchOptions, match_files
from service.spark.run import Cluster, match_on_spark
from tests.service.ingest.feeds import pulled
from tests.service.ingest.test_fixture_feeds import ADAPTERS, FEEDS
from tests.service.spark.deadly import DeadlyValues
from tests.service.spark.sessions import QUICK

FILES = (CLUSTERS, DEVICES, REVIEWS, SUMMARY, REJECTED)


@pytest.fixture(autouse=True)
def quick_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a JVM start quickly, here and in other processes."""
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", QUICK)


@dataclass(frozen=True)
class Inputs:
    """Files that Spark reads, files of the same records for one machine, and what the latter writes."""

    names: list[str]
    options: MatchOptions
    matched: Matched
    written: dict[str, bytes]


def rows_of_the_feeds() -> list[dict[str, Any]]:
    """Return the records of the committed feeds."""
    folders = ((adapter, FeedFolder(folder=FEEDS / adapter.name)) for adapter, *_ in ADAPTERS)
    return [dict(record) for adapter, folder in folders for record in pulled(adapter(folder)).records]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """
    The committed feeds and a generated fleet, in files of three kinds.

    With lines that are repeated, older, blank, no record, too long, and with other line ends than most.
    """
    folder = tmp_path_factory.mktemp("feeds")
    fleet = [dict(row) for row in generate(seed=5, records=1200).records]
    stale = [{**row, "last_seen": "2001-01-01T00:00:00Z", "serial": "OLD"} for row in fleet[:40]]
    random.Random(7).shuffle(fleet)
    bad = ["{", "", '{"id": "5"}', "x" * 1_100_000, '{"provider":"a","id":"1","serial":12345678901234567890}']
    lines = [*rows_of_the_feeds(), *bad, *fleet[:500], '{"provider":"a","id":"2","id":"3"}', "[1]"]
    plain = folder / "one two.ndjson"
    plain.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(as_line(line).encode() for line in lines))
    packed = folder / "packed.ndjson.gz"
    packed.write_bytes(gzip.compress(ndjson(folder / "rows", [*stale, *fleet[500:900], "{broken"]).read_bytes()))
    columns = [row for row in fleet[900:] if not isinstance(row.get("serial"), list)]
    parquet.write_table(pyarrow.Table.from_pylist(columns, schema_of(columns)), folder / "rows.parquet")
    ndjson(folder / "rows.ndjson", columns)
    options = MatchOptions(Policy(), read_decisions(ndjson(folder / "decided", [DECISION])), 1, clusters_only=False)
    names = [str(plain), str(packed), str(folder / "rows.ndjson")]
    matched = match_files(names, folder / "out", options, silence)
    return Inputs([*names[:2], str(folder / "rows.parquet")], options, matched, outputs(folder / "out"))


def schema_of(rows: list[dict[str, Any]]) -> pyarrow.Schema:
    """Return the columns of rows, texts where nothing else is said."""
    kinds = {
        "macs": pyarrow.list_(pyarrow.string()),
        "ips": pyarrow.list_(pyarrow.string()),
        "active": pyarrow.bool_(),
        "links": pyarrow.list_(pyarrow.struct({"provider": pyarrow.string(), "id": pyarrow.string()})),
    }
    names = dict.fromkeys(name for row in rows for name in row)
    return pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in names])


def silence(_: str) -> None:
    """Tell nobody."""


def outputs(folder: Path) -> dict[str, bytes]:
    """Return the content of each file."""
    return {name: (folder / name).read_bytes() for name in FILES}


def test_the_bytes_are_those_of_one_machine_although_a_worker_is_killed(inputs: Inputs, tmp_path: Path) -> None:
    """Spark does its task again; every file is the same, and so is what is told."""
    policy = Policy(allow=DeadlyValues(tmp_path / "killed", os.getpid()))

    matched = match_on_spark(
        inputs.names, tmp_path / "out", replace(inputs.options, policy=policy), Cluster("local[2,4]"), silence
    )

    assert (tmp_path / "killed").exists()
    assert outputs(tmp_path / "out") == inputs.written
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    assert matched == inputs.matched


def test_another_number_of_partitions_changes_no_byte(inputs: Inputs, tmp_path: Path) -> None:
    """Nor does another order of files; rejected lines alone are in their order. The scratch folder is left empty."""
    names = inputs.names[::-1]
    cluster = Cluster("local[3,4]", scratch=(tmp_path / "between").as_uri())

    match_on_spark(names, tmp_path / "out", inputs.options, cluster, silence)

    found = outputs(tmp_path / "out")
    assert {name: found[name] for name in FILES if name != REJECTED} == {
        name: inputs.written[name] for name in FILES if name != REJECTED
    }
    assert sorted(found[REJECTED].splitlines()) == sorted(inputs.written[REJECTED].splitlines())
    assert list((tmp_path / "between").iterdir()) == []


@pytest.mark.parametrize("broken", ["absent.ndjson", "cut.gz"])
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(broken: str, tmp_path: Path) -> None:
    """Also where that comes out in the middle of it."""
    (tmp_path / "cut.gz").write_bytes(gzip.compress(random.Random(1).randbytes(5000))[:2000])
    options = MatchOptions(Policy(), (), 1, clusters_only=True)

    with pytest.raises(UnreadableFile, match=broken):
        match_on_spark([str(tmp_path / broken)], tmp_path / "out", options, Cluster("local[2]"), silence)

    assert not (tmp_path / "out").exists()


def test_an_interrupted_run_leaves_no_trace(inputs: Inputs, tmp_path: Path) -> None:
    """Ctrl-C ends it with 130, its JVM and workers too; what an earlier run wrote is whole."""
    code, _ = broken_off(inputs, tmp_path / "out", lambda run: os.killpg(run, signal.SIGINT))

    assert code == 130


def test_a_run_whose_jvm_is_killed_says_so(inputs: Inputs, tmp_path: Path) -> None:
    """In a sentence that blames no file."""

    def kill(run: int) -> None:
        [jvm, *_] = Path(f"/proc/{run}/task/{run}/children").read_text().split()
        os.kill(int(jvm), signal.SIGKILL)

    code, told = broken_off(inputs, tmp_path / "out", kill)

    assert code == 1
    assert "Spark's JVM ended before its work did" in told
    assert "cannot be" not in told


def broken_off(inputs: Inputs, out: Path, end: Callable[[int], None]) -> tuple[int, str]:
    """
    Match, end it by the id of its process once it is at work, and return its code and what it said.

    No trace is left of it: what an earlier run wrote is whole, its processes are gone, and it printed none of Python's.
    """
    out.mkdir()
    (out / CLUSTERS).write_text("as it was")
    match = [sys.executable, "-c", "from service.cli import start; start()", "match", *inputs.names, "--out", str(out)]
    command = [*match, "--engine", "spark", "--master", "local[2]"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as run:
        while run.poll() is None and not list(out.glob(".matching-*/samebox-*")):
            time.sleep(0.01)
        end(run.pid)
        _, told = run.communicate(timeout=60)

    assert b"Traceback" not in told
    assert [path.name for path in out.iterdir()] == [CLUSTERS]
    assert (out / CLUSTERS).read_text() == "as it was"
    deadline = time.monotonic() + 60
    while is_alive(run.pid):
        assert time.monotonic() < deadline, "a process of Spark is left"
        time.sleep(0.01)
    return run.returncode, told.decode()


def is_alive(group: int) -> bool:
    """Whether a process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
