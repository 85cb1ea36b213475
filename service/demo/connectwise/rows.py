"""The configurations that the fake serves, which may change while it runs, and the lists derived from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any

from service.demo.connectwise.schema import ApiRow


class Configurations:
    """The configurations by id. A test's thread may change them while the server reads."""

    def __init__(self, rows: Iterable[ApiRow]) -> None:
        self._by_id: dict[int, ApiRow] = {}
        self._lock = Lock()
        for row in rows:
            self.put(row)

    def put(self, row: ApiRow) -> None:
        """Add a row, or replace the one with its id. Raises: ValueError if its `id` is no positive integer."""
        key = row.get("id")
        if not isinstance(key, int) or key <= 0:
            raise ValueError(f"a configuration needs a positive integer as id, not {key!r}")
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

    def types(self) -> list[ApiRow]:
        """Return the configuration types in use, as records of their own."""
        return [
            {"id": key, "name": held.get("name", ""), "inactiveFlag": False, "systemFlag": False}
            for key, held in self._referenced("type")
        ]

    def companies(self) -> list[ApiRow]:
        """Return the companies that own a configuration, as records of their own."""
        return [
            {
                "id": key,
                "identifier": held.get("identifier", str(key)),
                "name": held.get("name", ""),
                "deletedFlag": False,
            }
            for key, held in self._referenced("company")
        ]

    def _referenced(self, field: str) -> list[tuple[int, Mapping[str, Any]]]:
        held = (row.get(field) for row in self.all())
        return sorted({one["id"]: one for one in held if isinstance(one, Mapping) and "id" in one}.items())
