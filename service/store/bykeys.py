"""
Questions about some records, or some values, out of many: through an index, a portion at a time.

A statement is made once and asked again with other values: making it takes longer than the database does to answer.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, bindparam, or_

T = TypeVar("T")

PORTION = 5_000
"""Keys that one statement asks for; SQLite takes 32,766 values."""

Condition = ColumnElement[bool]


class ByKeys:
    """
    A question about records, by their keys.

    The condition names the providers one by one, each with its ids: SQLite finds pairs of values in no index.
    """

    def __init__(self, ask: Callable[[Condition], Select[Any]], *pairs: tuple[Column[str], Column[str]]) -> None:
        """Take what is asked under the condition that one of the pairs of columns is a key."""
        self._ask = ask
        self._pairs = pairs
        self._statements: dict[int, Select[Any]] = {}

    def rows(self, connection: Connection, keys: Iterable[tuple[str, str]]) -> Iterator[Any]:
        """Yield the rows for all keys; a row comes twice where keys of two portions find it."""
        for portion in portions(sorted(keys)):
            ids: defaultdict[str, list[str]] = defaultdict(list)
            for provider, record_id in portion:
                ids[provider].append(record_id)
            values: dict[str, Any] = {}
            for place, (provider, own) in enumerate(ids.items()):
                values[f"provider_{place}"], values[f"ids_{place}"] = provider, own
            yield from connection.execute(self._statement(len(ids)), values)

    def _statement(self, providers: int) -> Select[Any]:
        if providers not in self._statements:
            named = (
                and_(provider == bindparam(f"provider_{place}"), record_id.in_(_several(f"ids_{place}")))
                for place in range(providers)
                for provider, record_id in self._pairs
            )
            self._statements[providers] = self._ask(or_(*named))
        return self._statements[providers]


class ByValues:
    """A question about the rows that have one of some values in a column."""

    def __init__(self, query: Select[Any], column: Column[Any]) -> None:
        """Take what is asked, without the condition."""
        self._statement = query.where(column.in_(_several("wanted")))

    def rows(self, connection: Connection, wanted: Iterable[Any]) -> Iterator[Any]:
        """Yield the rows for all values."""
        for portion in portions(wanted):
            yield from connection.execute(self._statement, {"wanted": portion})


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """Yield items in lists that are short enough for one statement."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def _several(name: str) -> Any:
    return bindparam(name, expanding=True)
