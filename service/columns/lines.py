"""
Read the lines of files into tables: the fields of ordinary lines, and where all other lines are.

A line is ordinary if it is JSON of a plain form in which every field that says anything of a device has the type that
the feed record gives it: then DuckDB reads out of it what `service.ingest.ndjson.read_line` does. Nothing is said here
about any other line. A line is known by its position (`position_of`), by which lines are in order of file and line.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate
from os import pread
from queue import SimpleQueue
from typing import NamedTuple

import duckdb
import orjson

from matching.model import Kind
from service.columns.database import DuckDBTables
from service.columns.forms import ORDINARY_LINE, TEXT_MEMBERS
from service.columns.spellings import sql_value
from service.core.progress import Progress
from service.ingest.linefiles import Block, Descriptors, LineFiles, Place
from service.ingest.ndjson import MAX_LINE

BLOCK = 8 * 1024 * 1024
"""Bytes of lines that become rows at a time: the statements are planned anew for each."""

LONGEST = 64 * 1024
"""Bytes of an ordinary line at most, so that none of its fields is too long."""

MOST_TEXTS, MOST_ADAPTERS = 256, 16
"""Serials or links, and texts of MACs (some hold several), of an ordinary record at most: so few count all."""

OFFSET_BITS = 44
"""Bits of a position that say where in its file a line begins."""

_SCHEMA = {
    **dict.fromkeys(("provider", "id", "serial", *TEXT_MEMBERS), "VARCHAR"),
    **{"macs": ["VARCHAR"], "links": [{"provider": "VARCHAR", "id": "VARCHAR"}], "active": "BOOLEAN"},
}

_FIELDS = (
    "position BIGINT, length BIGINT, provider STRING, id STRING, company_id STRING, company STRING, type STRING,"
    " status STRING, active BOOLEAN, manufacturer STRING, model STRING, hostname STRING, name STRING"
)
_TABLES = {
    "fields": _FIELDS,
    "texts": "position BIGINT, kind kinds, text STRING",
    "linked": "position BIGINT, provider STRING, id STRING",
    "others": "position BIGINT, length BIGINT, number BIGINT",
}

_READ = f"""
    CREATE OR REPLACE TEMP TABLE parsed AS
    SELECT position, length, names, field.*,
        coalesce(
            strlen(field.provider) <= 100 AND strlen(field.id) <= 200
            AND coalesce(len(field.macs), 0) <= {MOST_ADAPTERS}
            AND NOT (starts_with(coalesce(field.serial, ''), '[') AND strlen(field.serial) > {3 * MOST_TEXTS})
            AND (field.links IS NULL OR len(field.links) <= {MOST_TEXTS} AND len(list_filter(
                field.links, lambda link: strlen(link.provider) > 100 OR strlen(link.id) > 200)) = 0),
            false
        ) AS is_ordinary
    FROM (
        SELECT position, strlen(line) AS length, array_to_string(json_keys(line), chr(1)) AS names,
            from_json(line, '{orjson.dumps(_SCHEMA).decode()}') AS field
        FROM (
            SELECT unnest(string_split(block.text, chr(10))) AS line, unnest(block.starts) AS position
            FROM (SELECT $text AS text, from_json($starts, '["BIGINT"]') AS starts) AS block
        )
        WHERE strlen(line) <= {LONGEST} AND regexp_full_match(line, '{ORDINARY_LINE}')
    )
"""
_DOUBTFUL = """
    CREATE OR REPLACE TEMP TABLE doubtful AS
    SELECT position FROM parsed WHERE NOT is_ordinary
    UNION
    SELECT position FROM parsed SEMI JOIN (
        SELECT names FROM parsed GROUP BY names
        HAVING len(list_distinct(string_split(any_value(names), chr(1)))) < len(string_split(any_value(names), chr(1)))
    ) AS repeating USING (names)
"""
_OTHERS = f"""
    INSERT INTO others
    SELECT position, least(length, {MAX_LINE + 1}), number
    FROM (
        SELECT unnest(block.starts) AS position, unnest(block.lengths) AS length,
            $first + unnest(range(len(block.starts))) AS number
        FROM (SELECT from_json($starts, '["BIGINT"]') AS starts, from_json($lengths, '["BIGINT"]') AS lengths) AS block
    )
    ANTI JOIN (FROM parsed ANTI JOIN doubtful USING (position)) AS ordinary USING (position)
"""
_ORDINARY = "(FROM parsed ANTI JOIN doubtful USING (position))"
_LISTED_SERIALS = f"""
    SELECT position, unnest(from_json(serial, '["VARCHAR"]')) AS text FROM {_ORDINARY} WHERE starts_with(serial, '[')
