"""The rows that the fake serves, which may change while it runs, and the lists derived from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from service.demo.connectwise.schema import ApiRow


class Rows:
    """Rows of one record type by id. A test's thread may change them while the server reads."""

    def __init__(self, what: str, rows: Iterable[ApiRow]) -> None:
        """`what` is the record type in words. Raises: ValueError if a row has no positive integer as its `id`."""
        self._what = what
        self._by_id: dict[int, ApiRow] = {}
        self._lock = Lock()
        for row in rows:
            self.put(row)

    def put(self, row: ApiRow) -> None:
        """Add a row, or replace the one with its id. Raises: ValueError if its `id` is no positive integer."""
        key = row.get("id")
        if not isinstance(key, int) or key <= 0:
            raise ValueError(f"{self._what} needs a positive integer as id, not {key!r}")
        with self._lock:
            self._by_id[key] = row

    def remove(self, key: int) -> None:
        """Remove the row with this id; it is no error if there is none."""
        with self._lock:
            self._by_id.pop(key, None)

    def find(self, key: int) -> ApiRow | None:
        """Return the row with this id, or None."""
        with self._lock:
            return self._by_id.get(key)

    def all(self) -> list[ApiRow]:
        """Return the rows in order of id."""
        with self._lock:
            return [row for _, row in sorted(self._by_id.items())]


def types(rows: Iterable[ApiRow]) -> list[ApiRow]:
    """Return the configuration types that rows name, as records of their own."""
    return [
        {"id": key, "name": held.get("name", ""), "inactiveFlag": False, "systemFlag": False}
        for key, held in _referenced(rows, "type")
    ]


def companies(rows: Iterable[ApiRow]) -> list[ApiRow]:
    """Return the companies that rows name, as records of their own."""
    return [
        {
            "id": key,
            "identifier": held.get("identifier", str(key)),
            "name": held.get("name", ""),
            "deletedFlag": False,
        }
        for key, held in _referenced(rows, "company")
    ]


def _referenced(rows: Iterable[ApiRow], field: str) -> list[tuple[int, Mapping[str, Any]]]:
    held = (row.get(field) for row in rows)
    return sorted({one["id"]: one for one in held if isinstance(one, Mapping) and "id" in one}.items())
