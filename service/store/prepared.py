"""
Statements that are made once and then left to the driver.

A change of one record asks some twenty small questions. The database answers each in less time than SQLAlchemy takes
to prepare it, so for these it only translates: once for each kind of database.
"""

import collections
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Select, Update

from service.store.types import UtcTime

Arguments = Sequence[Any] | Mapping[str, Any]


class Prepared:
    """
    A statement with named values, which are given as the driver takes them; rows come with the types of their columns.
    """

    def __init__(self, statement: Select[Any] | Update) -> None:
        """Take the statement; it is translated when it is first asked."""
        self._statement = statement
        self._translated: dict[str, _Translated] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Return the rows, with a name a column."""
        translated = self._of(connection)
        return map(translated.row, self._execute(connection, translated, values).fetchall())

    def run(self, connection: Connection, values: Mapping[str, Any] | None = None) -> None:
        """Execute what returns no rows."""
        self._execute(connection, self._of(connection), values)

    def _of(self, connection: Connection) -> "_Translated":
        dialect = connection.dialect
        found = self._translated.get(dialect.name)
        if found is None:
            found = self._translated[dialect.name] = _translate(self._statement, dialect)
        return found

    def _execute(self, connection: Connection, translated: "_Translated", values: Mapping[str, Any] | None) -> Any:
        return driver(connection).execute(translated.text, translated.arguments(values or {}))


def driver(connection: Connection) -> Any:
    """Return the driver's own connection, in the same transaction; its errors are told as SQLAlchemy's are."""
    return connection.connection.driver_connection


class _Translated(NamedTuple):
    """A statement as one kind of database takes it, and what makes the driver's arguments and our rows."""

    text: str
    arguments: Callable[[Mapping[str, Any]], Arguments]
    row: Callable[[Sequence[Any]], Any]


def _translate(statement: Select[Any] | Update, dialect: Dialect) -> _Translated:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    names: Sequence[str] | None = getattr(compiled, "positiontup", None)

    def arguments(values: Mapping[str, Any]) -> Arguments:
        given = {**constants, **values} if constants else values
        return given if names is None else [given[name] for name in names]

    return _Translated(str(compiled), arguments, _row_of(statement, dialect))


def _row_of(statement: Select[Any] | Update, dialect: Dialect) -> Callable[[Sequence[Any]], Any]:
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    row_of: Callable[[Sequence[Any]], Any] = _named([str(column.key) for column in columns])._make
    moments = [place for place, column in enumerate(columns) if isinstance(column.type, UtcTime)]
    if not moments:  # all else is what we want as the drivers give it
        return row_of
    moment: Any = columns[moments[0]].type.dialect_impl(dialect).result_processor(dialect, None)

    def row(values: Sequence[Any]) -> Any:
        own = list(values)
        for place in moments:
            own[place] = moment(own[place])
        return row_of(own)

    return row


def _named(names: Sequence[str]) -> Any:
    return collections.namedtuple("Row", names)
