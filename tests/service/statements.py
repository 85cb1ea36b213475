"""The statements that reach a database, as its driver sees them, whoever sent them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, event

from service.store.engine import Store

LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+\b")
"""A value that stands in a statement; SQLite's driver shows them."""


def tell(store: Store, note: Callable[[str], object]) -> None:
    """Call `note` with every statement, from the next transaction on, just before it is executed."""
    telling = _cursor(note)

    def listen(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        if connection.dialect.name == "sqlite":
            driver.set_trace_callback(note)
        else:
            driver.cursor_factory = telling

    event.listen(store.engine, "begin", listen, insert=True)


@contextmanager
def collected(store: Store) -> Iterator[list[str]]:
    """Collect the statements that are executed meanwhile, a question mark for each value; not those of transactions."""
    statements: list[str] = []
    over = False

    def note(statement: str) -> None:
        if not over and not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            statements.append(LITERAL.sub("?", statement))

    tell(store, note)
    yield statements
    over = True


def _cursor(note: Callable[[str], object]) -> type[psycopg.Cursor[Any]]:
    class Telling(psycopg.Cursor[Any]):
        def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
            note(str(query))
            return super().execute(query, *arguments, **options)

    return Telling
