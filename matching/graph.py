"""
The networkx identity graph: records on one side, the identifiers that they carry on the other.

Two records are neighbours through an identifier, so a path from record to record reads as a chain of evidence.
"""

from collections.abc import Iterable, Sequence

import networkx as nx

from matching.identity import Identity, shown
from matching.model import Key, Kind

Graph = nx.Graph

COST = {Kind.BIOS_GUID: 1.0, Kind.SERIAL: 1.25, Kind.LINK: 1.5, Kind.MAC: 2.0, Kind.HOSTNAME: 4.0}
"""Lengths of an edge: the shortest path is the chain with the fewest and the strongest links."""


def identity_graph(identities: Iterable[Identity], same: Iterable[tuple[Key, Key]]) -> "Graph[str]":
    """
    Return the graph of some records: node `provider:id` a record, `kind=value` an identifier, an edge a claim.

    Records that a person declared to be the same are joined directly.
    """
    records = list(identities)
    present = {identity.key for identity in records}
    linked = {link for identity in records for link in identity.links}
    graph: Graph[str] = nx.Graph()
    for identity in records:
        node = str(identity.key)
        graph.add_node(node, label=node, kind="record", provider=identity.key.provider, live=identity.live)
        for kind, value, weak in _carried(identity, linked):
            identifier = f"{kind}={value}"
            graph.add_node(identifier, label=shown(kind, value), kind=str(kind), weak=weak)
            graph.add_edge(node, identifier, kind=str(kind), cost=COST[kind] * (2 if weak else 1))
    for left, right in sorted((min(pair), max(pair)) for pair in same):  # of equal chains the first edge made is told
        if left in present and right in present:
            graph.add_edge(str(left), str(right), kind="decision", cost=0.5)
    return graph


def strongest_path(graph: "Graph[str]", left: Key, right: Key) -> list[str]:
    """Return the nodes of the strongest chain between two records, both ends included; empty if there is none."""
    try:
        return list(nx.shortest_path(graph, str(left), str(right), weight="cost"))
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return []


def _carried(identity: Identity, linked: set[Key]) -> Sequence[tuple[Kind, str, bool]]:
    """What a record carries, and whether it is weak; a record that another one links to carries its own key."""
    links = (*identity.links, identity.key) if identity.key in linked else identity.links
    return [
        *((kind, value, False) for kind, value in identity.values()),
        *((Kind.LINK, str(link), False) for link in links),
        *((kind, value, True) for kind, value in identity.weak),
    ]
