"""Number the records in order of key, and fill the tables of `matching.relations` from what was read of them."""

from collections.abc import Iterator
from itertools import chain

from matching.calibration.proportions import sampling_checksum
from matching.relations.database import SqlRow
from matching.relations.tables import HELD, LINKS, RECORDS, TABLES
from service.columns.database import DuckDBTables
from service.columns.lines import OFFSET_BITS
from service.columns.others import OTHER

PLACES = "places"
"""The table that says where the line of each record is."""

PIECE = 20_000
"""Rows that are fetched at a time."""

_NUMBERS = """
    SELECT row_number() OVER (ORDER BY provider, id) - 1 AS record, position, length, provider, id
    FROM keys ANTI JOIN repeated USING (position)
"""
_PLACES = f"""
    SELECT record, (position >> {OFFSET_BITS})::INTEGER AS file, position & {(1 << OFFSET_BITS) - 1} AS start, length
    FROM numbers
"""
_ROWS = {
    RECORDS: f"""
        SELECT numbers.record, numbers.provider, numbers.id, id_checksums.checksum, companies.key, companies.name,
            coalesce(own.hostname, shown.hostname), coalesce(own.checksum, shown.checksum),
            own.hostname IS NOT NULL, coalesce(own.is_generic, shown.is_generic, false), states.live, said.value
        FROM numbers
        JOIN id_checksums ON id_checksums.record = numbers.record
        JOIN fields ON fields.position = numbers.position
        JOIN companies ON companies.provider = fields.provider
            AND companies.company_id IS NOT DISTINCT FROM fields.company_id
            AND companies.company IS NOT DISTINCT FROM fields.company
        JOIN states ON states.status IS NOT DISTINCT FROM fields.status
            AND states.active IS NOT DISTINCT FROM fields.active
        LEFT JOIN hostnames AS own ON own.text = fields.hostname
        LEFT JOIN hostnames AS shown ON shown.text = fields.name
        LEFT JOIN said ON said.position = fields.position AND said.kind = 'bios_guid' AND said.standing = 'own'
        UNION ALL
        SELECT numbers.record, others.* EXCLUDE (record)
        FROM {OTHER}{RECORDS} AS others JOIN numbers ON numbers.position = others.record
    """,
    HELD: f"""
        SELECT DISTINCT numbers.record, numbers.provider, records.live, said.kind, said.value, said.standing,
            said.checksum, NULL, NULL
        FROM said
        JOIN numbers ON numbers.position = said.position
        JOIN {RECORDS} AS records ON records.record = numbers.record
        WHERE said.standing IN ('own', 'weak')
        UNION ALL
        SELECT numbers.record, others.* EXCLUDE (record)
        FROM {OTHER}{HELD} AS others JOIN numbers ON numbers.position = others.record
    """,
    LINKS: f"""
        SELECT numbers.record, linked.provider, linked.id
        FROM linked JOIN numbers ON numbers.position = linked.position
        UNION ALL
        SELECT numbers.record, others.provider, others.id
        FROM {OTHER}{LINKS} AS others JOIN numbers ON numbers.position = others.record
    """,
}


def fill_tables(tables: DuckDBTables) -> int:
    """
    Fill the tables `records`, `held`, `links` and `places(record, file, start, length)`; return the number of records.

    A place is where a line is, without its line end.
    """
    tables.table("numbers", _NUMBERS)
    tables.load("id_checksums", "record BIGINT, checksum BIGINT", _id_checksums(tables))
    for name, select in _ROWS.items():
        tables.load(name, TABLES[name], ())
        tables.connection.execute(f"INSERT INTO {name} {select}")
    tables.table(PLACES, _PLACES)
    [(count,)] = tables.rows("SELECT count(*) FROM numbers")
    return int(count)


def _id_checksums(tables: DuckDBTables) -> Iterator[SqlRow]:
    cursor = tables.connection.cursor()
    cursor.execute("SELECT record, id FROM numbers")
    rows = chain.from_iterable(iter(lambda: cursor.fetchmany(PIECE), []))
    return ((record, sampling_checksum(name)) for record, name in rows)
