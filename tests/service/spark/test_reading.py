"""Lines become records, rejected lines and the counts of their blocks."""

from tests.service.files.matching import A17, CW, as_line
from tests.service.spark.requirements import require_spark

require_spark()

from matching.evidence.identity import identify
from matching.model import Key
from matching.policy import Policy
from service.core.packing import unpacked
from service.ingest.ndjson import record_in
from service.spark.reading import BlockLine, LineReader


def block(start: int, *lines: object, first: int | None = None) -> list[BlockLine]:
    """Return the lines of a block of one file, whose numbers are given from the first on, or are not."""
    numbers = [None if first is None else first + place for place in range(len(lines))]
    return [(0, "f", start, number, as_line(line).encode()) for number, line in zip(numbers, lines, strict=True)]


def test_records_carry_their_line_and_what_it_says() -> None:
    """Whoever has the row needs no file any more."""
    [row, _] = LineReader(Policy()).rows(block(0, A17))

    assert row[:6] == (0, "f", 0, 1, "rmm_alpha", "A-17")
    assert record_in(row[6]) == A17
    assert unpacked(row[7]) == identify(record_in(row[6]), Policy())
    assert unpacked(row[7]).key == Key("rmm_alpha", "A-17")


def test_lines_are_counted_in_their_block_and_blocks_tell_how_many_they_have() -> None:
    """Blank lines are counted as well, so that the line in the file is the sum."""
    rows = list(LineReader(Policy()).rows([*block(0, "", "{", CW), *block(70, A17, "[1]")]))

    assert [(row[2], row[3], row[8]) for row in rows if row[8]] == [
        (0, 2, "not JSON: Expecting property name enclosed in double quotes (column 2)"),
        (70, 2, "not a JSON object"),
    ]
    assert [(row[2], row[3]) for row in rows if not row[4] and not row[8]] == [(0, 3), (70, 2)]


def test_rows_that_have_numbers_keep_them() -> None:
    """Those of Parquet, wherever in the file the partition begins."""
    [rejected, _] = LineReader(Policy()).rows(block(0, "{}", first=41))

    assert rejected[3] == 41
