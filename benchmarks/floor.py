"""
The floor of `bench-match`: exact linking by DuckDB, from an NDJSON file to clusters.csv, as quickly as it will go.

Values are cleaned a little, records that hold an equal one are one device, and that is all: nobody is asked whether a
value is a placeholder, on several boxes, or contradicted. Nothing that does more can be expected to be quicker.
"""

import sys
from pathlib import Path

import duckdb

VALUES = """
    CREATE TABLE flat AS
    SELECT row_number() OVER () AS n, provider, id,
           regexp_replace(lower(bios_guid), '[^0-9a-f]', '', 'g') AS guid,
           list_transform(
               CASE json_type(serial) WHEN 'ARRAY' THEN from_json(serial, '["VARCHAR"]') ELSE [serial ->> '$'] END,
               lambda each: upper(trim(each))
           ) AS serials,
           list_transform(macs, lambda each: regexp_replace(lower(each), '[^0-9a-f]', '', 'g')) AS macs,
           lower(split_part(coalesce(hostname, name), '.', 1)) || '|' || lower(company) AS name
    FROM read_json(?, format = 'newline_delimited', columns = {
        provider: 'VARCHAR', id: 'VARCHAR', bios_guid: 'VARCHAR', serial: 'JSON', macs: 'VARCHAR[]',
        hostname: 'VARCHAR', name: 'VARCHAR', company: 'VARCHAR'
    });
    CREATE TABLE held AS
    WITH said AS (
        SELECT n, 'guid' AS kind, guid AS value FROM flat
        UNION ALL SELECT n, 'serial', unnest(serials) FROM flat
        UNION ALL SELECT n, 'mac', unnest(macs) FROM flat
        UNION ALL SELECT n, 'name', name FROM flat
    )
    SELECT first, n FROM (
        SELECT min(n) OVER (PARTITION BY kind, value) AS first, n FROM said WHERE length(value) > 3
    ) WHERE first <> n;
    CREATE TABLE label AS SELECT n, n AS device FROM flat;
"""

ROUND = """
    CREATE OR REPLACE TABLE lower AS
    SELECT n, min(device) AS device FROM (
        SELECT held.n, label.device FROM held JOIN label ON label.n = held.first
        UNION ALL SELECT held.first, label.device FROM held JOIN label ON label.n = held.n
        UNION ALL FROM label
    ) GROUP BY n;
    CREATE OR REPLACE TABLE jumped AS
    SELECT lower.n, head.device FROM lower JOIN lower AS head ON head.n = lower.device;
"""
"""Every record takes the least label around it, then that one's label: rounds grow with the logarithm of a chain."""


def link(source: Path, target: Path) -> None:
    """Write the connected components of equal values."""
    with duckdb.connect() as database:
        create, *rest = [statement for statement in VALUES.split(";") if statement.strip()]
        database.execute(create, [str(source)])
        for statement in rest:
            database.execute(statement)
        while True:
            database.execute(ROUND)
            moved = database.execute(
                "SELECT count(*) FROM jumped JOIN label USING (n) WHERE jumped.device <> label.device"
            )
            if moved.fetchall() == [(0,)]:
                break
            database.execute("CREATE OR REPLACE TABLE label AS FROM jumped")
        database.execute(
            f"COPY (SELECT provider, id, 'd-' || device AS device_id FROM flat JOIN label USING (n)"
            f" ORDER BY provider, id) TO '{target}' (HEADER)"
        )


if __name__ == "__main__":
    link(Path(sys.argv[1]), Path(sys.argv[2]))
