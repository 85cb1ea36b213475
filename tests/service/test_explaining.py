"""Why two stored records are one device, and the graph of one."""

from pathlib import Path

import networkx as nx
import pytest

from matching.model import Key
from matching.policy import Policy
from service.errors import NotFound
from service.explaining import LastResolution, explain, graph
from tests.service.store.world import POLICY, World, record
from tests.service.stores import on_both

pytestmark = on_both

A, B, C = Key("a", "1"), Key("b", "1"), Key("c", "1")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a store with one device of two records and another of one."""
    world = World(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="sn-10001"), record("c:1", hostname="pc-3"))
    return world


def test_a_join_and_a_non_join_are_explained(world: World) -> None:
    """In a sentence that names the evidence."""
    assert "SN-10001" in explain(world.store, POLICY, A, B).sentence
    assert not explain(world.store, POLICY, A, C).same


def test_a_record_that_is_not_stored_is_named(world: World) -> None:
    """Rather than explained."""
    with pytest.raises(NotFound, match="no record 'x:1'"):
        explain(world.store, POLICY, A, Key("x", "1"))


def test_the_last_resolution_is_kept_until_the_store_or_the_policy_changes(world: World) -> None:
    """Repeated questions are cheap, and never answered from yesterday."""
    last = LastResolution()

    def current(policy: Policy) -> object:
        with world.store.reading() as connection:
            return last.current(connection, policy)

    first = current(POLICY)
    assert current(Policy()) is first
    world.push(record("a:1", serial="SN-10001"))  # nothing new
    assert current(POLICY) is first
    world.push(record("a:1", serial="SN-99999"))
    assert current(POLICY) is not first
    assert not explain(world.store, POLICY, A, B, last).same
    assert current(Policy(islands=4)) is not current(POLICY)


def test_the_graph_of_a_device_reads_back_as_a_graph(world: World) -> None:
    """Node-link form, records and identifiers as nodes."""
    data = graph(world.store, POLICY, world.home("a:1"))
    read = nx.node_link_graph(data, edges="edges")

    assert {"a:1", "b:1"} <= set(read.nodes)
    assert "c:1" not in read.nodes
    assert nx.has_path(read, "a:1", "b:1")


def test_the_graph_of_an_unknown_device_is_not_found(world: World) -> None:
    """As the device itself is."""
    with pytest.raises(NotFound):
        graph(world.store, POLICY, "id-9999")
