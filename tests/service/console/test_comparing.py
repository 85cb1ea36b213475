"""Records side by side: what counts as a difference."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.console.comparing import FieldAgreement, compared
from service.devices.lookup import RecordView

AT = datetime(2026, 11, 20, tzinfo=UTC)


def views(*payloads: dict[str, Any]) -> list[RecordView]:
    """Return records with these fields."""
    return [
        RecordView(
            provider="p",
            id=str(number),
            payload={"provider": "p", "id": str(number), **payload},
            seen_at=None,
            first_seen_at=AT,
            returned_at=AT,
            suppressed=[],
        )
        for number, payload in enumerate(payloads)
    ]


@pytest.mark.parametrize(
    ("field", "left", "right", "agreement"),
    [
        ("serial", "5cg 1234 abc", "5CG1234ABC", FieldAgreement.EQUAL),
        ("serial", "5CG1234ABC", "5CG1234ABD", FieldAgreement.DIFFERENT),
        (
            "macs",
            ["3C-52-82-AA-BB-01", "3c5282aabb02"],
            ["3c:52:82:aa:bb:02", "3c:52:82:aa:bb:01"],
            FieldAgreement.EQUAL,
        ),
        ("macs", ["3C-52-82-AA-BB-01"], ["3C-52-82-AA-BB-01", "3C-52-82-AA-BB-02"], FieldAgreement.DIFFERENT),
        ("hostname", "NB-1.acme.example", "nb-1", FieldAgreement.EQUAL),
        ("company", "Acme Inc.", "ACME INC. ", FieldAgreement.EQUAL),
        ("active", True, False, FieldAgreement.DIFFERENT),
        ("last_seen", "2026-11-20T08:00:00Z", "2026-11-19T08:00:00Z", FieldAgreement.EQUAL),
        ("status", "Active", None, FieldAgreement.ALONE),
        ("status", "Active", "", FieldAgreement.ALONE),
        ("bios_guid", "no guid", "NO GUID", FieldAgreement.EQUAL),
        ("warranty", {"end": 1}, {"end": 2}, FieldAgreement.DIFFERENT),
    ],
)
def test_values_are_compared_by_what_they_say(field: str, left: Any, right: Any, agreement: FieldAgreement) -> None:
    """However they are written; that two programs saw a box at two times is no difference."""
    [found] = compared(views({field: left}, {field: right} if right is not None else {}))

    assert found.agreement is agreement


def test_fields_stand_in_the_order_in_which_people_look_for_them() -> None:
    """Names first; a field that nobody knows comes last, and the heading's own are left out."""
    found = compared(views({"zone": "a", "serial": "S1", "name": "n", "links": [{"provider": "q", "id": "7"}]}, {}))

    assert [each.label for each in found] == ["Name", "Serial", "Links", "zone"]
    assert [each.values for each in found][2] == [["q:7"], None]
