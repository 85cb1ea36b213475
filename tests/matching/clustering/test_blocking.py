"""Whoever follows blocking keys finds all records that a record is connected with."""

from collections.abc import Iterable, Sequence

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from matching.disjoint_sets import DisjointSets
from matching.errors import BadDecision
from matching.model import Decision, Key, Record, key_of
from matching.policy import Policy
from matching.results.resolution import Resolution, resolve_records, resolve_under
from tests.matching.fleets import decisions, fleets, policies


def connected_sets(resolution: Resolution) -> dict[Key, int]:
    """Return, for each record, the set that it is in by blocking keys and decisions alone."""
    keys = sorted(resolution.records)
    place = {key: position for position, key in enumerate(keys)}
    sets, first = DisjointSets(len(keys)), dict[int, int]()
    for key, own in resolution.blocking_keys.items():
        for blocking_key in own:
            sets.union((first.setdefault(blocking_key, place[key]), place[key]))
    for left, right in resolution.partition.same:
        if left in place and right in place:
            sets.union((place[left], place[right]))
    return {key: sets.find(place[key]) for key in keys}


def resolved(fleet: Iterable[Record], policy: Policy, verdicts: Sequence[Decision] = ()) -> Resolution:
    """Resolve, or leave the example out where its decisions contradict each other."""
    try:
        return resolve_records(fleet, policy, verdicts)
    except BadDecision:
        assume(False)
        raise


LONG_NAMES: list[Record] = [
    {"provider": "alpha", "id": "1", "company": "Acme", "hostname": "acme-laptop-004", "serial": "5CG1234ABC"},
    {"provider": "beta", "id": "1", "company": "Acme", "hostname": "acme-laptop-0042"},
    {"provider": "gamma", "id": "1", "hostname": "acme-laptop-004", "serial": "5CG1234ABC"},
]


@given(fleets(), policies, st.lists(decisions, max_size=3))
@example(LONG_NAMES, Policy(), [])
@settings(max_examples=200)
def test_no_edge_of_a_component_is_missed(fleet: list[Record], policy: Policy, verdicts: list[Decision]) -> None:
    """Records of one component share blocking keys, directly or through others."""
    resolution = resolved(fleet, policy, verdicts)
    sets = connected_sets(resolution)

    for component in resolution.partition.components:
        assert len({sets[resolution.partition.identities[position].key] for position in component}) == 1


@given(fleets(), policies)
@settings(max_examples=100)
def test_blocking_keys_follow_from_the_connected_records(fleet: list[Record], policy: Policy) -> None:
    """A set of records that blocking keys close has the same ones when the rest of the fleet is not there."""
    whole = resolved(fleet, policy)
    sets, expected = connected_sets(whole), whole.blocking_keys
    for root in set(sets.values()):
        part = [record for record in fleet if sets[key_of(record)] == root]
        alone = resolve_under(part, policy, (), whole.calibration)
        assert all(expected[key] == own for key, own in alone.blocking_keys.items())


def test_boxes_that_are_called_alike_are_not_connected() -> None:
    """A customer numbers its notebooks, an agent truncates the names: a change of one is no business of the others."""
    whole: list[Record] = [
        {"provider": "alpha", "id": str(n), "company": "Acme", "hostname": f"kiel-notebook-{n:03}"} for n in range(40)
    ]
    truncated: list[Record] = [{**record, "provider": "beta", "hostname": "kiel-notebook-0"} for record in whole]

    resolution = resolve_records([*whole, *truncated])

    assert len(set(connected_sets(resolution).values())) == len(resolution.devices) == 80
    assert resolution.suppressed(Key("beta", "7"))[0].value == "kiel-notebook-0"


def test_a_blocking_key_fits_a_signed_64_bit_column() -> None:
    """Both databases store it as it is, and hostile text has one as well."""
    record: Record = {"provider": "alpha", "id": "\ud800", "serial": ["SN-10001", "SN-20002"], "hostname": "a\0b"}
    [(_, own)] = resolve_records([record]).blocking_keys.items()

    assert len(own) >= 2
    assert all(-(2**63) <= blocking_key < 2**63 for blocking_key in own)
