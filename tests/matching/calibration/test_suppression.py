"""Suppressed values are taken out of every identity, each with the reason."""

from hypothesis import given

from matching.calibration.suppression import Suppression, suppress
from matching.evidence.identity import identify
from matching.model import Key, Kind, Record
from matching.policy import Policy
from matching.results.resolution import resolve_records, resolve_under
from tests.matching.calibration.boxes import box, guid
from tests.matching.fleets import records
from tests.matching.stories import identity


def test_an_over_shared_value_is_none_for_records_that_came_later() -> None:
    """A calibration speaks of values: whoever comes with one afterwards is not joined, nor parted, by it."""
    measured = resolve_records([box(n, "alpha", bios_guid=guid(1), hostname=f"pc-{n}") for n in range(9)])
    later = box(77, "beta", bios_guid=guid(1), hostname="pc-77")

    resolution = resolve_under([later], Policy(), (), measured.calibration)

    [value] = resolution.suppressed(Key("beta", "77"))
    assert value.kind == Kind.BIOS_GUID
    assert value.reason.startswith("over-shared: ")


def test_a_suppressed_value_goes_and_the_reason_stays() -> None:
    """Of one kind alone: the same text may be a good value of another."""
    before = identity("alpha:1", serial=["5CG1234ABC", "PF0EXMPL"], macs=["3C:52:82:00:00:01"])

    [after] = suppress([before], {(Kind.SERIAL, "PF0EXMPL"): "on three boxes"}, {})

    assert after.serials == ("5CG1234ABC",)
    assert after.macs == before.macs
    assert [(value.value, value.reason) for value in after.suppressed] == [("PF0EXMPL", "on three boxes")]


def test_a_field_that_is_not_trusted_goes_for_its_provider_alone() -> None:
    """Other providers' fields of the kind stay."""
    own, other = identity("alpha:1", serial="5CG1234ABC"), identity("beta:1", serial="5CG1234ABC")

    found = suppress([own, other], {}, {("alpha", Kind.SERIAL): "wrong"})

    assert [found[0].serials, found[1].serials] == [(), ("5CG1234ABC",)]


def test_a_placeholder_in_a_field_that_is_not_trusted_says_nothing() -> None:
    """What stands in such a field is no sign of what the firmware holds."""
    before = identity("alpha:1", serial="Default string")

    assert before.has_placeholder_serial
    assert not suppress([before], {}, {("alpha", Kind.SERIAL): "wrong"})[0].has_placeholder_serial
    assert suppress([before], {}, {("alpha", Kind.MAC): "wrong"})[0].has_placeholder_serial


@given(records())
def test_nothing_suppressed_changes_nothing(row: Record) -> None:
    """An identity comes out as it went in."""
    before = identify(row, Policy())

    assert suppress([before], {}, {}) == [before]
    assert suppress([before], {(Kind.SERIAL, "NOBODY HAS THIS"): "none"}, {("nobody", Kind.MAC): "none"}) == [before]


def test_what_is_suppressed_is_asked_by_kind() -> None:
    """Values and providers of each kind, none of the others."""
    suppression = Suppression(frozenset({(Kind.MAC, "3c5282000001")}), frozenset({("alpha", Kind.SERIAL)}))

    assert suppression.values_of(Kind.MAC) == {"3c5282000001"}
    assert suppression.values_of(Kind.SERIAL) == frozenset()
    assert suppression.providers_of(Kind.SERIAL) == {"alpha"}
    assert suppression.providers_of(Kind.MAC) == frozenset()
