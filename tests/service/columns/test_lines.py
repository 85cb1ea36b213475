"""Fields of ordinary lines, and where the others are: no line is lost, and none is in the wrong place."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.columns.database import DuckDBTables
from service.columns.lines import OFFSET_BITS, place_of, position_of, read_lines
from service.columns.reading import create_types
from service.core.progress import silent
from service.ingest.linefiles import LineFiles, Place

GOOD = b'{"provider":"alpha","id":"1","serial":["5cg1","5CG1"],"macs":["3C-52-82-AA-BB-01","n/a"],"hostname":"PC1"}'
BAD = b'{"provider":"alpha","id":"1","id":"1"}'


@contextmanager
def read(folder: Path, *contents: bytes) -> Iterator[DuckDBTables]:
    """Read the lines of files of these contents."""
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(content)
    names = [str(folder / str(number)) for number in range(len(contents))]
    with LineFiles(names, folder) as files, DuckDBTables(2) as tables:
        create_types(tables)
        read_lines(tables, files, silent)
        yield tables


def test_what_an_ordinary_line_says_is_in_columns(tmp_path: Path) -> None:
    """Values canonical where their spelling is plain, each once; as written behind a blank where it is not."""
    with read(tmp_path, GOOD) as tables:
        assert list(tables.rows("SELECT provider, id, hostname, name, active, length FROM fields")) == [
            ("alpha", "1", "pc1", None, None, len(GOOD))
        ]
        assert sorted(tables.rows("SELECT kind, text FROM texts")) == [
            *(("mac", " n/a"), ("mac", "3c5282aabb01"), ("serial", "5CG1"))
        ]
        assert not list(tables.rows("FROM others"))


@pytest.mark.parametrize("invalid", [b"", b"\xff"])
def test_every_other_line_is_known_by_its_place_and_number(tmp_path: Path, invalid: bytes) -> None:
    """Whatever bytes come before it, in any file; a blank line is one too."""
    with read(tmp_path, GOOD, b"\xc3\xbc" + invalid + b"\x00\r\n\n" + GOOD + b"\n" + BAD) as tables:
        others = list(tables.rows("SELECT position, length, number FROM others ORDER BY position"))
        places = [(place_of(position, length), number) for position, length, number in others]
        first = 4 + len(invalid)

        assert places == [
            (Place(1, 0, first), 1),
            (Place(1, first + 1, 0), 2),
            (Place(1, first + 3 + len(GOOD), len(BAD)), 4),
        ]
        assert list(tables.rows("SELECT position FROM fields ORDER BY position")) == [
            *((position_of(0, 0),), (position_of(1, first + 2),))
        ]


@pytest.mark.parametrize(
    "more",
    [
        {"macs": [f"3C5282AABB{n:02X}" for n in range(17)]},
        {"serial": [f"5CG{n:05}" for n in range(300)]},
        {"links": [{"provider": "beta", "id": str(n)} for n in range(257)]},
        {"links": [{"provider": "beta", "id": "x" * 201}]},
        {"id": "x" * 201},
        {"provider": "x" * 101},
        {"x": "y" * 65_536},
    ],
    ids=str,
)
def test_a_line_beyond_a_bound_is_not_ordinary(tmp_path: Path, more: dict[str, object]) -> None:
    """Of so many values not all count, and so long a key or field is refused."""
    with read(tmp_path, json.dumps({"provider": "alpha", "id": "1"} | more).encode()) as tables:
        assert list(tables.rows("SELECT number FROM others")) == [(1,)]
        assert not list(
            tables.rows("SELECT 1 FROM fields UNION ALL SELECT 1 FROM texts UNION ALL SELECT 1 FROM linked")
        )


def test_lines_of_many_blocks_are_all_read_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, however long the lines are; progress says how many lines were read so far."""
    monkeypatch.setattr("service.columns.lines.BLOCK", 200)
    (tmp_path / "file").write_bytes(b"\n".join([GOOD, BAD, b"x" * 1000, b""] * 25))
    counts: list[int] = []
    with LineFiles([str(tmp_path / "file")], tmp_path) as files, DuckDBTables(2) as tables:
        create_types(tables)
        read_lines(tables, files, lambda _, done, __=None: counts.append(done))

        assert counts[-1] == 99
        assert counts == sorted(counts)
        assert list(tables.rows("SELECT count(*) FROM fields")) == [(25,)]
        numbers = [number for (number,) in tables.rows("SELECT number FROM others ORDER BY position")]
        assert numbers == [number for number in range(1, 100) if number % 4 != 1]


def test_a_position_says_file_and_place() -> None:
    """Lines are in order of file, and then of their place in it."""
    assert place_of(position_of(3, 17), 5) == Place(3, 17, 5)
    assert position_of(0, (1 << OFFSET_BITS) - 1) < position_of(1, 0)
