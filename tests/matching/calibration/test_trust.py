"""A field is trusted until the data rule out that it agrees in half of the pairs."""

import pytest

from matching.model import Kind, Record
from matching.policy import Policy, Trust
from matching.results.resolution import resolve_records
from tests.matching.calibration.boxes import box, guid


def row_id_fleet(size: int) -> list[Record]:
    """A PSA whose GUID field holds row ids, beside agents whose serials agree with it."""
    psa = [box(n, "cw_manage", bios_guid=guid(n, salt=9)) for n in range(size)]
    return psa + [box(n, "alpha", bios_guid=guid(n)) for n in range(size)]


def test_a_field_that_never_agrees_is_suppressed_and_stops_vetoing() -> None:
    """Seven pairs of which none agrees suffice: row ids in the GUID field no longer part right joins."""
    resolution = resolve_records(row_id_fleet(7))

    assert [(t.provider, t.kind, t.pairs, t.agreeing) for t in resolution.calibration.untrusted] == [
        ("cw_manage", Kind.BIOS_GUID, 7, 0)
    ]
    assert len(resolution.devices) == 7


def test_six_pairs_are_too_few_to_suppress_a_field() -> None:
    """A field is taken at its word until the data rule it out."""
    resolution = resolve_records(row_id_fleet(6))

    assert resolution.calibration.untrusted == ()
    assert len(resolution.devices) == 12
    assert {review.reason for review in resolution.reviews} == {"mainboard_replaced"}


def test_a_good_agent_is_not_blamed_for_a_bad_partner() -> None:
    """The worst field goes first; who agrees with the others stays."""
    fleet = row_id_fleet(20) + [box(n, "beta", bios_guid=guid(n)) for n in range(10)]

    assert [trust.provider for trust in resolve_records(fleet).calibration.untrusted] == ["cw_manage"]


@pytest.mark.parametrize(("word", "devices"), [(Trust.ALWAYS, 14), (Trust.NEVER, 7)])
def test_the_operator_has_the_last_word_on_trust(word: Trust, devices: int) -> None:
    """`always` keeps a field whatever the data say; `never` drops it without asking."""
    policy = Policy(trust={"cw_manage": {"bios_guid": word}, "alpha": {"bios_guid": Trust.ALWAYS}})

    assert len(resolve_records(row_id_fleet(7), policy).devices) == devices


def test_a_field_that_agrees_in_most_pairs_is_trusted() -> None:
    """A few wrong values are what reviews are for."""
    psa = [box(n, "cw_manage", bios_guid=guid(n, salt=9 if n < 4 else 0)) for n in range(20)]
    fleet = psa + [box(n, "alpha", bios_guid=guid(n)) for n in range(20)]

    assert resolve_records(fleet).calibration.untrusted == ()


def test_the_reason_says_what_was_counted_or_that_the_operator_says_so() -> None:
    """It stands beside every value that is suppressed for it."""
    [measured] = resolve_records(row_id_fleet(7)).calibration.untrusted
    never = Policy(trust={"alpha": {"serial": Trust.NEVER}})
    [told] = resolve_records([], never).calibration.untrusted

    assert measured.sentence == "cw_manage's field is not trusted: 0 of 7 values agree with others"
    assert told.sentence == "alpha's field is not trusted: the operator says so"
