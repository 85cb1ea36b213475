"""Components found by steps over tables are those that a disjoint-set forest finds."""

import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from tests.service.spark.requirements import require_spark

require_spark()

from matching.disjoint_sets import DisjointSets
from service.spark.components import connect
from tests.service.spark.sessions import spark_tables

Edge = tuple[int, int]


def graphs() -> list[Edge]:
    """Return edges of a long path, a path in random order, a star, a ring, and many small graphs; none touch."""
    draw = random.Random(18)
    order = draw.sample(range(1000, 1040), 40)
    edges = [(place, place + 1) for place in range(40)]
    edges += list(pairwise(order))
    edges += [(2000, 2000 + place) for place in range(1, 30)]
    edges += [(3000 + place, 3000 + (place + 1) % 17) for place in range(17)]
    edges += [(4000 + draw.randrange(150), 4000 + draw.randrange(150)) for _ in range(90)]
    return [(min(edge), max(edge)) for edge in edges]


def expected(edges: Iterable[Edge]) -> set[tuple[int, int]]:
    """Return record and smallest record of each component of two or more."""
    sets = DisjointSets(5000)
    for edge in edges:
        sets.union(edge)
    return {(record, min(found)) for found in sets.sets() for record in found}


def test_each_record_gets_the_smallest_of_its_component(tmp_path: Path) -> None:
    """Whatever the shape; an edge from a record to itself connects nothing, and no edge at all is no component."""
    with spark_tables(tmp_path) as tables:
        tables.load("edges", "low BIGINT, high BIGINT", graphs())
        connect(tables, "edges", "components")
        found = list(tables.rows("SELECT record, component FROM components"))
        tables.load("none", "low BIGINT, high BIGINT", [(7, 7)])
        connect(tables, "none", "nothing")
        nothing = list(tables.rows("SELECT record, component FROM nothing"))

    assert set(found) == expected(graphs())
    assert len(found) == len(set(found))
    assert nothing == []
