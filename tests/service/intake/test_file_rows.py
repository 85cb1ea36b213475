"""Lines of files come as rows to store, with where the bad ones are."""

from pathlib import Path

import pytest

from matching.model import Key
from matching.policy import Policy
from service.core.progress import silent
from service.core.workers import NO_WORKERS, WorkerPool
from service.ingest.linefiles import LineFiles
from service.intake.file_rows import Entering
from service.intake.importing import row_of
from service.store.ingested.quarantine import Unread
from service.store.ingested.records import Entry
from tests.service.sandbox import record


def feed(path: Path, *lines: bytes) -> str:
    """Write lines into a file."""
    path.write_bytes(b"\n".join(lines))
    return str(path)


@pytest.mark.parametrize("are_new", [True, False])
def test_lines_come_as_rows_with_the_bad_ones_among_them(tmp_path: Path, *, are_new: bool) -> None:
    """Lines are counted from the beginning of the file, and told as they are read."""
    good = b'{"provider":"a","id":"1","serial":"SN-10001"}'
    told: list[tuple[str, int]] = []
    file = feed(tmp_path / "fleet.ndjson", good, b"no JSON", b"", good.replace(b'"1"', b'"2"'))

    with LineFiles([file], tmp_path) as files, WorkerPool(2) as pool:
        entering = Entering(files, pool, lambda *said: told.append(said), policy=Policy(), are_new=are_new)
        rows = list(entering)

    assert [row.key for row in rows if isinstance(row, Entry)] == [Key("a", "1"), Key("a", "2")]
    assert {row.terms is not None for row in rows if isinstance(row, Entry)} == {are_new}
    assert [row.record_id for row in rows if isinstance(row, Unread)] == [f"{file}:2"]
    assert [(bad.file, bad.line) for bad in entering.rejected] == [(file, 2)]
    assert told == [(file, 4)]
    assert [(count.provider, count.records, count.serial) for count in entering.evidence] == [("a", 2, 2)]


def test_lines_are_counted_anew_in_each_file(tmp_path: Path) -> None:
    """A bad line is found again by its file and its number in it."""
    names = [feed(tmp_path / "one", b"", b"no JSON"), feed(tmp_path / "two", b'{"provider":"a"}')]
    with LineFiles(names, tmp_path) as files:
        entering = Entering(files, NO_WORKERS, silent, policy=Policy(), are_new=False)
        unread = [row.record_id for row in entering if isinstance(row, Unread)]

    assert unread == [f"{names[0]}:2", f"{names[1]}:1"]
    assert [(bad.file, bad.line) for bad in entering.rejected] == [(names[0], 2), (names[1], 1)]


def test_a_line_becomes_the_row_that_its_record_becomes(tmp_path: Path) -> None:
    """Whether it comes from a file or not, what is stored of a record is the same."""
    name = feed(tmp_path / "one", b'{"provider":"a","id":"1","serial":"SN-10001"}')
    with LineFiles([name], tmp_path) as files:
        rows = list(Entering(files, NO_WORKERS, silent, policy=Policy(), are_new=True))

    assert rows == [row_of(record("a:1", serial="SN-10001"), is_new=True)]


def test_what_the_records_say_is_counted_over_all_blocks_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each block is counted where it is read; rows that cannot be used are in no count."""
    monkeypatch.setattr("service.intake.file_rows.BLOCK", 64)
    lines = [f'{{"provider":"{provider}","id":"{n}","company":"Acme"}}'.encode() for n in range(9) for provider in "ab"]
    names = [feed(tmp_path / "one", *lines, b"no JSON"), feed(tmp_path / "two", b'{"provider":"a","id":"x"}')]
    with LineFiles(names, tmp_path) as files:
        entering = Entering(files, NO_WORKERS, silent, policy=Policy(), are_new=False)
        assert len(list(entering)) == 20

    assert [(count.provider, count.records, count.company) for count in entering.evidence] == [
        ("a", 10, 9),
        ("b", 9, 9),
    ]
