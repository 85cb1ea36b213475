"""Rows go into DuckDB and come out as they were; what does not fit is said in a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.relations.database import SqlRow
from service.columns.database import PIECE, DuckDBTables
from service.core.errors import WorkerFailed

COLUMNS = "record BIGINT, provider STRING, live BOOLEAN"

texts = st.text(st.characters(exclude_categories=["Cs"]))
"""No lone surrogates, which no record has (`matching.records`)."""

rows_of_columns = st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.none() | texts, st.none() | st.booleans()))


@given(rows_of_columns)
def test_rows_come_out_as_they_went_in(rows: list[SqlRow]) -> None:
    """Whatever stands in a text, and where nothing stands."""
    with DuckDBTables(threads=1) as tables:
        tables.load("given", COLUMNS, rows)

        assert sorted(tables.rows("SELECT * FROM given"), key=repr) == sorted(rows, key=repr)


def test_rows_of_several_pieces_all_come_in() -> None:
    """And rows that are added later."""
    with DuckDBTables(threads=2) as tables:
        tables.load("given", "record BIGINT", ((number,) for number in range(PIECE + 1)))
        tables.append("given", "record BIGINT", [(PIECE + 1,)])

        assert list(tables.rows("SELECT count(*), min(record), max(record) FROM given")) == [(PIECE + 2, 0, PIECE + 1)]


def test_a_name_that_is_given_again_is_another_table() -> None:
    """Its columns too."""
    with DuckDBTables(threads=1) as tables:
        tables.load("given", COLUMNS, [(1, "a", True)])
        tables.table("given", "SELECT given.record + 1 AS next FROM given")

        assert list(tables.rows("SELECT * FROM given")) == [(2,)]


def test_what_fits_nowhere_is_said_in_a_sentence() -> None:
    """Without a folder to spill to, the memory is all there is."""
    with pytest.raises(WorkerFailed, match="do not fit into the memory"), DuckDBTables(threads=1, memory="8MiB") as few:
        few.table("numbers", "SELECT range AS record, md5(CAST(range AS STRING)) AS text FROM range(2000000)")


def test_what_does_not_fit_into_the_memory_goes_to_the_folder(tmp_path: Path) -> None:
    """Which is empty again at the end."""
    with DuckDBTables(threads=1, memory="32MiB", spill=tmp_path) as tables:
        tables.table("numbers", "SELECT range AS record, md5(CAST(range AS STRING)) AS text FROM range(2000000)")

        assert list(tables.rows("SELECT count(DISTINCT text) FROM numbers")) == [(2_000_000,)]
        assert list(tmp_path.iterdir())
