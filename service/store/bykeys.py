"""Questions about some records, or some values, out of many: through an index, a portion at a time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, bindparam, or_

from service.store.prepared import OneOf, Prepared

T = TypeVar("T")

PORTION = 5_000
"""Keys that one statement asks for; SQLite takes 32,766 values."""

Condition = ColumnElement[bool]


class ByKeys:
    """A question about records, by their keys. SQLite finds pairs of values in no index: they are asked by provider."""

    def __init__(self, ask: Callable[[Condition], Select[Any]], *pairs: tuple[Column[str], Column[str]]) -> None:
        """Take what is asked under the condition that one of the pairs of columns is a key."""
        self._ask = ask
        self._pairs = pairs
        self._by_providers: dict[int, Prepared] = {}

    def rows(self, connection: Connection, keys: Iterable[tuple[str, str]]) -> Iterator[Any]:
        """Yield the rows for all keys; a row comes twice where keys of two portions find it."""
        for portion in portions(sorted(keys)):
            ids: dict[str, list[str]] = {}
            for provider, record_id in portion:
                ids.setdefault(provider, []).append(record_id)
            values: dict[str, Any] = {}
            for place, (provider, own) in enumerate(ids.items()):
                values[f"provider_{place}"], values[f"ids_{place}"] = provider, own
            yield from self._asked(len(ids)).rows(connection, values)

    def _asked(self, providers: int) -> Prepared:
        if providers not in self._by_providers:
            self._by_providers[providers] = Prepared(self._ask(self._any_of(range(providers))))
        return self._by_providers[providers]

    def _any_of(self, places: Iterable[int]) -> Condition:
        """That one of the pairs of columns is a key: of a provider, and one of its ids."""
        return or_(
            *(
                and_(own == bindparam(f"provider_{place}", required=False), OneOf(record_id, f"ids_{place}"))
                for place in places
                for own, record_id in self._pairs
            )
        )


class ByValues:
    """A question about the rows that have one of some values in a column."""

    def __init__(self, query: Select[Any], column: Column[Any]) -> None:
        """Take what is asked, without the condition."""
        self._prepared = Prepared(query.where(OneOf(column, "wanted")))

    def rows(self, connection: Connection, wanted: Iterable[Any]) -> Iterator[Any]:
        """Yield the rows for all values."""
        for portion in portions(wanted):
            yield from self._prepared.rows(connection, {"wanted": portion})


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """Yield items in lists that are short enough for one statement."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion
