"""Records are numbered in order of key, wherever their lines are."""

from pathlib import Path

from matching.policy import Policy
from service.columns.database import DuckDBTables
from service.columns.reading import read_records
from service.core.workers import NO_WORKERS
from service.ingest.linefiles import LineFiles
from tests.service.columns.reading_twice import lines_of

KEYS = [
    ("b", "1"),
    ("a", "b"),
    ("a", "B"),
    ("a", "10"),
    ("a", "9"),
    ("a", "é"),
    ("a", "\U0001f600"),
    ("a", "\ufb01"),
    ("A", "z"),
]


def test_records_are_in_order_of_code_points(tmp_path: Path) -> None:
    """First of the provider, then of the id; a key that is not ASCII, which no ordinary line has, among the others."""
    rows = [{"provider": provider, "id": name} for provider, name in KEYS]
    (tmp_path / "file").write_bytes(lines_of(rows))
    with LineFiles([str(tmp_path / "file")], tmp_path) as files, DuckDBTables(1) as tables:
        read = read_records(tables, files, Policy(), NO_WORKERS)
        numbered = list(tables.rows("SELECT record, provider, id FROM records ORDER BY record"))
        places = list(tables.rows("SELECT record, file, start, length FROM places ORDER BY record"))
        names = {name for (name,) in tables.rows("SELECT table_name FROM duckdb_tables()")}

    assert read.records == len(KEYS)
    assert [(provider, name) for _, provider, name in numbered] == sorted(KEYS)
    assert [record for record, *_ in numbered] == list(range(len(KEYS)))
    lines = [lines_of([{"provider": provider, "id": name}]) for provider, name in sorted(KEYS)]
    whole = (tmp_path / "file").read_bytes()
    assert [whole[start : start + length] + b"\n" for _, _, start, length in places] == lines
    assert names == {"records", "held", "links", "places"}
