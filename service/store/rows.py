"""Rows of any table: their canonical JSON, and writing only what differs."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from itertools import chain
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Dialect, Table, select

from service.store.database import Database, Values
from service.store.supported import DATABASES

DELETE = "\x7f"

K = TypeVar("K", bound=tuple[Any, ...])

Row = Mapping[str, Any]
Rows = dict[tuple[Any, ...], Row]

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode  # made once: that takes long


def to_json(value: object) -> str:
    """
    Return JSON in ASCII with sorted keys: equal values, equal texts.

    Raises:
        ValueError: A number that JSON has not (NaN).
        RecursionError: Nested too deeply.
    """
    return _encode(value)


def plain_json(value: object) -> str:
    """Return what `to_json` does, sooner, of a value that holds no fractions: texts, whole numbers, true and false."""
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:  # half of a pair of surrogates, a very large number
        return to_json(value)
    return text if text.isascii() and DELETE not in text else to_json(value)  # it leaves these as they are


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def keyed(table: Table, rows: Iterable[Row]) -> Rows:
    """Return rows by their primary key."""
    names = key_names(table)
    return {tuple(row[name] for name in names): row for row in rows}


def read_all(connection: Connection, table: Table) -> Rows:
    """Return every row of a table by its primary key."""
    return keyed(table, (dict(row) for row in connection.execute(select(table)).mappings()))


def write_difference(connection: Connection, table: Table, stored: Mapping[K, Row], wanted: Mapping[K, Row]) -> int:
    """
    Turn the stored rows, by primary key, into the wanted ones, touching only those that differ; return how many did.

    Rows that go are deleted last, so that others may be pointed away from them first. Columns in which no row differs
    are left out: SQLite writes the indexes of all that are named.
    """
    new = [row for key, row in wanted.items() if key not in stored]
    changed = [(stored[key], row) for key, row in wanted.items() if key in stored and stored[key] != row]
    gone = [key for key in stored if key not in wanted]
    insert_rows(connection, table, new)
    update_rows(connection, table, _moved(table, changed))
    delete_rows(connection, table, gone)
    return len(new) + len(changed) + len(gone)


def _moved(table: Table, changed: Sequence[tuple[Row, Row]]) -> list[Row]:
    """Of rows as they were and are to be, the key and the columns in which any of them differs."""
    if not changed:
        return []
    names = [name for name in changed[0][1] if any(old[name] != row[name] for old, row in changed)]
    names += key_names(table)
    return [{name: row[name] for name in names} for _, row in changed]


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows, each with the columns of the first; they are taken as they come, and few are held at a time."""
    first, coming = _peek(rows)
    if first:
        names = tuple(first)
        _database(connection).insert(connection, table, names, _driver_values(connection, table, names, coming))


def insert_values(connection: Connection, table: Table, names: Sequence[str], values: Sequence[Values]) -> None:
    """Insert rows of values that the driver takes as they are."""
    if values:
        _database(connection).insert(connection, table, names, values)


def update_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Set the given columns of rows that are there, no row twice; every row names the same ones."""
    first, coming = _peek(rows)
    if first:
        keys = key_names(table)
        columns = [name for name in first if name not in keys]
        values = _driver_values(connection, table, (*columns, *keys), coming)
        _database(connection).update(connection, table, columns, keys, values)


def delete_rows(connection: Connection, table: Table, keys: Sequence[tuple[Any, ...]]) -> None:
    """Delete rows by primary key."""
    if keys:
        _database(connection).delete(connection, table, key_names(table), keys)


def _peek(rows: Iterable[Row]) -> tuple[Row | None, Iterable[Row]]:
    """Return the first row, and all of them."""
    if isinstance(rows, list):
        return (rows[0] if rows else None), rows
    coming = iter(rows)
    first = next(coming, None)
    return first, chain([first] if first else [], coming)


def _database(connection: Connection) -> Database:
    return DATABASES[connection.dialect.name]


def _driver_values(
    connection: Connection, table: Table, names: tuple[str, ...], rows: Iterable[Row]
) -> Iterator[Values]:
    """Yield the values of each row as the driver takes them."""
    converted = _converters(connection.dialect, table, names)
    for row in rows:
        values = [row[name] for name in names]
        for place, convert in converted:
            values[place] = convert(values[place])
        yield values


@lru_cache(256)  # engines come and go in tests
def _converters(dialect: Dialect, table: Table, names: tuple[str, ...]) -> list[tuple[int, Callable[[Any], Any]]]:
    """What makes of our values the driver's, by their places; the moments of one transaction are mostly equal."""
    processors = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    return [(place, lru_cache(1024)(convert)) for place, convert in enumerate(processors) if convert]


@cache
def key_names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns of a table's primary key; SQLAlchemy takes its time to tell them."""
    return tuple(column.name for column in table.primary_key)
