"""The benchmark of scale as a command, on fleets small enough for a test."""

import json
from pathlib import Path

import pytest

from benchmarks import scale
from benchmarks.fleet.stream import stream


def test_both_sizes_stand_side_by_side_and_leave_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the growth of the time a record, and the size of each file."""
    sizes = ["--records", "900", "--beside", "300"]
    assert scale.main([*sizes, "--jobs", "1", "--only", "clusters", "--folder", str(tmp_path)]) == 0

    told = " ".join(capsys.readouterr().out.split())
    assert "growth" in told
    assert "clusters.csv" in told
    assert "devices.ndjson" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_file_holds_the_streamed_fleet_in_an_order_that_the_seed_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same seed writes the same bytes, whatever the number of files that records are dealt to meanwhile."""
    monkeypatch.setattr(scale, "BUCKET", 500)
    paths = [tmp_path / name for name in ("one", "two")]
    counts = [scale.write_shuffled(path, seed=3, records=2_000) for path in paths]

    assert paths[0].read_bytes() == paths[1].read_bytes()
    rows = [json.loads(line) for line in paths[0].read_bytes().splitlines()]
    generated = [row for part in stream(seed=3, records=2_000) for row, _ in part]
    assert counts == [len(generated)] * 2
    assert rows != generated
    assert sorted(rows, key=_key) == sorted(generated, key=_key)


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row["provider"], row["id"]
