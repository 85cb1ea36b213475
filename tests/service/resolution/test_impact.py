"""A report says what another calibration would change, and nothing else."""

from matching.calibration.calibrate import Calibration
from matching.calibration.companies import CompanyMap
from matching.calibration.trust import UntrustedField
from matching.model import Kind, SharedValue
from service.resolution.impact import MOST_SHOWN, differences, effect
from service.resolution.whole_store import calibrate_all, identify_all, partition_all
from tests.service.resolution.test_applying import in_force
from tests.service.sandbox import POLICY, Sandbox
from tests.service.stores import on_both


def shared(*values: str) -> tuple[SharedValue, ...]:
    """Return serials that stand on several boxes."""
    return tuple(SharedValue(Kind.SERIAL, value, "on 5 boxes") for value in values)


LEARNT = Calibration(
    shared("SN-1", "SN-2"),
    (UntrustedField("a", Kind.BIOS_GUID, 20, 3),),
    CompanyMap({"a:acme": "a:acme", "b:acme": "a:acme"}, catch_alls=frozenset({"c:misc"})),
    frozenset({"a"}),
    frozenset({("a:acme", "acme-laptop-000")}),
)


def test_a_calibration_that_says_the_same_changes_nothing() -> None:
    """Other counts are no difference."""
    recounted = Calibration(
        tuple(SharedValue(each.kind, each.value, "on 6 boxes") for each in LEARNT.shared),
        (UntrustedField("a", Kind.BIOS_GUID, 21, 3),),
        LEARNT.companies,
        LEARNT.complete,
        LEARNT.ambiguous_prefixes,
    )

    assert differences(LEARNT, recounted) == {}


def test_what_is_learnt_and_what_no_longer_holds_are_told_apart() -> None:
    """The same lines, under one name on the way there and under another on the way back."""
    lines = [
        ("companies_aligned", "companies_parted", "a:acme = b:acme"),
        ("catch_alls", "no_longer_catch_alls", "c:misc"),
        ("fields_untrusted", "fields_trusted_again", "a bios_guid"),
        ("values_over_shared", "values_no_longer_over_shared", "serial SN-1"),
        ("prefixes_ambiguous", "prefixes_no_longer_ambiguous", "acme-laptop-000... at a:acme"),
        ("providers_complete", "providers_no_longer_complete", "a"),
    ]
    learnt, lost = differences(Calibration(), LEARNT), differences(LEARNT, Calibration())

    assert {name: found["first"][0] for name, found in learnt.items()} == {name: line for name, _, line in lines}
    assert {name: found["first"][0] for name, found in lost.items()} == {name: line for _, name, line in lines}
    assert learnt["values_over_shared"] == {"count": 2, "first": ["serial SN-1", "serial SN-2"]}


def test_a_report_shows_the_first_and_counts_all() -> None:
    """A calibration of a million records may find thousands."""
    after = Calibration(shared(*(f"SN-{n:03}" for n in range(MOST_SHOWN + 50))))

    told = differences(Calibration(), after)["values_over_shared"]

    assert told["count"] == MOST_SHOWN + 50
    assert told["first"] == [f"serial SN-{n:03}" for n in range(MOST_SHOWN)]


@on_both
def test_the_effect_is_which_devices_would_have_other_records(cloned: Sandbox) -> None:
    """None under the calibration in force; what all records teach now would take one apart."""
    before = in_force(cloned)
    with cloned.store.reading() as connection:
        identities = identify_all(connection, POLICY)
        now, then = (
            effect(connection, partition_all(connection, identities, POLICY, each))
            for each in (before, calibrate_all(identities, POLICY))
        )

    assert now == {"devices": 21, "devices_changed": 0, "first_changed": {}}
    assert then == {
        "devices": 21,
        "devices_changed": 1,
        "first_changed": {cloned.home("a:1"): [["a:1"], ["a:2"], ["a:3"]]},
    }
