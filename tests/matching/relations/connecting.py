"""Components of a table of edges by `DisjointSets`, for the numbers of small fleets."""

from matching.disjoint_sets import DisjointSets
from matching.relations.database import SqlDatabase


def connect(database: SqlDatabase, edges: str, out: str) -> None:
    """Make a table of components out of a table of edges (`matching.relations.components.Connect`)."""
    pairs = list(database.rows(f"SELECT {edges}.low, {edges}.high FROM {edges}"))
    sets = DisjointSets(max((high for _, high in pairs), default=0) + 1)
    for pair in pairs:
        sets.union(pair)
    found = [(record, sets.find(record)) for record in sorted({record for pair in pairs for record in pair})]
    database.load(out, "record BIGINT, component BIGINT", found)
