"""Rows of any table: their canonical JSON, and writing only what differs."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, bindparam, delete, insert, or_, select, update

Row = Mapping[str, Any]
Rows = dict[tuple[Any, ...], Row]

T = TypeVar("T")

PORTION = 5_000
"""Keys that one statement asks for; SQLite takes 32,766 values."""


def to_json(value: object) -> str:
    """
    Return JSON in ASCII with sorted keys: equal values, equal texts.

    Raises:
        ValueError: A number that JSON has not (NaN).
        RecursionError: Nested too deeply.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def keyed(table: Table, rows: Iterable[Row]) -> Rows:
    """Return rows by their primary key."""
    names = _key_names(table)
    return {tuple(row[name] for name in names): row for row in rows}


def read_all(connection: Connection, table: Table) -> Rows:
    """Return every row of a table by its primary key."""
    return keyed(table, (dict(row) for row in connection.execute(select(table)).mappings()))


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """Yield items in lists that are short enough for one statement."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def among(provider: Column[str], record_id: Column[str], keys: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    """
    Return the condition that two columns name one of the keys; a `PORTION` of them at the most.

    A list a provider: SQLite finds pairs of values in no index.
    """
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for of, each in sorted(keys):
        ids[of].append(each)
    return or_(False, *(and_(provider == of, record_id.in_(each)) for of, each in ids.items()))


def write_difference(connection: Connection, table: Table, stored: Rows, wanted: Rows) -> bool:
    """
    Turn the stored rows into the wanted ones, touching only those that differ; return whether any did.

    Rows that go are deleted last, so that others may be pointed away from them first.
    """
    new = [row for key, row in wanted.items() if key not in stored]
    changed = [row for key, row in wanted.items() if key in stored and stored[key] != row]
    gone = [key for key in stored if key not in wanted]
    insert_rows(connection, table, new)
    update_rows(connection, table, changed)
    delete_rows(connection, table, gone)
    return bool(new or changed or gone)


def insert_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows."""
    if found := [dict(row) for row in rows]:
        connection.execute(insert(table), found)


def update_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Set the given columns of rows that are there; every row names the same ones."""
    found = [{f"_{name}" if name in _key_names(table) else name: value for name, value in row.items()} for row in rows]
    if found:
        columns: dict[str, Any] = {name: bindparam(name) for name in found[0] if name in table.columns}
        connection.execute(update(table).where(*_by_key(table)).values(columns), found)


def delete_rows(connection: Connection, table: Table, keys: Iterable[tuple[Any, ...]]) -> None:
    """Delete rows by primary key."""
    names = _key_names(table)
    if found := [{f"_{name}": part for name, part in zip(names, key, strict=True)} for key in keys]:
        connection.execute(delete(table).where(*_by_key(table)), found)


def _key_names(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _by_key(table: Table) -> list[Any]:
    return [column == bindparam(f"_{column.name}") for column in table.primary_key]
