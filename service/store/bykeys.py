"""
Questions about some records, or some values, out of many: through an index, a portion at a time.

A few at a time are asked past SQLAlchemy (`prepared`); many in one statement, which is made once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, bindparam, or_

from service.store.prepared import Prepared

T = TypeVar("T")

PORTION = 5_000
"""Keys that one statement asks for; SQLite takes 32,766 values."""

FEW = 64
"""Keys up to which a statement of their number is kept: a power of two, with the last key said again."""

Condition = ColumnElement[bool]


class ByKeys:
    """
    A question about records, by their keys.

    SQLite finds pairs of values in no index, so that the condition spells them out: a few one by one, many by provider.
    """

    def __init__(self, ask: Callable[[Condition], Select[Any]], *pairs: tuple[Column[str], Column[str]]) -> None:
        """Take what is asked under the condition that one of the pairs of columns is a key."""
        self._ask = ask
        self._pairs = pairs
        self._few: dict[int, Prepared] = {}
        self._many: dict[int, Select[Any]] = {}

    def rows(self, connection: Connection, keys: Iterable[tuple[str, str]]) -> Iterator[Any]:
        """Yield the rows for all keys; a row comes twice where keys of two portions find it."""
        for portion in portions(sorted(keys)):
            yield from self._of_few(connection, portion) if len(portion) <= FEW else self._of_many(connection, portion)

    def _of_few(self, connection: Connection, keys: Sequence[tuple[str, str]]) -> Iterator[Any]:
        filled = _filled(keys)
        if len(filled) not in self._few:
            names = zip(_each("provider", len(filled)), _each("id", len(filled)), strict=True)
            self._few[len(filled)] = Prepared(self._ask(self._any_of(names)))
        providers, ids = zip(*filled, strict=True)
        values = {**_numbered("provider", providers), **_numbered("id", ids)}
        return self._few[len(filled)].rows(connection, values)

    def _of_many(self, connection: Connection, keys: Iterable[tuple[str, str]]) -> Iterable[Any]:
        ids: defaultdict[str, list[str]] = defaultdict(list)
        for provider, record_id in keys:
            ids[provider].append(record_id)
        if len(ids) not in self._many:
            several: list[Any] = [bindparam(f"ids_{place}", expanding=True) for place in range(len(ids))]
            self._many[len(ids)] = self._ask(self._any_of(zip(_each("provider", len(ids)), several, strict=True)))
        values = {**_numbered("provider", list(ids)), **_numbered("ids", list(ids.values()))}
        return connection.execute(self._many[len(ids)], values)

    def _any_of(self, keys: Iterable[tuple[Any, Any]]) -> Condition:
        """That one of the pairs of columns is a key: of a provider, an id or one of several."""
        return or_(
            *(
                and_(own == provider, record_id.in_(ids) if ids.expanding else record_id == ids)
                for provider, ids in keys
                for own, record_id in self._pairs
            )
        )


class ByValues:
    """A question about the rows that have one of some values in a column."""

    def __init__(self, query: Select[Any], column: Column[Any]) -> None:
        """Take what is asked, without the condition."""
        self._query, self._column = query, column
        self._few: dict[int, Prepared] = {}
        self._many = query.where(column.in_(bindparam("wanted", expanding=True)))

    def rows(self, connection: Connection, wanted: Iterable[Any]) -> Iterator[Any]:
        """Yield the rows for all values."""
        for portion in portions(wanted):
            if len(portion) > FEW:
                yield from connection.execute(self._many, {"wanted": portion})
                continue
            filled = _filled(portion)
            if len(filled) not in self._few:
                self._few[len(filled)] = Prepared(self._query.where(self._column.in_(_each("value", len(filled)))))
            yield from self._few[len(filled)].rows(connection, _numbered("value", filled))


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """Yield items in lists that are short enough for one statement."""
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def _filled(values: Sequence[T]) -> list[T]:
    """The values, and the last one again until their number is a power of two: few statements serve all numbers."""
    missing = (1 << (len(values) - 1).bit_length()) - len(values)
    return [*values, *[values[-1]] * missing]


def _each(name: str, count: int) -> list[Any]:
    return [bindparam(f"{name}_{place}", required=False) for place in range(count)]


def _numbered(name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{name}_{place}": value for place, value in enumerate(values)}
