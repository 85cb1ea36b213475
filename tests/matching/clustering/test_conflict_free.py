"""A component that the quick test takes for one device is one device by the rule."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching.clustering.conflict_free import MAX_COMPARED, is_conflict_free
from matching.errors import BadDecision
from matching.model import Decision, Record
from matching.policy import Policy
from matching.records import read_record
from matching.results.resolution import resolve_records
from tests.matching.fleets import decisions, fleets, policies, renamed, sparse
from tests.matching.stories import identity, resolve_rows


@given(fleets() | renamed() | sparse(), policies, st.lists(decisions, max_size=3))
@settings(max_examples=500)
def test_a_component_resolves_the_same_in_any_order_and_with_or_without_the_quick_test(
    fleet: list[Record], policy: Policy, verdicts: list[Decision]
) -> None:
    """A component's devices follow from its records alone; where nothing can conflict it is one device."""
    try:
        whole = resolve_records(fleet, policy, verdicts).partition
    except BadDecision:
        assume(False)
        raise

    for component in whole.components:
        groups = whole.resolve(component).groups
        assert whole.resolve(list(reversed(component))).groups == groups
        assert len(groups) == 1 or not whole.has_no_conflict(component)


GUID = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F"
SERIAL, MAC, OTHER_MAC = "5CG1111AAA", "3C:52:82:00:00:01", "3C:52:82:00:00:02"

CONFLICTS: dict[str, list[dict[str, Any]]] = {
    "serials": [
        {"provider": "alpha", "id": "1", "macs": [MAC], "serial": SERIAL},
        {"provider": "beta", "id": "1", "macs": [MAC], "serial": "5CG2222BBB"},
    ],
    "liveness": [
        {"provider": "alpha", "id": "1", "company": "Acme", "hostname": "pc1", "active": False},
        {"provider": "beta", "id": "1", "company": "Acme", "hostname": "pc1"},
    ],
    "a generic hostname": [
        {"provider": "alpha", "id": "1", "company": "Acme", "hostname": "printer"},
        {"provider": "alpha", "id": "2", "company": "Acme", "hostname": "printer"},
    ],
    "hostnames on one adapter": [
        {"provider": "alpha", "id": "1", "macs": [MAC], "hostname": "pc1"},
        {"provider": "beta", "id": "1", "macs": [MAC], "hostname": "pc2"},
    ],
    "display names in one provider": [
        {"provider": "alpha", "id": "1", "macs": [MAC], "hostname": "pc1"},
        {"provider": "alpha", "id": "2", "macs": [MAC], "name": "pc2"},
    ],
    "a truncated hostname": [
        {"provider": "alpha", "id": "1", "company": "Acme", "hostname": "acme-laptop-0042"},
        {"provider": "alpha", "id": "2", "company": "Acme", "hostname": "acme-laptop-0043"},
        {"provider": "beta", "id": "1", "company": "Acme", "hostname": "acme-laptop-004", "macs": [MAC]},
        {"provider": "gamma", "id": "1", "company": "Acme", "hostname": "pc2", "macs": [MAC]},
    ],
    "complete adapter lists": [
        {"provider": "alpha", "id": "1", "company": "Acme", "hostname": "pc1", "macs": [MAC]},
        {"provider": "beta", "id": "1", "company": "Acme", "hostname": "pc1", "macs": [OTHER_MAC]},
    ],
    "a GUID beside placeholders for serials": [
        {"provider": "alpha", "id": "1", "bios_guid": GUID, "serial": "0", "name": "pc1", "macs": [MAC]},
        {"provider": "gamma", "id": "1", "bios_guid": GUID, "serial": "0", "hostname": "pc2", "macs": [OTHER_MAC]},
    ],
    "a clone": [
        {"provider": "alpha", "id": "1", "serial": SERIAL, "hostname": "pc1", "macs": [MAC]},
        {"provider": "beta", "id": "1", "serial": SERIAL, "hostname": "pc2", "macs": [OTHER_MAC]},
    ],
}


@pytest.mark.parametrize("rows", CONFLICTS.values(), ids=CONFLICTS)
def test_no_conflict_is_overlooked(rows: list[dict[str, Any]]) -> None:
    """The smallest component that holds each kind of conflict is left to the rule, which keeps it apart."""
    policy = Policy(complete_adapters={"alpha": True, "beta": True})
    whole = resolve_rows(rows, policy).partition

    [component] = whole.components
    assert len(whole.resolve(component).groups) == 2
    assert not whole.has_no_conflict(component)


@pytest.mark.parametrize(("macs", "has_no_conflict"), [(["3C:52:82:00:00:01"], True), (["3C:52:82:00:00:02"], False)])
def test_a_box_that_one_agent_knows_by_its_new_name_has_no_conflict(macs: list[str], has_no_conflict: bool) -> None:
    """Agents learn of a new name one after the other; only where all their adapters differ may it be a clone."""
    box = {"serial": "5CG1234ABC", "macs": ["3C:52:82:00:00:01"], "hostname": "pc1"}
    rows = [
        {"provider": "alpha", "id": "1", **box},
        {"provider": "beta", "id": "1", **box, "hostname": "pc2"} | {"macs": macs},
    ]
    policy = Policy(complete_adapters={"alpha": True, "beta": True})
    fleet = resolve_records([read_record(row)[0] for row in rows], policy).partition

    assert fleet.has_no_conflict(fleet.components[0]) == has_no_conflict
    assert (len(fleet.resolve(fleet.components[0]).groups) == 1) == has_no_conflict


@pytest.mark.parametrize(
    ("fields", "is_free"),
    [
        ([{}, {}], True),
        ([{"serial": "5CG1111AAA"}, {"serial": "5CG2222BBB"}], False),
        ([{"serial": ["5CG1111AAA", "5CG2222BBB"]}, {"serial": "5CG2222BBB"}], True),
        ([{"active": False}, {"active": True}], False),
        ([{"hostname": "printer"}, {"hostname": "printer"}], False),
        ([{"hostname": "pc1"}, {"hostname": "pc2"}], False),
        ([{"hostname": "pc1", "serial": "5CG1111AAA"}, {"hostname": "pc2", "serial": "5CG1111AAA"}], True),
    ],
)
def test_records_that_say_nothing_different_are_free_of_conflict(fields: list[dict[str, Any]], is_free: bool) -> None:
    """One look at each kind; a new name is none where hardware connects all records."""
    rows = [identity(f"p{n}:1", **said) for n, said in enumerate(fields)]

    assert is_conflict_free(rows, [None] * len(rows), ()) is is_free


def test_different_customers_are_a_conflict() -> None:
    """An unknown one is none."""
    rows = [identity("alpha:1"), identity("beta:1")]

    assert is_conflict_free(rows, ["acme", None], ())
    assert not is_conflict_free(rows, ["acme", "bolt"], ())


def test_pairs_are_compared_in_small_components_only() -> None:
    """In a larger one the rule decides, which has a bound of its own."""
    rows = [identity(f"p{n}:1", hostname=f"pc{n % 2}", serial="5CG1111AAA") for n in range(MAX_COMPARED + 1)]

    assert is_conflict_free(rows[:-1], [None] * MAX_COMPARED, ())
    assert not is_conflict_free(rows, [None] * (MAX_COMPARED + 1), ())
