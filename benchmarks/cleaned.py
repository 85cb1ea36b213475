"""
Records of an NDJSON file as a table in DuckDB, cleaned as `benchmarks.flat` cleans them: what other contenders take.

Whoever uses them would clean in SQL, so their time holds no row that Python touched.
"""

from pathlib import Path

import duckdb

from benchmarks.flat import NO_GUID, NO_SERIAL
from benchmarks.fleet.accessories import LISTED_VPN

SPACE = r" \t\r\n"

READ = rf"""
    CREATE TABLE flat AS
    WITH read AS (
        SELECT provider, id,
               regexp_replace(lower(coalesce(bios_guid, '')), '[^0-9a-f]', '', 'g') AS guid,
               CASE WHEN serial[1] = '[' THEN from_json(serial, '["VARCHAR"]') ELSE [serial] END AS serials,
               list_distinct(flatten(list_transform(coalesce(macs, []), lambda text:
                   list_transform(regexp_split_to_array(lower(text), '[,;{SPACE}]+'), lambda mac:
                       regexp_replace(mac, '[^0-9a-f]', '', 'g'))))) AS macs,
               lower(coalesce(nullif(hostname, ''), name)) AS hostname,
               nullif(lower(company), '') AS company
        FROM read_json($source, format = 'newline_delimited', columns = {{
            provider: 'VARCHAR', id: 'VARCHAR', bios_guid: 'VARCHAR', serial: 'VARCHAR', macs: 'VARCHAR[]',
            hostname: 'VARCHAR', name: 'VARCHAR', company: 'VARCHAR'
        }})
    )
    SELECT row_number() OVER () AS n, provider, id,
           CASE WHEN length(guid) = 32 AND NOT list_contains($no_guid, guid) THEN least(guid,
               guid[7:8] || guid[5:6] || guid[3:4] || guid[1:2] || guid[11:12] || guid[9:10] || guid[15:16]
               || guid[13:14] || guid[17:]) END AS guid,
           list_sort(list_distinct(list_filter(
               list_transform(serials, lambda serial: lower(trim(serial, e'{SPACE}'))),
               lambda serial: serial <> '' AND NOT list_contains($no_serial, serial)))) AS serials,
           list_sort(list_filter(macs, lambda mac: NOT list_contains($no_mac, mac)
               AND strpos('2367abef', mac[2]) = 0)) AS macs,
           nullif(split_part(hostname, '.', 1), '') AS hostname, company
    FROM read
"""
"""A MAC whose second digit is one of those eight is locally administered; a list of serials arrives as its JSON."""


def read(database: duckdb.DuckDBPyConnection, source: Path) -> None:
    """Make the table `flat`: n, provider, id, guid, serials, macs, hostname, company; lists are never null."""
    fillers = {"no_guid": sorted(NO_GUID), "no_serial": sorted(NO_SERIAL), "no_mac": list(LISTED_VPN)}
    database.execute(READ, {"source": str(source), **fillers})
