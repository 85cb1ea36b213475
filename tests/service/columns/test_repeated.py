"""Of several lines with one key one stands, and all others are repeated."""

from pathlib import Path

import pytest

from matching.relations.tables import TABLES
from service.columns.lines import position_of
from service.columns.repeated import find_repeated
from service.ingest.linefiles import LineFiles
from tests.service.columns.reading_twice import lines_of
from tests.service.columns.test_lines import read

TIMES = ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 2, 1)])
def test_the_latest_record_of_a_key_stands(tmp_path: Path, order: tuple[int, ...]) -> None:
    """In whatever order the lines are; of equal lines the first. Other keys are not touched."""
    rows = [{"provider": "alpha", "id": "1", "last_seen": TIMES[place]} for place in order]
    lines = [lines_of([row]) for row in [{"provider": "alpha", "id": "2"}, *rows, {"provider": "beta", "id": "1"}]]
    with read(tmp_path, b"".join(lines)) as tables, LineFiles([str(tmp_path / "0")], tmp_path) as files:
        tables.load("other_records", TABLES["records"], ())
        find_repeated(tables, files.descriptors, None)

        starts = [position_of(0, sum(map(len, lines[: n + 1]))) for n in range(3)]
        standing = starts[order.index(2)]
        assert sorted(tables.rows("FROM repeated")) == [(start,) for start in starts if start != standing]
        assert list(tables.rows("SELECT count(*) FROM keys")) == [(5,)]
