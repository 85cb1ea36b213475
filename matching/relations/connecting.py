"""
Connected components of a table of edges, for one machine: nearly all of them by two joins, the rest by `DisjointSets`.

Records are connected with the first that has a value in common with them, so most edges lead to the smallest record of
a component. Only edges between records that do not get the same number by that come to Python.
"""

from matching.disjoint_sets import DisjointSets
from matching.relations.database import SqlDatabase

# Each record of an edge with its smallest neighbour, if that is smaller than the record itself.
NEIGHBOURS = """
    SELECT ends.record, min(ends.neighbour) AS neighbour
    FROM (
        SELECT edges_to_connect.high AS record, edges_to_connect.low AS neighbour FROM edges_to_connect
        UNION ALL
        SELECT edges_to_connect.low, edges_to_connect.low FROM edges_to_connect
    ) AS ends
    GROUP BY ends.record
"""

# The smallest neighbour of that one: a record that is connected, and no larger than the record.
LABELS = """
    SELECT neighbours.record, of_neighbours.neighbour AS label
    FROM neighbours
    JOIN neighbours AS of_neighbours ON of_neighbours.record = neighbours.neighbour
"""

LABEL_EDGES = """
    SELECT DISTINCT one.label AS low, other.label AS high
    FROM edges_to_connect
    JOIN labels AS one ON one.record = edges_to_connect.low
    JOIN labels AS other ON other.record = edges_to_connect.high
    WHERE one.label <> other.label
"""

CONNECTED = """
    SELECT labels.record, coalesce(connected_labels.component, labels.label) AS component
    FROM labels
    LEFT JOIN connected_labels ON connected_labels.label = labels.label
"""


def connect(database: SqlDatabase, edges: str, out: str) -> None:
    """
    Make a table of components out of a table of edges (`matching.relations.components.Connect`).

    Complexity: linear, but for the labels that are still to be connected, which are renumbered and held in memory.
    """
    database.table("edges_to_connect", f"SELECT {edges}.low, {edges}.high FROM {edges}")  # noqa: S608 - the name of a table
    database.table("neighbours", NEIGHBOURS)
    database.table("labels", LABELS)
    pairs = list(database.rows(LABEL_EDGES))
    labels = sorted({label for pair in pairs for label in pair})
    positions = {label: position for position, label in enumerate(labels)}
    sets = DisjointSets(len(labels))
    for low, high in pairs:
        sets.union((positions[low], positions[high]))
    connected = [(label, labels[sets.find(position)]) for position, label in enumerate(labels)]
    database.load("connected_labels", "label BIGINT, component BIGINT", connected)
    database.table(out, CONNECTED)
