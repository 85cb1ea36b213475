"""Records that are read by columns are those that are read line by line, to the last row."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.policy import Policy
from service.core.workers import WorkerPool
from service.ingest.linefiles import LineFiles
from service.ingest.ndjson import MAX_LINE
from tests.matching.test_cases import CASES
from tests.service.columns.reading_twice import (
    assert_read_alike,
    by_columns,
    by_line,
    contents,
    lines_of,
    sound_contents,
)

A17 = {"provider": "alpha", "id": "A-17", "company": "Acme Inc.", "serial": "5CG1234ABC", "macs": ["3C-52-82-AA-BB-01"]}

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@calm
@given(st.lists(contents, min_size=1, max_size=2))
def test_any_lines_give_the_rows_of_their_records(files: list[bytes]) -> None:
    """Records, values, links, places, rejected lines and repeated keys, whatever the lines are."""
    assert_read_alike(files)


POLICIES = st.builds(
    Policy,
    allow=st.sampled_from(
        ({}, {"serial": frozenset({"DEFAULTSTRING", "5CG1234ABC", "X1"}), "hostname": frozenset({"localhost"})})
    ),
    deny=st.sampled_from(
        ({}, {"mac": frozenset({"3c5282000001"}), "bios_guid": frozenset({"7B1D6C2E0A114D4F9E551C2B3A4D5E6F"})})
    ),
    catch_all_companies=st.sampled_from((frozenset({"acme inc."}), Policy().catch_all_companies)),
    retired_statuses=st.sampled_from((frozenset({"active"}), Policy().retired_statuses)),
    non_device_types=st.sampled_from((frozenset({"workstation"}), Policy().non_device_types)),
)


@calm
@given(sound_contents, POLICIES)
def test_sound_lines_give_the_rows_of_their_records(content: bytes, policy: Policy) -> None:
    """Whatever the policy says of values, companies, statuses and types."""
    assert_read_alike([content], policy)


def test_the_labelled_cases_give_the_rows_of_their_records() -> None:
    """Each record once under a key of its own, and all under the keys that they share."""
    shared = [dict(record) for case in CASES for record in case.records]
    own = [{**record, "id": f"{number}-{record['id']}"} for number, record in enumerate(shared)]

    found = assert_read_alike([lines_of(own), lines_of(shared)])

    assert found.repeated > 0
    assert len(found.records) > len(shared)


@pytest.mark.parametrize("as_of", [None, datetime(2026, 6, 1, tzinfo=UTC)])
def test_of_lines_with_one_key_the_later_record_stands(as_of: datetime | None) -> None:
    """Whichever line is ordinary, in whichever file it is, and whether it says the same."""
    times = ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "2027-01-01T00:00:00Z", "never")
    rows: list[Any] = [{**A17, "last_seen": time, "serial": f"5CG123{n}ABC"} for n, time in enumerate(times)]
    rows += [{**row, "x": {}} for row in rows]

    found = assert_read_alike([lines_of([*rows, A17, rows[0]]), lines_of(reversed(rows))], as_of=as_of)

    assert (len(found.records), found.repeated) == (1, 17)
    assert [value for _, _, _, kind, value, *_ in found.held if kind == "serial"] == [
        "5CG1231ABC" if as_of else "5CG1232ABC"
    ]


def test_lines_of_any_length_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks end anywhere, and of a line that is too long the beginning alone is read."""
    monkeypatch.setattr("service.columns.lines.BLOCK", 1000)
    room = MAX_LINE - len(json.dumps({**A17, "x": ""}))
    rows = [{**A17, "id": str(number)} for number in range(50)]
    long = [json.dumps({**A17, "x": "y" * (room + more)}).encode() for more in (0, 1)]

    found = assert_read_alike(
        [lines_of([*rows[:20], long[0], b"", *rows[20:], long[1], b" " * 2 * MAX_LINE, A17, long[1] * 2])]
    )

    assert len(found.records) == 51
    assert [(bad.line, bad.reason) for bad in found.rejected] == [
        (21, "/x: a field of more than 65,536 bytes"),
        (53, "longer than 1,048,576 bytes"),
        (56, "longer than 1,048,576 bytes"),
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_of_any_kind_are_read_with_any_number_of_processes(tmp_path: Path, jobs: int) -> None:
    """Compressed or not, with a byte order mark, without a last line end, and empty."""
    rows: list[Any] = [
        {**A17, "id": str(number), "model": "5CG1234ABC" if number % 3 else "x"} for number in range(3000)
    ]
    (tmp_path / "plain").write_bytes(b"\xef\xbb\xbf" + lines_of([*rows[:1500], b"{", b""]))
    (tmp_path / "packed").write_bytes(gzip.compress(lines_of(rows[1400:]).removesuffix(b"\n")))
    (tmp_path / "empty").write_bytes(b"")
    names = [str(tmp_path / name) for name in ("plain", "empty", "packed")]
    with LineFiles(names, tmp_path) as files, WorkerPool(jobs) as pool:
        found = by_columns(files, Policy(), pool=pool, threads=jobs)
        expected = by_line(files, Policy())

    assert found == expected
    assert (len(found.records), found.repeated, len(found.rejected)) == (3000, 100, 1)
