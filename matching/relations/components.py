"""
The components of all records, from tables: the counterpart of `matching.clustering.components`.

Records are connected with the first that has a value in common with them, so a value of n records gives n - 1 edges.
Nothing comes to Python.
"""

from collections.abc import Callable, Sequence

from matching.clustering.blocking import TEXT_FAMILIES, VALUE_FAMILIES
from matching.model import Key
from matching.relations.database import SqlDatabase

Connect = Callable[[SqlDatabase, str, str], None]
"""
Makes a table of components out of a table of edges; both are given by name.

An edge is two numbers, `low` and `high`. The other table has each number of an edge as `record`, and as `component`
the smallest number that edges connect it with.
"""

# Two records of one customer whose hostnames may be the same name, one of them truncated.
LONG_HOSTNAMES = """
    SELECT usable_records.record, 'long hostname' AS family, usable_records.customer AS text,
        CASE WHEN ambiguous_prefixes.prefix IS NULL THEN usable_records.prefix ELSE usable_records.hostname END
            AS text_2,
        '' AS text_3
    FROM usable_records
    LEFT JOIN ambiguous_prefixes
        ON ambiguous_prefixes.customer = usable_records.customer AND ambiguous_prefixes.prefix = usable_records.prefix
    WHERE usable_records.customer IS NOT NULL AND usable_records.has_long_hostname
"""

MEETING_VALUES = " UNION ALL ".join(family.select for family in VALUE_FAMILIES)

MEETING_TEXTS = " UNION ALL ".join((*(family.select for family in TEXT_FAMILIES), LONG_HOSTNAMES))

EDGES = """
    SELECT DISTINCT met.low, met.high
    FROM (
        SELECT min(meeting_values.record) OVER (PARTITION BY meeting_values.number) AS low,
            meeting_values.record AS high
        FROM meeting_values
        UNION ALL
        SELECT
            min(meeting_texts.record) OVER (
                PARTITION BY meeting_texts.family, meeting_texts.text, meeting_texts.text_2, meeting_texts.text_3
            ) AS low,
            meeting_texts.record AS high
        FROM meeting_texts
        UNION ALL
        SELECT CASE WHEN one.record < other.record THEN one.record ELSE other.record END,
            CASE WHEN one.record < other.record THEN other.record ELSE one.record END
        FROM decided_same
        JOIN records AS one ON one.provider = decided_same.provider AND one.id = decided_same.id
        JOIN records AS other
            ON other.provider = decided_same.other_provider AND other.id = decided_same.other_id
    ) AS met
    WHERE met.low < met.high
"""

FIRST_COMPONENTS = """
    SELECT records.record, coalesce(connected.component, records.record) AS component
    FROM records
    LEFT JOIN connected ON connected.record = records.record
"""

# A record may belong to the customers of all records that it is connected with.
POSSIBLE_CUSTOMERS = """
    SELECT DISTINCT first_components.component, usable_records.customer
    FROM first_components
    JOIN usable_records ON usable_records.record = first_components.record
    WHERE usable_records.customer IS NOT NULL
"""

HOSTNAMES = """
    SELECT names.component, possible_customers.customer,
        CASE WHEN ambiguous_prefixes.prefix IS NULL THEN names.prefix ELSE names.hostname END AS hostname
    FROM (
        SELECT DISTINCT first_components.component, usable_records.prefix, usable_records.hostname
        FROM first_components
        JOIN usable_records ON usable_records.record = first_components.record
        WHERE usable_records.hostname IS NOT NULL
    ) AS names
    JOIN possible_customers ON possible_customers.component = names.component
    LEFT JOIN ambiguous_prefixes
        ON ambiguous_prefixes.customer = possible_customers.customer AND ambiguous_prefixes.prefix = names.prefix
"""

HOSTNAME_EDGES = """
    SELECT DISTINCT met.low, met.high
    FROM (
        SELECT
            min(meeting_hostnames.component) OVER (
                PARTITION BY meeting_hostnames.customer, meeting_hostnames.hostname
            ) AS low,
            meeting_hostnames.component AS high
        FROM meeting_hostnames
    ) AS met
    WHERE met.low < met.high
"""

COMPONENTS = """
    SELECT first_components.record, coalesce(connected_components.component, first_components.component) AS component
    FROM first_components
    LEFT JOIN connected_components ON connected_components.record = first_components.component
"""


def find_components(database: SqlDatabase, same: Sequence[tuple[Key, Key]], connect: Connect) -> None:
    """
    Make `components`, each record with the smallest record of its component, from what is usable (`make_usable`).

    Args:
        same: The pairs of records that people decided to be the same box; they connect records as well.
    """
    columns = "provider STRING, id STRING, other_provider STRING, other_id STRING"
    database.load("decided_same", columns, [(*one, *other) for one, other in same])
    database.table("meeting_values", MEETING_VALUES)
    database.table("meeting_texts", MEETING_TEXTS)
    database.table("edges", EDGES)
    connect(database, "edges", "connected")
    database.table("first_components", FIRST_COMPONENTS)
    database.table("possible_customers", POSSIBLE_CUSTOMERS)
    database.table("meeting_hostnames", HOSTNAMES)
    database.table("hostname_edges", HOSTNAME_EDGES)
    connect(database, "hostname_edges", "connected_components")
    database.table("components", COMPONENTS)
