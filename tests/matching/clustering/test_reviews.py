"""A question is asked where a person may know more than the rule, with the evidence for and against."""

from typing import Any

import pytest
from hypothesis import given

from matching.clustering.reviews import CHANCE, claims, is_one_error
from matching.model import ClaimOutcome, Kind, Record, ReviewReason
from matching.policy import Policy
from matching.results.resolution import resolve_records
from tests.matching.fleets import fleets, policies
from tests.matching.stories import group, questions_of, resolve_rows

MAC, OTHER = "3C:52:82:00:00:01", "3C:52:82:00:00:02"
GUIDS = "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5", "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"

QUESTIONS: dict[ReviewReason, list[dict[str, Any]]] = {
    ReviewReason.AMBIGUOUS: [
        {"provider": "a", "id": "1", "serial": "5CG1111AAA", "macs": [MAC]},
        {"provider": "b", "id": "1", "serial": "PF0EXMPL", "macs": [MAC]},
        {"provider": "c", "id": "1", "macs": [MAC]},
    ],
    ReviewReason.MAINBOARD_REPLACED: [
        {"provider": "a", "id": "1", "serial": "5CG1111AAA", "bios_guid": GUIDS[0]},
        {"provider": "b", "id": "1", "serial": "5CG1111AAA", "bios_guid": GUIDS[1]},
    ],
    ReviewReason.CLONE: [
        {"provider": "a", "id": "1", "bios_guid": GUIDS[0], "hostname": "pc1", "macs": [MAC]},
        {"provider": "a", "id": "2", "bios_guid": GUIDS[0], "hostname": "pc2", "macs": [OTHER]},
    ],
    ReviewReason.SERIAL_ACROSS_COMPANIES: [
        {"provider": "a", "id": "1", "company": "Acme", "serial": "5CG1111AAA"},
        {"provider": "a", "id": "2", "company": "Bolt", "serial": "5CG1111AAA"},
    ],
    ReviewReason.UNTRUSTED_ACROSS_CUSTOMERS: [
        {"provider": "a", "id": "1", "company": "Acme", "bios_guid": GUIDS[0]},
        {"provider": "a", "id": "2", "company": "Bolt", "bios_guid": GUIDS[0]},
    ],
    ReviewReason.MAC_ACROSS_HOSTNAMES: [
        {"provider": "a", "id": "1", "hostname": "pc1", "macs": [MAC]},
        {"provider": "b", "id": "1", "hostname": "pc2", "macs": [MAC]},
    ],
    ReviewReason.LINK_DISPUTED: [
        {"provider": "a", "id": "1", "serial": "5CG1111AAA", "links": [{"provider": "b", "id": "1"}]},
        {"provider": "b", "id": "1", "serial": "PF0EXMPL"},
    ],
    ReviewReason.NAME_REUSED: [
        {"provider": "a", "id": "1", "company": "Acme", "hostname": "pc1"},
        {"provider": "b", "id": "1", "company": "Acme", "hostname": "pc1", "active": False},
    ],
    ReviewReason.SERIAL_MISTYPED: [
        {"provider": "cw_manage", "id": "1", "company": "Acme", "hostname": "pc1", "serial": "5CG1111AAA"},
        {"provider": "b", "id": "1", "company": "Acme", "hostname": "pc1", "serial": "5CG1111AAB"},
    ],
}


@pytest.mark.parametrize("reason", ReviewReason)
def test_each_reason_has_records_that_ask_it(reason: ReviewReason) -> None:
    """The smallest fleet that opens the review opens no other."""
    trusted = () if reason is ReviewReason.UNTRUSTED_ACROSS_CUSTOMERS else "abc"

    found = questions_of(QUESTIONS[reason], Policy(trusted_across_customers=frozenset(trusted)))

    assert set(found) == {reason}


def test_each_reason_has_its_place_in_the_queue() -> None:
    """Every estimate is a share."""
    assert set(CHANCE) == set(ReviewReason)
    assert all(0 < chance < 1 for chance in CHANCE.values())


@given(fleets(), policies)
def test_a_review_is_about_two_devices_that_share_a_value(fleet: list[Record], policy: Policy) -> None:
    """Each side is a whole device, no pair is asked twice, and the most worthwhile comes first."""
    resolution = resolve_records(fleet, policy)
    devices = {device.keys for device in resolution.devices}
    pairs = [(review.left, review.right) for review in resolution.reviews]

    assert len(pairs) == len({frozenset(pair) for pair in pairs})
    assert [review.worth for review in resolution.reviews] == sorted(
        (r.worth for r in resolution.reviews), reverse=True
    )
    for review in resolution.reviews:
        assert {review.left, review.right} <= devices
        assert review.left != review.right
        assert review.evidence_for
        assert review.sentence.endswith(f": {review.reason.label}")


def test_two_serials_on_one_dock_are_no_question() -> None:
    """What is certain is not asked."""
    rows = [
        {"provider": "a", "id": "1", "serial": "5CG1111AAA", "macs": [MAC]},
        {"provider": "b", "id": "1", "serial": "PF0EXMPL", "macs": [MAC]},
    ]

    assert questions_of(rows) == []


def test_a_live_pair_is_worth_more_than_a_retired_one() -> None:
    """A retired box can wait."""
    rows = QUESTIONS[ReviewReason.MAINBOARD_REPLACED]
    live, retired = resolve_rows(rows).reviews, resolve_rows([row | {"active": False} for row in rows]).reviews

    assert live[0].worth == 2 * retired[0].worth


def test_claims_name_what_speaks_for_and_against() -> None:
    """The strongest first, each side by a record that carries the value."""
    left = group("a:1", serial="5CG1111AAA", macs=[MAC])
    right = group("b:1", serial="PF0EXMPL", macs=[MAC])
    by_key = {key: each for each in (left, right) for key in each.keys}
    pro, contra = claims(left, right, by_key)

    assert [(claim.kind, claim.outcome) for claim in pro] == [(Kind.MAC, ClaimOutcome.AGREE)]
    assert [(claim.kind, claim.outcome) for claim in contra] == [(Kind.SERIAL, ClaimOutcome.DISAGREE)]
    assert (str(contra[0].left), str(contra[0].right)) == ("a:1", "b:1")


@pytest.mark.parametrize(
    ("left", "right", "one_error"),
    [
        ("5CG1234ABC", "5CG1234ABD", True),  # one letter wrong
        ("5CG1234ABC", "5CG1234AB", True),  # one missing
        ("5CG1234ABC", "5CG12344ABC", True),  # one doubled
        ("5CG1234ABC", "5CG1243ABC", True),  # two exchanged
        ("5CG1234ABC", "5CG1234AXY", False),
        ("12345", "12346", False),  # too short to tell
    ],
)
def test_one_typing_error_is_recognised(left: str, right: str, one_error: bool) -> None:
    """Serials that are typed by hand are typed wrong."""
    assert is_one_error(group("a:1", serial=left), group("b:1", serial=right)) is one_error
