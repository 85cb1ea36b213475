"""
The identity graph (networkx): a bipartite graph of records and the identifiers that they carry.

A path from record to record leads through the identifiers that they share, and so is a chain of evidence.
"""

from collections.abc import Iterable, Sequence

import networkx as nx

from matching.evidence.identity import Identity
from matching.model import Key, Kind
from matching.values.spelling import shown

Graph = nx.Graph


def identity_graph(identities: Iterable[Identity], same: Iterable[tuple[Key, Key]]) -> "Graph[str]":
    """
    Return the graph of some records.

    A node `provider:id` is a record, `kind=value` an identifier, and an edge says that the record carries it. Records
    that a person decided to be the same have an edge of their own.
    """
    records = list(identities)
    present = {identity.key for identity in records}
    linked = {link for identity in records for link in identity.links}
    graph: Graph[str] = nx.Graph()
    for identity in records:
        node = str(identity.key)
        graph.add_node(node, label=node, kind="record", provider=identity.key.provider, live=identity.live)
        for kind, value, weak in _carried(identity, linked):
            text = shown(kind, value)
            identifier = f"{kind}={text}"
            graph.add_node(identifier, label=text, kind=str(kind), weak=weak)
            graph.add_edge(node, identifier, kind=str(kind), weak=weak)
    for left, right in sorted((min(pair), max(pair)) for pair in same):
        if left in present and right in present:
            graph.add_edge(str(left), str(right), kind="decision")
    return graph


def _carried(identity: Identity, linked: set[Key]) -> Sequence[tuple[Kind, str, bool]]:
    """The identifiers of a record, and whether each is weak; a record that is linked to carries its own key."""
    links = (*identity.links, identity.key) if identity.key in linked else identity.links
    return [
        *((kind, value, False) for kind, value in identity.values()),
        *((Kind.LINK, str(link), False) for link in links),
        *((kind, value, True) for kind, value in identity.weak),
    ]
