"""How many records of each provider say each kind of evidence."""

from typing import Any, cast

import pytest

from matching.evidence.counting import EvidenceCount, added, count_evidence
from matching.evidence.identity import identify
from matching.model import Record
from matching.policy import Policy


def counted(*records: dict[str, Any]) -> list[EvidenceCount]:
    """Count these; those without a provider are of `a`."""
    rows = [cast("Record", {"provider": "a", "id": str(number), **row}) for number, row in enumerate(records)]
    return count_evidence(identify(row, Policy()) for row in rows)


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("bios_guid", "9B2F7A10-6C3D-4E51-A8B7-2D94C1E07F36", "bios_guid"),
        ("serial", "5CG1234ABC", "serial"),
        ("links", [{"provider": "b", "id": "1"}], "link"),
        ("macs", ["3C:52:82:AA:BB:01"], "mac"),
        ("macs", ["02:52:82:AA:BB:01"], "mac"),
        ("hostname", "acme-lt-1", "hostname"),
        ("name", "ACME-LT-1", "hostname"),
        ("company", "Acme Inc.", "company"),
        ("company_id", "12", "company"),
    ],
)
def test_a_usable_value_counts_for_its_kind_alone(field: str, value: Any, kind: str) -> None:
    """However many values the record has of it."""
    [count] = counted({field: value}, {})

    assert count._asdict() == {**dict.fromkeys(EvidenceCount._fields, 0), "provider": "a", "records": 2, kind: 1}


def test_what_is_no_evidence_is_not_counted() -> None:
    """A placeholder, a malformed value and a catch-all say nothing."""
    [count] = counted({"serial": "To be filled by O.E.M.", "macs": ["no"], "company": "Unassigned", "hostname": "a b"})

    assert (count.records, count.identifiers, count.company) == (1, 0, 0)


def test_each_provider_is_counted_for_itself_in_order_of_name() -> None:
    """In whatever order the records come."""
    rows = [{"provider": provider, "serial": f"5CG1234{provider.upper()}BC"} for provider in "bab"]

    assert [(each.provider, each.records, each.serial) for each in counted(*rows, {})] == [("a", 2, 1), ("b", 2, 2)]


def test_counts_of_parts_are_added() -> None:
    """What several processes counted is what one would have counted."""
    rows: list[dict[str, Any]] = [
        {"serial": "5CG1234ABC"},
        {"provider": "b", "company": "Acme"},
        {},
        {"serial": "5CG1234ABD", "macs": ["3C:52:82:AA:BB:01"]},
    ]

    assert added([*counted(*rows[:2]), *counted(*rows[2:])]) == counted(*rows)
    assert added([]) == counted() == []
