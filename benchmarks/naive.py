"""
Exact linking, as one would do it in an afternoon: clean a little, join on equal values, take connected components.

GUID, serial, MAC, and hostname with company name. `raw` takes every value; `cleaned` is given, for nothing, each filler
that the generator uses and each constant of a cloud, hostnames cut to their first label, and GUIDs without regard to
byte order.
"""

from collections.abc import Iterable, Sequence
from time import perf_counter

import duckdb
from networkx.utils import UnionFind

from benchmarks.flat import Flat, flat
from benchmarks.fleet import Fleet
from benchmarks.scoring import Result, result
from matching.model import Key

PAIRS = """
    WITH held AS (
        SELECT n, 'guid' AS kind, guid AS value FROM flat
        UNION SELECT n, 'serial', unnest(serials) FROM flat
        UNION SELECT n, 'mac', unnest(macs) FROM flat
        UNION SELECT n, 'name', hostname || '|' || company FROM flat
    )
    SELECT first, n FROM (SELECT min(n) OVER (PARTITION BY kind, value) AS first, n FROM held WHERE value IS NOT NULL)
    WHERE first <> n
"""


def link(fleet: Fleet) -> Iterable[Result]:
    """Score exact linking of raw and of cleaned values."""
    for name, cleaned in (("raw", False), ("cleaned", True)):
        start = perf_counter()
        with duckdb.connect() as database:
            load(database, [flat(n, row, cleaned) for n, row in enumerate(fleet.records)])
            clusters = components(len(fleet.records), database.execute(PAIRS).fetchall())
        found = {Key(row["provider"], row["id"]): name for row, name in zip(fleet.records, clusters, strict=True)}
        yield result(f"naive exact, {name}", fleet, found, perf_counter() - start)


def load(database: duckdb.DuckDBPyConnection, rows: Sequence[Flat]) -> None:
    """Make the table `flat`."""
    database.execute(
        "CREATE TABLE flat AS SELECT unnest(?::INTEGER[]) AS n, unnest(?::VARCHAR[]) AS guid,"
        " unnest(?::VARCHAR[][]) AS serials, unnest(?::VARCHAR[][]) AS macs,"
        " unnest(?::VARCHAR[]) AS hostname, unnest(?::VARCHAR[]) AS company",
        [list(column) for column in zip(*rows, strict=True)],
    )


def components(records: int, pairs: Iterable[tuple[int, int]]) -> list[str]:
    """Return each record's connected component, named by one of its records."""
    joined = UnionFind(range(records))
    for left, right in pairs:
        joined.union(left, right)
    return [str(joined[n]) for n in range(records)]
