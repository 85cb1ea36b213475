"""The identity graph has the records on one side and the identifiers that they carry on the other."""

import networkx as nx
from hypothesis import given

from matching.evidence.identity import identify
from matching.model import Key, Record
from matching.policy import Policy
from matching.results.graph import identity_graph
from matching.values.spelling import shown
from tests.matching.fleets import fleets
from tests.matching.stories import identity


@given(fleets())
def test_records_meet_through_identifiers_alone(fleet: list[Record]) -> None:
    """Without decisions the graph is bipartite, and each record carries all that it says."""
    identities = [identify(record, Policy()) for record in fleet]
    graph = identity_graph(identities, [])
    records = {node for node in graph if graph.nodes[node]["kind"] == "record"}

    assert records == {str(said.key) for said in identities}
    assert all((one in records) != (other in records) for one, other in graph.edges)
    for said in identities:
        carried = {f"{kind}={shown(kind, value)}" for kind, value in (*said.values(), *said.weak)}
        assert carried <= set(graph.neighbors(str(said.key)))


def test_a_path_reads_as_evidence() -> None:
    """Record, identifier, record; identifiers are written as everywhere else."""
    graph = identity_graph([identity("a:1", macs=["3C:52:82:00:00:01"]), identity("b:1", macs=["3c5282000001"])], [])

    assert nx.shortest_path(graph, "a:1", "b:1") == ["a:1", "mac=3C:52:82:00:00:01", "b:1"]
    assert graph.nodes["mac=3C:52:82:00:00:01"]["label"] == "3C:52:82:00:00:01"


def test_a_decision_is_an_edge_of_its_own() -> None:
    """Between records that are there; others are left out."""
    same = [(Key("b", "1"), Key("a", "1")), (Key("a", "1"), Key("z", "9"))]
    graph = identity_graph([identity("a:1"), identity("b:1")], same)

    assert list(graph.edges(data="kind")) == [("a:1", "b:1", "decision")]


def test_a_linked_record_carries_its_own_key() -> None:
    """So that a link is a path like any other."""
    graph = identity_graph([identity("a:1", links=[{"provider": "b", "id": "7"}]), identity("b:7")], [])

    assert nx.shortest_path(graph, "a:1", "b:7") == ["a:1", "link=b:7", "b:7"]
