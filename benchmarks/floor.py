"""
The floor of `bench-match`: exact linking, from an NDJSON file to clusters.csv, as quickly as it will go.

DuckDB reads the file and cleans values a little, SciPy finds the components of records that hold an equal one, and that
is all: nobody is asked whether a value is a placeholder, on several boxes, or contradicted. Nothing that does more can
be expected to be quicker.
"""

import sys
from pathlib import Path

import duckdb
import numpy
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

READ = """
    CREATE TABLE flat AS
    SELECT provider, id,
           translate(lower(bios_guid), '{}- ', '') AS guid,
           CASE WHEN serial[1] = '[' THEN from_json(serial, '["VARCHAR"]') ELSE [serial] END AS serials,
           macs,
           lower(split_part(coalesce(hostname, name), '.', 1)) || '|' || lower(company) AS name
    FROM read_json(?, format = 'newline_delimited', columns = {
        provider: 'VARCHAR', id: 'VARCHAR', bios_guid: 'VARCHAR', serial: 'VARCHAR', macs: 'VARCHAR[]',
        hostname: 'VARCHAR', name: 'VARCHAR', company: 'VARCHAR'
    })
"""
"""A list of serials arrives as its JSON."""

HELD = """
    SELECT n, hash(kind, value) AS value FROM (
        SELECT rowid AS n, 'guid' AS kind, guid AS value FROM flat
        UNION ALL SELECT rowid, 'serial', upper(trim(unnest(serials))) FROM flat
        UNION ALL SELECT rowid, 'mac', translate(lower(unnest(macs)), ':-. {}"', '') FROM flat
        UNION ALL SELECT rowid, 'name', name FROM flat
    ) WHERE length(value) > 3
"""
"""
Values as hashes of 64 bits: among millions, two values that share one are not to be expected.

Separators are taken out by name: a pattern for all but digits took a quarter longer, for the same values.
"""


def link(source: Path, target: Path) -> None:
    """Write the connected components of equal values; rows stand in no order."""
    with duckdb.connect() as database:
        database.execute("SET preserve_insertion_order = false")
        database.execute(READ, [str(source)])
        held = database.execute(HELD).fetchnumpy()
        ((size,),) = database.execute("SELECT count(*) FROM flat").fetchall()
        order = numpy.argsort(held["value"])
        values, rows = held["value"][order], held["n"][order]
        equal = numpy.flatnonzero(values[1:] == values[:-1])  # the holders of one value become a chain
        edges = coo_array((numpy.ones(len(equal), bool), (rows[equal], rows[equal + 1])), shape=(size, size))
        devices = connected_components(edges, directed=False)[1]
        database.register("labels", {"n": numpy.arange(size), "device": devices})
        database.execute(
            f"COPY (SELECT provider, id, 'd-' || device AS device_id FROM flat JOIN labels ON n = flat.rowid)"
            f" TO '{target}' (HEADER)"
        )


if __name__ == "__main__":
    link(Path(sys.argv[1]), Path(sys.argv[2]))
