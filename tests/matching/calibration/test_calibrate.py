"""Calibration is one value that follows from the records and the policy alone."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from matching.calibration.calibrate import Calibration, calibrate
from matching.evidence.identity import identify
from matching.model import Kind, Record
from matching.policy import Policy
from tests.matching.calibration.boxes import box, guid
from tests.matching.fleets import fleets, policies


@given(fleets(), policies, st.randoms())
def test_no_order_of_records_matters(fleet: list[Record], policy: Policy, random: Random) -> None:
    """What is learnt follows from the set of records."""
    learnt = calibrate([identify(record, policy) for record in fleet], policy)
    random.shuffle(fleet)

    assert calibrate([identify(record, policy) for record in fleet], policy) == learnt


def test_nothing_is_learnt_from_nothing() -> None:
    """An empty fleet suppresses no value and trusts every field."""
    assert calibrate([], Policy()) == Calibration()


def test_the_reasons_name_values_and_fields_that_are_suppressed() -> None:
    """Both as `suppress` takes them, and as the set of what is no evidence."""
    rows = [box(n, "cw_manage", bios_guid=guid(n, salt=9)) for n in range(7)]
    rows += [box(n, "alpha", bios_guid=guid(n), macs=["3C:52:82:00:00:01"]) for n in range(7)]
    learnt = calibrate([identify(row, Policy()) for row in rows], Policy())

    assert dict(learnt.value_reasons) == {
        (Kind.MAC, "3c5282000001"): "over-shared: on 7 boxes of alpha with nothing else in common"
    }
    assert set(learnt.field_reasons) == {("cw_manage", Kind.BIOS_GUID)}
    assert learnt.suppression.values == set(learnt.value_reasons)
    assert learnt.suppression.fields == set(learnt.field_reasons)
