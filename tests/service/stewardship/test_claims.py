"""Evidence as it is shown."""

from matching.model import Claim, ClaimOutcome, Key, Kind
from service.stewardship.claims import ClaimView

SIDES = Key("cw_manage", "4711"), Key("cw_rmm", "A:17")


def test_evidence_is_shown_in_order_and_in_words() -> None:
    """Kind, outcome, the value as it is written for people, both records and what to know about it."""
    outcomes = list(ClaimOutcome)[:2]
    claims = [
        Claim(Kind.SERIAL, outcomes[0], "5CG1234ABC", *SIDES),
        Claim(Kind.BIOS_GUID, outcomes[1], "4C4C4544", *SIDES, note="byte-swapped"),
    ]

    first, second = ClaimView.of(claims)

    assert (first.kind, first.outcome, first.value, first.note) == ("serial", outcomes[0], "5CG1234ABC", "")
    assert (second.kind, second.outcome, second.note) == ("bios_guid", outcomes[1], "byte-swapped")
    assert (first.left, first.right) == ("cw_manage:4711", "cw_rmm:A:17")


def test_the_word_of_a_person_is_a_kind_of_its_own() -> None:
    """A caller need not know that the engine has no kind for it."""
    [view] = ClaimView.of([Claim(None, next(iter(ClaimOutcome)), "same box", *SIDES)])

    assert view.kind == "decision"
