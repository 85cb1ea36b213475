"""
Rows of any table: inserted in bulk, and written where they differ from those that are stored.

A row is a named tuple whose fields are columns of its table; each concept's module defines its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Delete, Table, Update, and_, bindparam, delete, update

from service.store.database.dialects import DATABASES

PORTION = 5_000
"""Records, or rows, that are read or worked on at a time."""

OF = "of_"
"""Begins the name under which the value of a key column is bound: SQLAlchemy binds new values by the column's own."""

T = TypeVar("T")
R = TypeVar("R", bound=NamedTuple)


def columns(table: Table, row: type[NamedTuple]) -> list[Column[Any]]:
    """Return the columns of which a kind of row is made, in its order."""
    return [table.c[name] for name in row._fields]


def write_difference(connection: Connection, table: Table, stored: Iterable[R], wanted: Iterable[R]) -> int:
    """
    Turn the stored rows into the wanted ones, touching only those that differ; return how many did.

    Rows that go are deleted last, so that others may be pointed away from them first. Columns in which no row differs
    are left out: SQLite writes the indexes of all that are named.
    """
    before, after = _by_key(table, stored), _by_key(table, wanted)
    new = [row for key, row in after.items() if key not in before]
    changed = [(before[key], row) for key, row in after.items() if key in before and before[key] != row]
    gone = [key for key in before if key not in after]
    if new:
        insert_rows(connection, table, new[0]._fields, new)
    if changed:
        _update(connection, table, changed)
    delete_rows(connection, table, gone)
    return len(new) + len(changed) + len(gone)


def insert_rows(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of the named columns' values; they are taken as they come, and few are held at a time."""
    DATABASES[connection.dialect.name].insert(connection, table, names, rows)


def delete_rows(connection: Connection, table: Table, keys: Iterable[tuple[Any, ...]]) -> None:
    """Delete rows by primary key."""
    names = [OF + name for name in key_names(table)]
    for portion in portions(keys):
        connection.execute(_deletion(table), [dict(zip(names, key, strict=True)) for key in portion])


def key_names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns of a table's primary key."""
    return tuple(column.name for column in table.primary_key)


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """Yield items in lists of a size; the last one may be shorter."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def _update(connection: Connection, table: Table, changed: Sequence[tuple[R, R]]) -> None:
    """Set the columns in which any of the rows, each as it was and as it is to be, differs."""
    keys, fields = key_names(table), changed[0][1]._fields
    places = [place for place in range(len(fields)) if any(old[place] != row[place] for old, row in changed)]
    taken = {fields[place]: place for place in places}
    taken |= {OF + key: fields.index(key) for key in keys}
    for portion in portions(changed):
        connection.execute(_change(table), [{name: row[place] for name, place in taken.items()} for _, row in portion])


def _by_key(table: Table, rows: Iterable[R]) -> dict[tuple[Any, ...], R]:
    names = key_names(table)
    return {tuple(getattr(row, name) for name in names): row for row in rows}


@cache
def _change(table: Table) -> Update:
    return update(table).where(_is_row(table))


@cache
def _deletion(table: Table) -> Delete:
    return delete(table).where(_is_row(table))


def _is_row(table: Table) -> ColumnElement[bool]:
    keys: Iterable[Column[Any]] = table.primary_key
    return and_(*(column == bindparam(OF + column.name) for column in keys))
