"""Of several lines with one key, the later record stands."""

from collections.abc import Mapping
from itertools import permutations

from tests.service.files.matching import A17, CW, as_line
from tests.service.spark.requirements import require_spark

require_spark()

from matching.evidence.counting import EvidenceCount
from matching.evidence.identity import identify
from matching.policy import Policy
from service.core.packing import packed
from service.ingest.ndjson import record_in
from service.spark.standing import KeyedLine, Latest, evidence_rows


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


def test_kinds_of_evidence_are_counted_by_provider() -> None:
    """A row for each provider of the partition."""
    rows = ((keyed(row)[3],) for row in (CW, A17))

    assert list(evidence_rows(rows)) == [
        EvidenceCount("cw_manage", 1, 0, 1, 0, 1, 1, 1),
        EvidenceCount("rmm_alpha", 1, 0, 1, 0, 1, 1, 1),
    ]
