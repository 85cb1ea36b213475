"""A partition holds every record once, and each of its components can be resolved alone."""

from collections.abc import Sequence

import pytest
from hypothesis import given

from matching.clustering.partition import partition
from matching.clustering.resolve import Resolved
from matching.errors import BadDecision
from matching.evidence.identity import identify
from matching.model import Key, Record
from matching.policy import Policy
from tests.matching.fleets import fleets, policies
from tests.matching.stories import different, identity, same


@given(fleets(), policies)
def test_devices_are_every_position_once(fleet: list[Record], policy: Policy) -> None:
    """Records of no component are devices of their own."""
    whole = partition([identify(record, policy) for record in fleet], policy)
    positions = [position for device in whole.devices() for position in device]

    assert sorted(positions) == list(range(len(fleet)))
    assert [identity.key for identity in whole.identities] == sorted(identity.key for identity in whole.identities)
    assert all(len(component) > 1 for component in whole.components)


@given(fleets(), policies)
def test_a_part_of_a_partition_has_the_same_devices(fleet: list[Record], policy: Policy) -> None:
    """One component at a time, as another process gets it."""
    whole = partition([identify(record, policy) for record in fleet], policy)
    devices = {tuple(whole.identities[position].key for position in device) for device in whole.devices()}

    for component in whole.components:
        part = whole.only(component, [component])
        for device in part.devices():
            assert tuple(part.identities[position].key for position in device) in devices


def test_only_components_that_may_hold_a_conflict_are_resolved() -> None:
    """The others are devices as they stand."""
    rows = [identity(f"{provider}:1", serial="5CG1111AAA") for provider in ("alpha", "beta")]
    rows += [identity("alpha:2", serial="PF0EXMPL", active=False), identity("beta:2", serial="PF0EXMPL")]
    whole = partition(rows, Policy())
    asked: list[list[str]] = []

    def resolved(component: Sequence[int]) -> Resolved:
        asked.append([str(whole.identities[position].key) for position in component])
        return whole.resolve(component)

    assert len(list(whole.devices(resolved))) == 2
    assert asked == [["alpha:2", "beta:2"]]


def test_a_component_that_a_decision_names_is_resolved() -> None:
    """The quick test knows values and no decisions."""
    rows = [identity(f"{provider}:1", serial="5CG1111AAA") for provider in ("alpha", "beta")]
    decided, undecided = partition(rows, Policy(), [different("alpha:1", "beta:1")]), partition(rows, Policy())

    assert undecided.has_no_conflict(undecided.components[0])
    assert not decided.has_no_conflict(decided.components[0])
    assert len(list(decided.devices())) == 2


def test_decisions_are_those_of_the_component() -> None:
    """The others concern nobody in it."""
    rows = [identity(f"{provider}:{n}") for provider in ("alpha", "beta") for n in (1, 2)]
    whole = partition(rows, Policy(), [same("alpha:1", "beta:1"), same("alpha:2", "beta:2")])
    first = next(c for c in whole.components if whole.identities[c[0]].key == Key("alpha", "1"))

    assert whole.same_among(first) == [(Key("alpha", "1"), Key("beta", "1"))]


def test_contradicting_decisions_are_refused() -> None:
    """Before anything is computed."""
    with pytest.raises(BadDecision):
        partition([], Policy(), [same("a:1", "b:1"), different("a:1", "b:1")])
