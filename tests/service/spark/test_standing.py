"""Of several lines with one key, the later record stands."""

from collections.abc import Mapping
from itertools import permutations

from tests.service.files.matching import A17, CW, as_line
from tests.service.spark.requirements import require_spark

require_spark()

from matching.evidence.identity import identify
from matching.policy import Policy
from service.core.packing import packed
from service.ingest.ndjson import record_in
from service.spark.standing import KeyedLine, Latest


def keyed(row: Mapping[str, object]) -> KeyedLine:
    """Return a record as the table of what was read has it."""
    line = as_line(row).encode()
    record = record_in(line)
    return record["provider"], record["id"], line, packed(identify(record, Policy()))


def test_the_later_record_stands_in_any_order() -> None:
    """One line a key, and its identity with it."""
    rows = [
        keyed({**A17, "serial": f"OLD-{year}", "last_seen": f"{year}-01-01T00:00:00Z"}) for year in (2001, 2003, 2002)
    ]

    for order in permutations(rows):
        assert list(Latest(None).rows(iter([keyed(CW), *order]))) == [keyed(CW), rows[1]]
