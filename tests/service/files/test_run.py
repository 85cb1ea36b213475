"""Files in, files out: `samebox match`."""

import csv
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from benchmarks.fleet import generate
from matching.policy import Policy
from matching.records import read_record
from matching.results.resolution import resolve_records
from service.ingest.linefiles import LineFiles
from tests.service.conftest import mode_of
from tests.service.files.matching import A17, CW, DECISION, SERVER, match, ndjson

OUTPUTS = ("clusters.csv", "devices.ndjson", "reviews.ndjson", "summary.json")


@pytest.fixture(scope="module")
def fleet() -> list[dict[str, Any]]:
    """A fleet with every pathology."""
    return [dict(row) for row in generate(seed=3, records=1500).records]


def outputs(folder: Path) -> dict[str, bytes]:
    """Return the content of each output that must not depend on order."""
    return {name: (folder / name).read_bytes() for name in OUTPUTS}


def devices(folder: Path) -> dict[str, str]:
    """Return the device of each record."""
    with (folder / "clusters.csv").open(newline="") as file:
        return {f"{row['provider']}:{row['id']}": row["device_id"] for row in csv.DictReader(file)}


@pytest.mark.usefixtures("no_umask")
def test_only_their_owner_reads_the_outputs(tmp_path: Path) -> None:
    """They hold the devices of every customer; an earlier output that others could read does not pass its mode on."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "devices.ndjson").touch(0o644)

    assert match(ndjson(tmp_path / "f.ndjson", [A17, "{broken"]), "--out", tmp_path / "out") == 0

    assert {path.name: mode_of(path) for path in (tmp_path / "out").iterdir()} == dict.fromkeys(
        (*OUTPUTS, "rejected.ndjson"), 0o600
    )


def test_the_outputs_are_what_the_engine_says(fleet: Sequence[dict[str, Any]], tmp_path: Path) -> None:
    """Devices, golden values and reviews are those of a resolution in memory, and the counts fit."""
    assert match(ndjson(tmp_path / "f.ndjson", fleet), "--out", tmp_path / "out", "--jobs", "2") == 0

    resolution = resolve_records((read_record(row)[0] for row in fleet), Policy())
    lines = [json.loads(line) for line in (tmp_path / "out" / "devices.ndjson").read_text().splitlines()]
    asked = [json.loads(line) for line in (tmp_path / "out" / "reviews.ndjson").read_text().splitlines()]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert [line["records"] for line in lines] == [[str(key) for key in each.keys] for each in resolution.devices]
    assert [line["values"] for line in lines] == [each.golden.values for each in resolution.devices]
    assert [line["sentence"] for line in asked] == [review.sentence for review in resolution.reviews]
    assert summary["devices"] == len(lines)
    assert sum(summary["reviews_by_reason"].values()) == len(asked)
    found = devices(tmp_path / "out")
    assert all(found[key] == line["device_id"] for line in lines for key in line["records"])


def test_no_order_and_no_number_of_jobs_changes_a_byte(fleet: Sequence[dict[str, Any]], tmp_path: Path) -> None:
    """Lines shuffled, files split and exchanged, one of them compressed, rows repeated, one job or two: the same."""
    stale = [{**row, "last_seen": "2001-01-01T00:00:00Z", "serial": "OLD"} for row in fleet[:40]]
    rows = [*fleet, *stale, *fleet[40:80]]
    assert match(ndjson(tmp_path / "one.ndjson", rows), "--out", tmp_path / "one", "--jobs", "1") == 0

    random.Random(7).shuffle(rows)
    left = ndjson(tmp_path / "left.ndjson", rows[: len(rows) // 3])
    right = tmp_path / "right.ndjson.gz"
    right.write_bytes(gzip.compress(ndjson(tmp_path / "right.ndjson", rows[len(rows) // 3 :]).read_bytes()))
    assert match(right, left, "--out", tmp_path / "two", "--jobs", "2") == 0

    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")


def test_blocks_hold_every_line_once(tmp_path: Path) -> None:
    """However small the blocks are, lines are whole, in order, and can be read again where they are said to be."""
    path = ndjson(tmp_path / "f", [CW, "", A17, "x" * 100, SERVER])
    with LineFiles([str(path)], tmp_path) as files:
        for size in (1, 50, 1000):
            blocks = list(files.blocks_of(size))
            lines = [line for block in blocks for _, line in files.descriptors.lines(block)]
            assert b"".join(lines) == path.read_bytes()
            assert blocks[0].start == 0
            assert [block.start for block in blocks[1:]] == [block.end for block in blocks[:-1]]


def test_lines_that_are_no_record_are_listed(tmp_path: Path) -> None:
    """Each has its file, line and reason; the others are matched."""
    one = ndjson(tmp_path / "one.ndjson", [CW, "{", "", '{"id": "5"}'])
    two = ndjson(tmp_path / "two.ndjson", ["[1]", A17, "x" * 1_100_000, SERVER])
    assert match(one, two, "--out", tmp_path / "out", "--jobs", "2") == 0

    listed = [json.loads(line) for line in (tmp_path / "out" / "rejected.ndjson").read_text().splitlines()]
    assert [(Path(line["file"]).name, line["line"]) for line in listed] == [
        ("one.ndjson", 2),
        ("one.ndjson", 4),
        ("two.ndjson", 1),
        ("two.ndjson", 3),
    ]
    assert "no provider" in listed[1]["reason"]
    assert len(devices(tmp_path / "out")) == 3


def test_a_file_of_bad_lines_alone_fails(tmp_path: Path) -> None:
    """Nothing to match is a failure, and the lines are listed all the same."""
    assert match(ndjson(tmp_path / "f", ["{", "["]), "--out", tmp_path / "out") == 1
    assert len((tmp_path / "out" / "rejected.ndjson").read_text().splitlines()) == 2


def test_keys_that_need_quotes_are_quoted(tmp_path: Path) -> None:
    """An id may hold a comma or a quotation mark."""
    rows = [{"provider": "p", "id": 'a,"b"'}]
    assert match(ndjson(tmp_path / "f", rows), "--out", tmp_path / "out") == 0
    assert list(devices(tmp_path / "out")) == ['p:a,"b"']


def test_the_device_id_follows_from_the_smallest_key(tmp_path: Path) -> None:
    """Other records in the run do not move it."""
    assert match(ndjson(tmp_path / "f", [CW, A17]), "--out", tmp_path / "few", "--only", "clusters") == 0
    assert match(ndjson(tmp_path / "g", [SERVER, CW]), "--out", tmp_path / "more", "--only", "clusters") == 0

    few, more = devices(tmp_path / "few"), devices(tmp_path / "more")
    assert few["cw_manage:4711"] == few["rmm_alpha:A-17"] == more["cw_manage:4711"] != more["rmm_alpha:A-18"]
    assert sorted(path.name for path in (tmp_path / "few").iterdir()) == ["clusters.csv", "rejected.ndjson"]


def test_policy_and_decisions_are_obeyed(tmp_path: Path) -> None:
    """A decision parts what the evidence joins; a denied serial and name no longer join."""
    rows = ndjson(tmp_path / "f", [CW, A17])
    decided = ndjson(tmp_path / "d", [{**DECISION, "by": "jo", "why": "seen both", "at": "2026-11-01T08:00:00Z"}])
    assert match(rows, "--out", tmp_path / "out", "--decisions", decided) == 0
    assert len(set(devices(tmp_path / "out").values())) == 2

    deny = {"Deny": {"serial": ["5CG1234ABC"], "mac": ["3C52.82AA.BB01"], "hostname": ["acme-lt-1"]}}
    assert match(rows, "--out", tmp_path / "out", "--policy", ndjson(tmp_path / "p", [deny])) == 0
    assert len(set(devices(tmp_path / "out").values())) == 2


@pytest.mark.parametrize("broken", ["absent", "cut.gz", "folder"])
def test_a_file_that_cannot_be_read_stops_the_run(
    broken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says which; the outputs of an earlier run stay as they were."""
    (tmp_path / "cut.gz").write_bytes(gzip.compress(random.Random(1).randbytes(5000))[:2000])
    (tmp_path / "folder").mkdir()
    good = ndjson(tmp_path / "good", [CW])
    assert match(good, "--out", tmp_path / "out") == 0
    before = outputs(tmp_path / "out")
    capsys.readouterr()

    assert match(good, tmp_path / broken, "--out", tmp_path / "out") == 1
    assert match(tmp_path / broken, "--out", tmp_path / "new") == 1
    assert broken in capsys.readouterr().err
    assert outputs(tmp_path / "out") == before
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "out").write_text("")
    assert match(ndjson(tmp_path / "f", [CW]), "--out", tmp_path / "out") == 1
    assert "cannot be written" in capsys.readouterr().err


def test_an_interrupted_run_leaves_no_trace(fleet: Sequence[dict[str, Any]], tmp_path: Path) -> None:
    """Ctrl-C ends it with 130 at once, workers and all; what an earlier run wrote is whole."""
    rows = ndjson(tmp_path / "f", [{**row, "id": f"{row['id']}-{n}"} for n in range(8) for row in fleet])
    out = tmp_path / "out"
    out.mkdir()
    (out / "clusters.csv").write_text("as it was")
    command = [sys.executable, "-c", "from service.cli import start; start()", "match", str(rows), "--out", str(out)]
    with subprocess.Popen([*command, "--jobs", "2"], stderr=subprocess.PIPE, start_new_session=True) as run:
        while run.poll() is None and not any(path.name.startswith(".matching") for path in out.iterdir()):
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGINT)
        _, told = run.communicate(timeout=20)

    assert run.returncode == 130
    assert b"Traceback" not in told
    assert [path.name for path in out.iterdir()] == ["clusters.csv"]
    assert (out / "clusters.csv").read_text() == "as it was"