"""
_KEEP = (
    f"""
    INSERT INTO fields
    SELECT position, length, provider, id, company_id, company, type, status, active, manufacturer, model,
        {sql_value(Kind.HOSTNAME, "hostname")}, {sql_value(Kind.HOSTNAME, "name")}
    FROM {_ORDINARY}
    """,
    f"""
    INSERT INTO texts
    SELECT position, 'bios_guid', {sql_value(Kind.BIOS_GUID, "bios_guid")} FROM {_ORDINARY} WHERE bios_guid <> ''
    UNION ALL
    SELECT position, 'serial', {sql_value(Kind.SERIAL, "serial")} FROM {_ORDINARY}
    WHERE serial <> '' AND NOT starts_with(serial, '[')
    UNION ALL
    SELECT DISTINCT position, 'serial', {sql_value(Kind.SERIAL, "text")} FROM ({_LISTED_SERIALS})
    UNION ALL
    SELECT DISTINCT position, 'mac', {sql_value(Kind.MAC, "text")}
    FROM (SELECT position, unnest(macs) AS text FROM {_ORDINARY})
    """,
    f"""
    INSERT INTO linked
    SELECT position, link.provider, link.id
    FROM (SELECT position, unnest(links) AS link FROM {_ORDINARY} WHERE links IS NOT NULL)
    """,
)

_NO_NUL = bytes.maketrans(b"\0", b"\x7f")
_ASCII = bytes(byte if 0 < byte < 0x80 else 0x7F for byte in range(256))


class Lines(NamedTuple):
    """The lines of a block: a text of as many bytes, each line's position and length, and the first one's number."""

    text: str
    positions: Sequence[int]
    lengths: Sequence[int]
    first: int


def position_of(file: int, offset: int) -> int:
    """Return the position of a line: its file, and where it begins in that."""
    return file << OFFSET_BITS | offset


def place_of(position: int, length: int) -> Place:
    """Return where the line at a position is."""
    return Place(position >> OFFSET_BITS, position & (1 << OFFSET_BITS) - 1, length)


def read_lines(tables: DuckDBTables, files: LineFiles, progress: Progress) -> None:
    """
    Fill the tables `fields`, `texts`, `linked` and `others` from the lines of files.

    `texts` has what is written in the fields of the BIOS GUID, the serial and the MACs (`sql_value`), and `hostname`
    and `name` in `fields` are such texts. `others` has the lines that are not ordinary, with their numbers from 1.
    """
    for name, columns in _TABLES.items():
        tables.connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
    [(threads,)] = tables.rows("SELECT current_setting('threads')")
    read = 0
    with ThreadPoolExecutor(threads) as executor:
        keeper = _Keeper(tables.connection, threads)
        waiting = deque[Future[None]]()
        for lines in _blocks(files):
            waiting.append(executor.submit(keeper.keep, lines))
            if len(waiting) > threads:  # no more than one of them waits in memory
                waiting.popleft().result()
            read += len(lines.positions)
            progress("lines", read)
        for each in waiting:
            each.result()


class _Keeper:
    """What puts lines into tables, in any thread: DuckDB works on several at once, each on a connection of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, threads: int) -> None:
        self._cursors = SimpleQueue[duckdb.DuckDBPyConnection]()
        for _ in range(threads):
            self._cursors.put(connection.cursor())

    def keep(self, lines: Lines) -> None:
        cursor = self._cursors.get()
        starts, lengths = (orjson.dumps(numbers).decode() for numbers in (lines.positions, lines.lengths))
        cursor.execute(_READ, {"text": lines.text, "starts": starts})
        cursor.execute(_DOUBTFUL)
        for insert in _KEEP:
            cursor.execute(insert)
        [(ordinary,)] = cursor.execute(f"SELECT count(*) FROM {_ORDINARY}").fetchall()
        if ordinary < len(lines.positions):
            cursor.execute(_OTHERS, {"starts": starts, "lengths": lengths, "first": lines.first})
        self._cursors.put(cursor)


def _blocks(files: LineFiles) -> Iterator[Lines]:
    """Yield all lines of all files, in order."""
    descriptors = files.descriptors
    file, first = -1, 1
    for block in files.blocks_of(BLOCK):
        file, first = block.file, (first if block.file == file else 1)
        is_long = block.end - block.start > 2 * BLOCK  # of a line of any length the beginning alone is read
        lines = _long_lines(descriptors, block, first) if is_long else _lines(descriptors, block, first)
        yield lines
        first += len(lines.positions)


def _lines(files: Descriptors, block: Block, first: int) -> Lines:
    data = pread(files.numbers[block.file], block.end - block.start, block.start).removesuffix(b"\n")
    lengths = list(map(len, data.split(b"\n")))
    *positions, _ = accumulate(
        lengths, lambda start, length: start + length + 1, initial=position_of(block.file, block.start)
    )
    return Lines(_text(data), positions, lengths, first)


def _long_lines(files: Descriptors, block: Block, first: int) -> Lines:
    starts, lines = zip(*((start, line.removesuffix(b"\n")) for start, line in files.lines(block)), strict=True)
    positions = [position_of(block.file, start) for start in starts]
    return Lines(_text(b"\n".join(lines)), positions, list(map(len, lines)), first)


def _text(data: bytes) -> str:
    """Return bytes as a text of as many bytes in UTF-8, in which 7F stands for each that cannot be in one."""
    try:
        return data.translate(_NO_NUL).decode()
    except UnicodeDecodeError:
        return data.translate(_ASCII).decode("ascii")
