"""The `orderBy` parameter: `company/name desc, id`."""

from typing import Any

from service.demo.connectwise.answers import malformed
from service.demo.connectwise.schema import ApiRow, FieldKind, Schema, comparable


def ordered(rows: list[ApiRow], parameter: str, schema: Schema) -> list[ApiRow]:
    """Return the rows in the order asked for, then by id, absent values first. Raises: Refusal."""
    # Sorting is stable, so the last key is sorted by first.
    for field, kind, descending in reversed([_key(part, schema) for part in parameter.split(",")]):
        rows = sorted(rows, key=lambda row: _rank(comparable(row, field, kind)), reverse=descending)
    return rows


def _key(part: str, schema: Schema) -> tuple[str, FieldKind, bool]:
    field, _, direction = part.strip().partition(" ")
    kind = schema.kind_of(field)
    if kind in {None, FieldKind.REFERENCE} or direction.strip().lower() not in {"", "asc", "desc"}:
        raise malformed("orderBy", f"{part.strip()!r} is no field followed by asc or desc.")
    return field, kind, direction.strip().lower() == "desc"


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, 0 if value is None else value)
