"""Rows go to Spark in pieces that memory holds; tables themselves are tested by `test_run` and `test_components`."""

from tests.service.spark.requirements import require_spark

require_spark()

from service.spark.tables import MOST_BYTES, MOST_ROWS, in_pieces


def test_rows_are_handed_over_in_pieces() -> None:
    """Many small rows by number, few large ones by size; none is lost."""
    rows = [(place, b"") for place in range(MOST_ROWS + 1)]
    large = [(place, b"x" * MOST_BYTES) for place in range(3)]

    assert [len(piece) for piece in in_pieces(rows)] == [MOST_ROWS, 1]
    assert [len(piece) for piece in in_pieces(large)] == [1, 1, 1]
    assert [row for piece in in_pieces(rows) for row in piece] == rows
