"""Rows of any table: writing only what differs, a portion at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, bindparam, delete, select, update

from service.store.dialects import DATABASES

PORTION = 5_000
"""Records, or rows, that are read or worked on at a time."""

T = TypeVar("T")
K = TypeVar("K", bound=tuple[Any, ...])

Row = Mapping[str, Any]
Rows = dict[tuple[Any, ...], Row]


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
    DATABASES[connection.dialect.name].insert(connection, table, rows)


def update_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Set the given columns of rows that are there; every row names the same ones, and its key."""
    statement, keys = update(table).where(_is_row(table)), key_names(table)
    for portion in portions(rows):
        connection.execute(
            statement, [{OF + name if name in keys else name: row[name] for name in row} for row in portion]
        )


def delete_rows(connection: Connection, table: Table, keys: Iterable[tuple[Any, ...]]) -> None:
    """Delete rows by primary key."""
    statement, names = delete(table).where(_is_row(table)), [OF + name for name in key_names(table)]
    for portion in portions(keys):
        connection.execute(statement, [dict(zip(names, key, strict=True)) for key in portion])


def key_names(table: Table) -> tuple[str, ...]:
    """Return the names of the columns of a table's primary key."""
    return tuple(column.name for column in table.primary_key)


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """Yield items in lists of a size; the last one may be shorter."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


OF = "of_"
"""Begins the name under which the value of a key column is bound: SQLAlchemy binds new values by the column's own."""


def _is_row(table: Table) -> ColumnElement[bool]:
    keys: Iterable[Column[Any]] = table.primary_key
    return and_(*(column == bindparam(OF + column.name) for column in keys))
