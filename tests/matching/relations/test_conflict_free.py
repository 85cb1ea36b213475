"""Aggregates take a component for one device only where the test of its identities does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings

from matching.calibration.calibrate import Calibration
from matching.clustering.conflict_free import MAX_COMPARED
from matching.clustering.partition import Partition
from matching.evidence.identity import identify
from matching.model import Decision, Kind, SharedValue
from matching.policy import Policy
from matching.records import read_record
from matching.relations.components import find_components
from matching.relations.conflict_free import find_conflict_free
from tests.matching.clustering.test_conflict_free import CONFLICTS, GUID, MAC, OTHER_MAC, SERIAL
from tests.matching.relations.connecting import connect
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.relations.partitions import Drawn, busy_partitions, load_usable, partitioned, partitions
from tests.matching.stories import different

DATABASE = DuckDBDatabase()

Rows = list[dict[str, Any]]

VIRTUAL = "VMware-56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5"


def drawn(rows: Rows, *verdicts: Decision) -> Drawn:
    """Return rows as if they had been drawn; the first two providers list all adapters."""
    policy = Policy(complete_adapters={"alpha": True, "beta": True})
    identities = [identify(read_record(row)[0], policy) for row in rows]
    return Drawn(partitioned(identities, policy, verdicts), identities, policy, rows)


def of_two(left: dict[str, Any], right: dict[str, Any], *others: dict[str, Any]) -> Rows:
    """Return the rows of two providers and more about one box of one company."""
    return [{"provider": f"p{n}", "id": "1", "company": "Acme"} | row for n, row in enumerate((left, right, *others))]


def found_free(drawn: Drawn) -> set[int]:
    """Return the components that the tables call free of conflict."""
    whole = drawn.whole
    load_usable(DATABASE, drawn)
    find_components(DATABASE, whole.same, connect)
    find_conflict_free(DATABASE, whole.decided)
    return {component for (component,) in DATABASE.rows("SELECT component FROM conflict_free")}


def free_in_memory(whole: Partition) -> set[int]:
    """Return the smallest record of each component that the test of identities calls free of conflict."""
    return {component[0] for component in whole.components if whole.has_no_conflict(component)}


@given(partitions() | busy_partitions())
@example(drawn(CONFLICTS["serials"]))
@settings(max_examples=100)
def test_no_component_is_taken_for_free_that_the_test_of_identities_leaves_to_the_rule(drawn: Drawn) -> None:
    """Under any calibration and decisions."""
    assert found_free(drawn) <= free_in_memory(drawn.whole)


@pytest.mark.parametrize("rows", CONFLICTS.values(), ids=CONFLICTS)
def test_no_conflict_is_overlooked(rows: Rows) -> None:
    """The smallest component that holds each kind of conflict is left to the rule."""
    assert found_free(drawn(rows)) == set()


FREE = {
    "the same serial": of_two({"serial": SERIAL}, {"serial": SERIAL}),
    "serials in common": of_two({"serial": [SERIAL, "PF0EXMPL"]}, {"serial": SERIAL}, {"serial": ["PF1", SERIAL]}),
    "a name alone": of_two({"hostname": "pc1"}, {"hostname": "pc1"}),
    "an adapter in common": of_two({"macs": [MAC, OTHER_MAC]}, {"macs": [OTHER_MAC]}),
    "other adapters on the same hardware": of_two(
        {"macs": [MAC], "serial": SERIAL}, {"macs": [OTHER_MAC], "serial": SERIAL}
    ),
    "other adapters, and a MAC that reaches the serial": of_two(
        {"macs": [MAC], "serial": SERIAL}, {"macs": [OTHER_MAC], "serial": SERIAL}, {"macs": [OTHER_MAC]}
    ),
    "a GUID and a serial that one record has both of": of_two(
        {"bios_guid": GUID, "macs": [MAC]},
        {"bios_guid": GUID, "serial": SERIAL},
        {"serial": SERIAL, "macs": [OTHER_MAC]},
    ),
    "a new name": of_two({"serial": SERIAL, "hostname": "pc1"}, {"serial": SERIAL, "hostname": "pc2"}),
    "a new name beside one adapter": of_two({"macs": [MAC], "hostname": "pc1"}, {"macs": [MAC], "name": "pc2"}),
    "a new name of a virtual machine": of_two(
        {"serial": VIRTUAL, "macs": [MAC], "hostname": "pc1"}, {"serial": VIRTUAL, "macs": [MAC], "hostname": "pc2"}
    ),
}


@pytest.mark.parametrize("rows", FREE.values(), ids=FREE)
def test_what_most_components_look_like_is_found(rows: Rows) -> None:
    """Otherwise all of them would be carried to the test of identities."""
    found = drawn(rows)

    assert found_free(found) == free_in_memory(found.whole) == {0}


LEFT = {
    "a clone of a virtual machine": of_two(
        {"serial": VIRTUAL, "hostname": "pc1"}, {"serial": VIRTUAL, "hostname": "pc2"}
    ),
    "a provider that shows two": [
        {"provider": "alpha", "id": mac, "serial": SERIAL, "macs": [mac]} for mac in (MAC, OTHER_MAC)
    ],
    "a provider that shows two, one of them with another provider": [
        {"provider": provider, "id": mac, "serial": SERIAL, "macs": [mac]}
        for provider, mac in (("alpha", MAC), ("alpha", OTHER_MAC), ("beta", MAC))
    ],
    "a provider that shows two by weak adapters": [
        {"provider": "alpha", "id": mac, "serial": SERIAL, "macs": [mac]}
        for mac in ("02:00:5E:10:00:01", "02:00:5E:10:00:02")
    ],
    "a GUID here and a serial there": of_two(
        {"bios_guid": GUID, "macs": [MAC], "hostname": "pc1"},
        {"serial": SERIAL, "macs": [OTHER_MAC], "hostname": "pc1"},
    ),
    "two names in one provider": [
        {"provider": "alpha", "id": name, "serial": SERIAL, "hostname": name} for name in ("pc1", "pc2")
    ],
    "two GUIDs": of_two(
        {"bios_guid": GUID, "macs": [MAC]}, {"bios_guid": "00112233-4455-6677-8899-AABBCCDDEE01", "macs": [MAC]}
    ),
    "two customers": [
        {"provider": "alpha", "id": str(n), "serial": SERIAL, "company": company} for n, company in enumerate("AB")
    ],
    "a new name that hardware does not connect": of_two(
        {"macs": [MAC], "serial": SERIAL, "hostname": "pc1"}, {"macs": [MAC], "hostname": "pc2"}
    ),
    "more than are compared": [
        {"provider": f"p{n}", "id": "1", "serial": SERIAL, "hostname": f"pc{n % 2}"} for n in range(MAX_COMPARED + 1)
    ],
}


@pytest.mark.parametrize("rows", LEFT.values(), ids=LEFT)
def test_what_may_be_in_conflict_is_left_to_the_rule(rows: Rows) -> None:
    """As the test of identities does."""
    found = drawn(rows)

    assert len(found.whole.components) == 1
    assert found_free(found) == free_in_memory(found.whole) == set()


def test_over_shared_adapters_of_virtual_machines_tell_two_apart() -> None:
    """They join nobody, and are still the adapters that each machine has."""
    macs = ("00:50:56:00:00:01", "00:50:56:00:00:02")
    rows = [{"provider": "alpha", "id": mac, "serial": SERIAL, "macs": [mac]} for mac in macs]
    given = drawn(rows)
    shared = tuple(SharedValue(Kind.MAC, mac.replace(":", ""), "on 3 boxes") for mac in macs)
    whole = partitioned(given.identities, given.policy, (), Calibration(shared))

    assert len(whole.components) == 1
    assert found_free(replace(given, whole=whole)) == free_in_memory(whole) == set()


def test_a_component_that_a_decision_names_is_left_to_the_rule() -> None:
    """Aggregates know values and no decisions."""
    rows = of_two({"serial": SERIAL}, {"serial": SERIAL})

    assert found_free(drawn(rows)) == {0}
    assert found_free(drawn(rows, different("p0:1", "p1:1"))) == set()
