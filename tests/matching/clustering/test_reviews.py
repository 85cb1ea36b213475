"""A question is asked where a person may know more than the rule, with the evidence for and against."""

from typing import Any

import pytest
from hypothesis import given

from matching.clustering.reviews import claims
from matching.model import ClaimOutcome, Kind, Record, ReviewReason, Verdict
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
    ReviewReason.TWO_WEAKER_KINDS: [
        {"provider": "a", "id": "1", "company": "Acme", "hostname": "pc1", "serial": "5CG1111AAA", "macs": [MAC]},
        {"provider": "b", "id": "1", "company": "Acme", "hostname": "pc1", "serial": "PF0EXMPL", "macs": [MAC]},
    ],
}


@pytest.mark.parametrize("reason", ReviewReason)
def test_each_reason_has_records_that_ask_it(reason: ReviewReason) -> None:
    """The smallest fleet that opens the review opens no other."""
    trusted = () if reason is ReviewReason.UNTRUSTED_ACROSS_CUSTOMERS else "abc"

    found = questions_of(QUESTIONS[reason], Policy(trusted_across_customers=frozenset(trusted)))

    assert set(found) == {reason}


@pytest.mark.parametrize("reason", ReviewReason)
def test_each_reason_gets_a_proposed_answer(reason: ReviewReason) -> None:
    """What is likely one box comes first, other things being equal: worth follows from the chance of *same*."""
    for review in resolve_rows(QUESTIONS[reason]).reviews:
        proposal = review.proposal
        chance = proposal.certainty if proposal.verdict is Verdict.SAME else 1 - proposal.certainty
        boxes, live = len(review.left) + len(review.right) + len(review.waiting), 2 - (reason == "name_reused")
        assert review.worth == pytest.approx(chance * live * boxes / 4, abs=0.002)


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
    waiting = {key for review in resolution.reviews for key in review.waiting}
    assert waiting <= {key for device in devices for key in device}
    for review in resolution.reviews:
        assert review.waiting == tuple(sorted({*review.waiting} - {*review.left, *review.right}))
        assert len(set(review.grounds)) == len(review.grounds)
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


def test_a_weak_mac_is_shown_with_what_it_is() -> None:
    """A locally administered MAC joins nobody, and together with the name it is why the question is asked."""
    local = "06:A1:5E:00:00:01"
    rows = [{**row, "macs": [local]} for row in QUESTIONS[ReviewReason.TWO_WEAKER_KINDS]]

    [review] = resolve_rows(rows).reviews

    assert [(claim.kind, claim.value) for claim in review.evidence_for] == [(Kind.MAC, local), (Kind.HOSTNAME, "pc1")]
    assert review.evidence_for[0].note == "locally administered"


def test_a_question_is_worth_more_where_all_adapters_agree() -> None:
    """One adapter of two may be a dock's that was handed on."""
    one, other = QUESTIONS[ReviewReason.TWO_WEAKER_KINDS]
    two = [{**row, "macs": [MAC, f"3C:52:82:00:01:0{row['provider']}"]} for row in (one, other)]
    whole, part = resolve_rows([one, other]).reviews, resolve_rows(two).reviews

    assert whole[0].grounds == part[0].grounds == (ReviewReason.TWO_WEAKER_KINDS,)
    assert whole[0].worth > part[0].worth
