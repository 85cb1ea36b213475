"""A record's usable identity follows from the record, the calibration and one longer hostname."""

from hypothesis import given

from matching.calibration.calibrate import Calibration
from matching.calibration.trust import UntrustedField
from matching.calibration.usable import usable
from matching.clustering.partition import partition
from matching.evidence.identity import identify
from matching.model import Kind, Record, SharedValue
from matching.policy import Policy
from tests.matching.fleets import fleets, policies
from tests.matching.stories import identity


@given(fleets(), policies)
def test_each_identity_of_a_partition_is_made_from_its_record_alone(fleet: list[Record], policy: Policy) -> None:
    """Another process that knows the calibration and the longer hostname makes the same one."""
    whole = partition([identify(row, policy) for row in fleet], policy)
    place = {used.key: used for used in whole.identities}

    for row in fleet:
        before = identify(row, policy)
        used = place[before.key]
        longer = used.hostname if used.hostname != before.hostname else None
        assert usable(before, whole.calibration, longer) == used


def test_a_suppressed_value_goes_and_a_truncated_name_is_restored() -> None:
    """Both by one call; the reasons are kept."""
    before = identity("alpha:1", serial="PF0EXMPL", macs=["3C:52:82:00:00:01"], hostname="acme-laptop-004")
    shared = (SharedValue(Kind.SERIAL, "PF0EXMPL", "on 3 boxes"),)
    untrusted = (UntrustedField("alpha", Kind.MAC, 1, 9),)

    after = usable(before, Calibration(shared, untrusted), "acme-laptop-0042")

    assert (after.serials, after.macs, after.hostname) == ((), (), "acme-laptop-0042")
    assert [note.value for note in after.suppressed] == ["PF0EXMPL", "3c5282000001"]


def test_an_ambiguous_name_of_the_customer_is_suppressed() -> None:
    """The customer is that of the record's company, as the calibration has it."""
    before = identity("alpha:1", company="Acme", hostname="acme-laptop-004")

    after = usable(before, Calibration(ambiguous_prefixes=frozenset({("alpha:Acme", "acme-laptop-004")})), None)

    assert (after.hostname, after.truncated) == (None, "acme-laptop-004")
