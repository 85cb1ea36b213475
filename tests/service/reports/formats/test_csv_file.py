"""CSV: what a reader of RFC 4180 and a spreadsheet must be able to rely on."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from service.reports.formats.csv_file import csv_chunks
from tests.service.reports.formats.lines import NOON, Line, made_of

HEADER = ["name", "count", "share", "price", "at", "is_active", "page"]


def written(*lines: Line) -> bytes:
    """Return lines as a file."""
    return b"".join(csv_chunks(made_of(lines)))


def read_back(data: bytes) -> list[list[str]]:
    """Return what a reader of RFC 4180 makes of a file."""
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_a_csv_file_reads_back_as_it_was(names: list[str]) -> None:
    """Whatever machines are called, commas, quotes and line ends included, the cells are theirs."""
    rows = read_back(written(*(Line(name) for name in names)))

    assert rows[0] == HEADER
    assert [row[0].replace("'", "") for row in rows[1:]] == [name.replace("'", "") for name in names]


def test_numbers_times_and_absent_values() -> None:
    """Our own numbers stay numbers, also negative ones; times have a zone; lines end with CR LF."""
    line = Line(None, -1, 0.5, 12.25, NOON, is_active=False, page="https://psa.example/1")

    assert written(line).split(b"\r\n")[1:] == [b",-1,0.5,12.25,2026-11-23T12:00:00Z,false,https://psa.example/1", b""]


def test_the_names_of_the_columns_come_before_the_first_row_is_read() -> None:
    """Whoever waits sees at once that something comes."""

    def slow() -> object:
        raise AssertionError("a row was read")
        yield

    assert next(csv_chunks(made_of(slow()))).split(b"\r\n")[0].decode().split(",") == HEADER  # type: ignore[arg-type]
