"""Why two stored records are one device, and the graph of one."""

from pathlib import Path

import networkx as nx
import pytest

from matching.model import Key, Kind
from matching.policy import OnConflict, Policy
from service.core.errors import NotFound
from service.devices.explaining import WAITING, explain, graph
from service.resolution.upgrading import upgrade
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both
from tests.service.upgrades.former import left_by_other_rules

pytestmark = on_both

A, B, C = Key("a", "1"), Key("b", "1"), Key("c", "1")


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with one device of two records and another of one."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="sn-10001"), record("c:1", hostname="pc-3"))
    return world


def test_a_join_and_a_non_join_are_explained(world: Sandbox) -> None:
    """In a sentence that names the evidence."""
    assert "SN-10001" in explain(world, A, B).sentence
    assert not explain(world, A, C).same


def test_a_record_that_is_not_stored_is_named(world: Sandbox) -> None:
    """Rather than explained."""
    with pytest.raises(NotFound, match="no record 'x:1'"):
        explain(world, A, Key("x", "1"))


def test_an_explanation_follows_the_store_and_the_policy(world: Sandbox) -> None:
    """Never answered from yesterday; a policy that has just changed is heeded before devices follow it."""
    assert explain(world, A, B).same
    assert not explain(world.changed(policy=Policy(deny={Kind.SERIAL: frozenset({"SN-10001"})})), A, B).same

    world.push(record("a:1", serial="SN-99999"))

    assert not explain(world, A, B).same


def test_an_explanation_by_rules_that_are_held_says_so(tmp_path: Path) -> None:
    """The stored device is still of the rules before: sentence and graph must not deny it."""
    world = Sandbox(tmp_path)
    pair = [record(key, macs=["3C:52:82:00:00:01"], hostname=key[0] * 5) for key in ("a:1", "b:1")]
    world.take_in(*pair, record("c:1", hostname="pc-3"))
    left_by_other_rules(world, Policy(mac_against_name=OnConflict.JOIN))
    upgrade(world)

    told = explain(world, A, B)

    assert not told.same
    assert told.sentence.endswith(WAITING)
    assert not explain(world, A, C).sentence.endswith(WAITING)
    assert {"a:1", "b:1"} <= set(nx.node_link_graph(graph(world, world.home("a:1")), edges="edges").nodes)


def test_the_graph_of_a_device_reads_back_as_a_graph(world: Sandbox) -> None:
    """Node-link form, records and identifiers as nodes."""
    data = graph(world, world.home("a:1"))
    read = nx.node_link_graph(data, edges="edges")

    assert {"a:1", "b:1"} <= set(read.nodes)
    assert "c:1" not in read.nodes
    assert nx.has_path(read, "a:1", "b:1")


def test_the_graph_of_an_unknown_device_is_not_found(world: Sandbox) -> None:
    """As the device itself is."""
    with pytest.raises(NotFound):
        graph(world, "id-9999")
