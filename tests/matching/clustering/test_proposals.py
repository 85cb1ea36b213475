"""A proposed answer follows from the evidence, and its sentence names what tipped it."""

from typing import Any

import pytest
from hypothesis import given

from matching.clustering.proposals import ANSWERS, chance_of_same, propose
from matching.model import Record, ReviewReason, Verdict
from matching.policy import Policy
from matching.results.resolution import resolve_records
from tests.matching.fleets import fleets, policies
from tests.matching.stories import resolve_rows

NAMED = {"company": "Acme", "hostname": "pc1"}


def test_a_ground_that_no_fleet_has_shown_yet_is_no_error() -> None:
    """A new reason for reviews weighs nothing until the weights are learnt anew."""
    assert chance_of_same({"unheard_of": 1.0, "serials_agree": 1.0}) == chance_of_same({"serials_agree": 1.0})


@given(fleets(), policies)
def test_a_proposal_says_what_it_proposes(fleet: list[Record], policy: Policy) -> None:
    """The certainty is that of the likelier answer, and the sentence names answer, certainty and evidence."""
    for review in resolve_records(fleet, policy).reviews:
        proposal = review.proposal
        assert 0.5 <= proposal.certainty < 1
        assert f"{ANSWERS[proposal.verdict]} ({int(100 * proposal.certainty + 1e-9)} %): " in proposal.sentence
        assert not proposal.sentence.endswith(": ")


def test_one_ground_gets_another_answer_where_the_evidence_differs() -> None:
    """Boards with one serial under one name are one box; under other names and adapters they are a copied serial."""
    guids = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", "A1F4C3D2-5E6B-4788-9C0D-3E4F5A6B7C8D"
    macs = "3C:52:82:00:00:01", "3C:52:82:00:00:02"
    one, other = (
        {"provider": provider, "id": "1", "serial": "5CG1111AAA", "bios_guid": guid, **NAMED}
        for provider, guid in zip(("beta", "alpha"), guids, strict=True)
    )
    likely = resolve_rows([{**one, "macs": [macs[0]]}, {**other, "macs": [macs[0]]}])
    rows = [{**one, "macs": [macs[0]], "provider": "alpha", "id": "2"}, {**other, "macs": [macs[1]], "hostname": "x"}]
    unlikely = resolve_rows(rows)

    assert [each.reason for each in (*likely.reviews, *unlikely.reviews)] == [ReviewReason.MAINBOARD_REPLACED] * 2
    assert likely.reviews[0].proposal.verdict is Verdict.SAME
    assert likely.reviews[0].proposal.certainty > unlikely.reviews[0].proposal.certainty


@pytest.mark.parametrize(
    ("found", "verdict", "begins", "names"),
    [
        ({"mainboard_replaced": 1.0, "serials_agree": 1.0}, "same", "Almost certainly one box", "the serials agree"),
        (
            {"clone": 1.0, "adapters_differ": 1.0, "serials_differ": 1.0},
            "different",
            "Almost certainly two boxes",
            "none in common",
        ),
        ({"ambiguous": 1.0}, "same", "Perhaps one box", "most reviews of the kind `ambiguous` are"),
    ],
)
def test_the_sentence_gives_answer_certainty_and_what_tipped_it(
    found: dict[str, float], verdict: str, begins: str, names: str
) -> None:
    """How sure it is in words as well; without evidence the ground itself is named."""
    proposal = propose(found)

    assert proposal.verdict == verdict
    assert proposal.sentence.startswith(begins)
    assert names in proposal.sentence


def test_what_speaks_against_is_said_as_well() -> None:
    """A person is told why one may doubt."""
    found: dict[str, Any] = {"mainboard_replaced": 1.0, "serials_agree": 1.0, "bios_guids_differ": 1.0}

    assert propose(found).sentence.endswith("although the BIOS GUIDs differ")
