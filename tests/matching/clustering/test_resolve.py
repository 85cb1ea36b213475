"""A component becomes devices, whatever the order of its groups."""

from itertools import permutations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.clustering.resolve import Join, resolve
from matching.clustering.rule import has_conflict
from matching.clustering.vetoes import Premises
from matching.disjoint_sets import DisjointSets
from matching.evidence.groups import Group, merged
from matching.model import Key, Kind
from tests.matching.groups import groups, premises
from tests.matching.stories import group

MAC = "3C:52:82:00:00:01"

distinct_groups = st.lists(groups(), max_size=6).map(
    lambda drawn: [each._replace(keys=frozenset({Key("p", str(n))})) for n, each in enumerate(drawn)]
)


@given(distinct_groups, premises(), st.randoms())
@settings(max_examples=300)
def test_no_order_of_the_groups_matters(singles: list[Group], given_premises: Premises, random: Random) -> None:
    """The devices and the joins follow from the set of groups."""
    shuffled = random.sample(singles, len(singles))

    assert resolve(shuffled, [], given_premises) == resolve(singles, [], given_premises)


@given(distinct_groups, premises())
def test_every_record_is_in_one_device_that_says_what_its_records_say(
    singles: list[Group], given_premises: Premises
) -> None:
    """Devices are unions of the groups that were given, in order of their first key."""
    by_key = {key: single for single in singles for key in single.keys}
    found = resolve(singles, [], given_premises).groups

    assert sorted(key for device in found for key in device.keys) == sorted(by_key)
    assert [min(device.keys) for device in found] == sorted(min(device.keys) for device in found)
    for device in found:
        assert device == merged(by_key[key] for key in device.keys)


@given(distinct_groups, premises())
def test_the_joins_build_the_devices(singles: list[Group], given_premises: Premises) -> None:
    """Carried out in order they connect the records of each device and no others."""
    result = resolve(singles, [], given_premises)
    keys = sorted(key for single in singles for key in single.keys)
    sets = DisjointSets(len(keys))
    for join in result.joins:
        sets.union([keys.index(key) for part in join.parts for key in part])

    assert [[keys[position] for position in positions] for positions in sets.sets()] == [
        sorted(device.keys) for device in result.groups if len(device.keys) > 1
    ]


@given(distinct_groups, premises())
def test_no_join_is_made_on_a_kind_that_is_in_conflict(singles: list[Group], given_premises: Premises) -> None:
    """What a join puts together held no veto on its kind at that time."""
    by_key = {key: single for single in singles for key in single.keys}

    for join in resolve(singles, [], given_premises).joins:
        assert join.kind is not None
        assert join.values
        assert not has_conflict([merged(by_key[key] for key in part) for part in join.parts], join.kind, given_premises)


def test_decisions_join_first_whatever_speaks_against_it() -> None:
    """A person knows more than two serials."""
    singles = [group("a:1", serial="5CG1111AAA"), group("b:1", serial="5CG2222BBB")]
    result = resolve(singles, [(Key("a", "1"), Key("b", "1"))], Premises())

    assert len(result.groups) == 1
    assert result.joins == (Join(None, (), ((Key("a", "1"),), (Key("b", "1"),))),)


def test_a_group_between_two_that_must_not_join_joins_neither() -> None:
    """In any order; the two neighbours of its own that fit each other still join."""
    ends = [group("a:1", serial="5CG1111AAA", macs=[MAC]), group("b:1", serial="5CG2222BBB", macs=[MAC])]
    middle, pair = group("c:1", macs=[MAC]), group("d:1", serial="5CG1111AAA")

    for order in permutations([*ends, middle, pair]):
        found = resolve(order, [], Premises()).groups
        assert [sorted(map(str, device.keys)) for device in found] == [["a:1", "d:1"], ["b:1"], ["c:1"]]


def test_what_does_not_touch_an_ambiguous_group_still_joins() -> None:
    """b is between a and c, which conflict; c and d share an adapter that b does not have."""
    first, second, third = (f"3C:52:82:00:00:0{n}" for n in (1, 2, 3))
    singles = [
        group("a:1", serial="5CG1111AAA", macs=[first]),
        group("b:1", macs=[first, second]),
        group("c:1", serial="5CG2222BBB", macs=[second, third]),
        group("d:1", macs=[third]),
    ]
    found = resolve(singles, [], Premises()).groups

    assert [sorted(map(str, device.keys)) for device in found] == [["a:1"], ["b:1"], ["c:1", "d:1"]]


def test_a_chain_between_two_boxes_joins_nobody() -> None:
    """No group is next to both ends, so where to cut the chain would be chance."""
    macs = [f"3C:52:82:00:00:0{n}" for n in range(3)]
    singles = [
        group("a:1", serial="5CG1111AAA", macs=macs[:1]),
        group("b:1", macs=macs[:2]),
        group("c:1", macs=macs[1:]),
        group("d:1", serial="5CG2222BBB", macs=macs[2:]),
    ]

    assert len(resolve(singles, [], Premises()).groups) == 4


def test_a_supported_value_goes_before_a_bare_one() -> None:
    """On one dock, the row joins the box whose hostname it has too; on the MAC alone it would join none."""
    singles = [
        group("a:1", "acme", hostname="anna", serial="5CG1111AAA", macs=[MAC]),
        group("b:1", "acme", hostname="bert", serial="5CG2222BBB", macs=[MAC]),
        group("c:1", "acme", name="anna", macs=[MAC]),
    ]
    [join] = resolve(singles, [], Premises()).joins

    assert (join.kind, join.values) == (Kind.MAC, ("3c5282000001",))
    assert join.parts == ((Key("a", "1"),), (Key("c", "1"),))
