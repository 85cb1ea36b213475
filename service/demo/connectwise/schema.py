"""
The fields of each record type, read from the API description in `fixtures/connectwise/openapi.json`.

Conditions and sort orders name fields by path (`company/name`). This module gives the kind of value at a path, and a
row's value in a form that can be compared.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any

from service.demo.data import API_DESCRIPTION

ApiRow = Mapping[str, Any]


class FieldKind(Enum):
    """What a field holds, as far as it matters to a comparison."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "true or false"
    DATE = "date"
    REFERENCE = "reference"


_KINDS = {"string": FieldKind.TEXT, "integer": FieldKind.NUMBER, "number": FieldKind.NUMBER, "boolean": FieldKind.FLAG}

# The API documents this key for the time of the last change, although rows carry it inside `_info`.
_ALIASES = {"lastUpdated": ("_info", "lastUpdated")}


@cache
def document() -> dict[str, Any]:
    """Return the API description."""
    loaded: dict[str, Any] = json.loads(API_DESCRIPTION.read_text(encoding="utf-8"))
    return loaded


class Schema:
    """One record type of the API description, by its name in it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._schema = document()["components"]["schemas"][name]

    def kind_of(self, field: str) -> FieldKind | None:
        """Return what the field at this path holds, or None if nothing can be compared there."""
        if field in _ALIASES:
            return FieldKind.DATE
        schema = self._schema
        for step in field.split("/"):
            schema = _resolved(schema.get("properties", {}).get(step, {}))
        if schema.get("format") == "date-time":
            return FieldKind.DATE
        return FieldKind.REFERENCE if "properties" in schema else _KINDS.get(schema.get("type", ""))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    resolved: dict[str, Any] = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return resolved


def comparable(row: ApiRow, field: str, kind: FieldKind) -> Any:
    """Return the row's value at this path in comparable form; None where it is absent, null or of another kind."""
    value: Any = row
    for step in _ALIASES.get(field, tuple(field.split("/"))):
        value = value.get(step) if isinstance(value, Mapping) else None
    return None if value is None else _FORMS[kind](value)


def moment(text: str) -> datetime | None:
    """Return the time that an ISO 8601 text names, in UTC where it names no zone; None if it cannot be read."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_FORMS: dict[FieldKind, Callable[[Any], Any]] = {
    FieldKind.TEXT: lambda value: str(value).casefold(),
    FieldKind.NUMBER: lambda value: value if isinstance(value, int | float) else None,
    FieldKind.FLAG: lambda value: value if isinstance(value, bool) else None,
    FieldKind.DATE: lambda value: moment(str(value)),
    FieldKind.REFERENCE: lambda value: value,
}
