"""Choose the line that stands of several with one key: that of the later record (`matching.records.latest`)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter

from matching.relations.database import SqlRow
from matching.relations.tables import RECORDS
from service.columns.database import DuckDBTables
from service.columns.lines import place_of
from service.columns.others import OTHER
from service.ingest.linefiles import Descriptors
from service.ingest.ndjson import is_later

PIECE = 10_000
"""Rows that are fetched at a time."""

_KEYS = f"""
    SELECT position, length, provider, id FROM fields
    UNION ALL
    SELECT others.position, others.length, more.provider, more.id
    FROM {OTHER}{RECORDS} AS more JOIN others ON others.position = more.record
"""
_SEVERAL = """
    SELECT provider, id, position, length
    FROM keys
    SEMI JOIN (SELECT provider, id FROM keys GROUP BY provider, id HAVING count(*) > 1) AS several USING (provider, id)
    ORDER BY provider, id, position
"""


def find_repeated(tables: DuckDBTables, files: Descriptors, as_of: datetime | None) -> None:
    """
    Fill `keys(position, length, provider, id)` with every line that holds a record, and `repeated(position)`.

    Repeated are all lines with one key but the one that stands; times after `as_of` do not decide which that is.
    """
    tables.table("keys", _KEYS)
    cursor = tables.connection.cursor()
    cursor.execute(_SEVERAL)
    lines = chain.from_iterable(iter(lambda: cursor.fetchmany(PIECE), []))
    rows = chain.from_iterable(
        _not_standing(list(group), files, as_of) for _, group in groupby(lines, itemgetter(0, 1))
    )
    tables.load("repeated", "position BIGINT", rows)


def _not_standing(lines: list[SqlRow], files: Descriptors, as_of: datetime | None) -> Iterator[SqlRow]:
    places = [(position, place_of(position, length)) for _, _, position, length in lines]
    (standing, place), *rest = places
    line = files.line(place)
    for position, place in rest:
        other = files.line(place)
        if is_later(other, line, as_of):
            yield (standing,)
            standing, line = position, other
        else:
            yield (position,)
