"""Components found by joins are those that `DisjointSets` finds in all edges."""

from hypothesis import example, given
from hypothesis import strategies as st

from matching.relations.connecting import connect
from tests.matching.relations import connecting
from tests.matching.relations.duckdb_database import DuckDBDatabase

DATABASE = DuckDBDatabase()

edges = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda edge: (min(edge), max(edge)))


@given(st.lists(edges, max_size=60))
@example([(place, place + 1) for place in range(40)])
@example([(20 - place, 20 + place) for place in range(20)])
@example([(7, 7)])
def test_each_record_of_an_edge_gets_the_smallest_of_its_component(graph: list[tuple[int, int]]) -> None:
    """Whatever the shape; an edge from a record to itself connects nothing."""
    DATABASE.load("edges", "low BIGINT, high BIGINT", graph)
    connecting.connect(DATABASE, "edges", "expected")

    connect(DATABASE, "edges", "found")

    found = list(DATABASE.rows("SELECT record, component FROM found ORDER BY record"))
    assert found == list(DATABASE.rows("SELECT record, component FROM expected ORDER BY record"))
