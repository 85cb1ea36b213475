"""
Statements that are made once and then left to the driver.

A change of one record asks some twenty small questions. The database answers each in less time than SQLAlchemy takes
to prepare it, so for these it only translates: once for each kind of database.
"""

import collections
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Dialect, Select, Update, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from service.store.types import UtcTime

Arguments = Sequence[Any] | Mapping[str, Any]

Call = Callable[[Mapping[str, Any]], tuple[str, Arguments]]

FEW = 64
"""Values up to which a list is brought to one of few lengths."""

TEXTS = 64
"""Texts of one statement that are kept, by the lengths of its lists."""

MARKS = ", ".join("?" * 2**15)
"""Places of values; SQLite takes 32,766."""


class OneOf(ColumnElement[bool]):
    """That a column has one of the values of a list, which is given when the statement is executed."""

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        """Take the column, and the name under which the list is given."""
        self.column = column
        self.values: Any = bindparam(name, required=False)


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
        return driver(connection).execute(*translated.call(values or {}))


def driver(connection: Connection) -> Any:
    """Return the driver's own connection, in the same transaction; its errors are told as SQLAlchemy's are."""
    return connection.connection.dbapi_connection


class _Translated(NamedTuple):
    """What makes a statement and its arguments, as one kind of driver takes them, and what makes our rows."""

    call: Call
    row: Callable[[Sequence[Any]], Any]


def _translate(statement: Select[Any] | Update, dialect: Dialect) -> _Translated:
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    names: Sequence[str] | None = getattr(compiled, "positiontup", None)
    call = partial(_named_call, str(compiled)) if names is None else _Positional(str(compiled), names)
    return _Translated(partial(_with, call, constants) if constants else call, _row_of(statement, dialect))


def _with(call: Call, constants: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[str, Arguments]:
    return call({**constants, **values})


def _named_call(text: str, values: Mapping[str, Any]) -> tuple[str, Arguments]:
    return text, values


class _Positional:
    """A statement for a driver that takes values by their place: it takes no lists, so each of their values has one."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self._pieces = text.split("?")
        self._names = names
        self._with_places = lru_cache(TEXTS)(self._text)

    def __call__(self, values: Mapping[str, Any]) -> tuple[str, Arguments]:
        arguments: list[Any] = []
        lengths: list[int] = []
        for name in self._names:
            value = values[name]
            if isinstance(value, list):
                filled = _filled(value)
                arguments += filled
                lengths.append(len(filled))
            else:
                arguments.append(value)
                lengths.append(1)
        return self._with_places(tuple(lengths)), arguments

    def _text(self, lengths: Sequence[int]) -> str:
        places = (f"{piece}{MARKS[: 3 * length - 2]}" for piece, length in zip(self._pieces, lengths, strict=False))
        return f"{''.join(places)}{self._pieces[-1]}"


def _filled(values: list[Any]) -> list[Any]:
    """A few values, and the last one again until their number is a power of two: the driver keeps few statements."""
    missing = (1 << (len(values) - 1).bit_length()) - len(values) if len(values) < FEW else 0
    return [*values, *values[-1:] * missing] if missing else values


@compiles(OneOf, "sqlite")
def _in_list(element: OneOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"{compiler.process(element.column, **options)} IN ({compiler.process(element.values, **options)})"


@compiles(OneOf, "postgresql")
def _in_array(element: OneOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"{compiler.process(element.column, **options)} = ANY({compiler.process(element.values, **options)})"


def _row_of(statement: Select[Any] | Update, dialect: Dialect) -> Callable[[Sequence[Any]], Any]:
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    row_of: Callable[[Sequence[Any]], Any] = _named([str(column.key) for column in columns])._make
    moments = [place for place, column in enumerate(columns) if isinstance(column.type, UtcTime)]
    if not moments:  # all else is what we want as the drivers give it
        return row_of
    convert: Any = columns[moments[0]].type.dialect_impl(dialect).result_processor(dialect, None)
    moment = lru_cache(1024)(convert)  # rows of one transaction have one moment

    def row(values: Sequence[Any]) -> Any:
        own = list(values)
        for place in moments:
            own[place] = moment(own[place])
        return row_of(own)

    return row


def _named(names: Sequence[str]) -> Any:
    return collections.namedtuple("Row", names)
