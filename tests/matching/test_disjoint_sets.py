"""Union-find gives the connected components of a graph."""

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from matching.disjoint_sets import DisjointSets

SIZE = 12

unions = st.lists(st.lists(st.integers(0, SIZE - 1), min_size=1, max_size=4), max_size=10)


@given(unions)
def test_the_sets_are_the_connected_components(joined: list[list[int]]) -> None:
    """Checked against networkx on random graphs; sorted sets, in order of their smallest member."""
    graph: nx.Graph[int] = nx.empty_graph(SIZE)
    sets = DisjointSets(SIZE)
    for positions in joined:
        sets.union(positions)
        nx.add_path(graph, positions)
    components = sorted(sorted(component) for component in nx.connected_components(graph))

    assert sets.sets() == [component for component in components if len(component) > 1]
    assert [sets.find(position) for position in range(SIZE)] == [
        next(component[0] for component in components if position in component) for position in range(SIZE)
    ]


def test_positions_that_nobody_united_are_in_no_set() -> None:
    """A set has two members or more."""
    sets = DisjointSets(3)
    sets.union([1])

    assert sets.sets() == []
