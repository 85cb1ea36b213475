"""
Read the fields of a provider's row, and make a record of them.

A row may be of any shape: every function takes whatever JSON can be, and returns nothing where there is no value.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from matching.model import Record
from service.core.errors import Unparsable
from service.ingest.admission import Inadmissible, Rejection, admit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

EARLIEST_YEAR = 2000
"""No agent is older; year 1 and 1970 are how .NET, Go and Unix write `never`."""

LARGEST_NUMBER = 10**40
"""No id or serial written as a JSON number is longer, and Python refuses to write out numbers without end."""


def dig(raw: object, *path: str) -> object:
    """Return the value at a path of nested objects, None where the path ends early."""
    for name in path:
        if not isinstance(raw, dict):
            return None
        raw = raw.get(name)
    return raw


def text(raw: object, *path: str) -> str | None:
    """Return the text or whole number at a path, as written; None for anything else and for blank text."""
    value = dig(raw, *path)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        return str(value)
    return value if isinstance(value, str) and value.strip() else None


def texts(*values: object) -> list[str]:
    """Return the texts among values and lists of values, each once, in their order."""
    flat = (item for value in values for item in (value if isinstance(value, list) else [value]))
    return list(dict.fromkeys(found for item in flat if (found := text(item))))


def objects(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list; none where there is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def serials(*values: object) -> str | list[str] | None:
    """Return the one serial number that several fields agree on, or all of them when they differ."""
    spellings: dict[str, str] = {}
    for serial in texts(*values):
        spellings.setdefault("".join(serial.split()).casefold(), serial)
    distinct = list(spellings.values())
    return distinct if len(distinct) > 1 else next(iter(distinct), None)


def with_version(system: str | None, version: str | None) -> str | None:
    """Return an operating system's name and version in one text, None unless both are known."""
    return f"{system} {version}" if system and version else None


def moment(value: object) -> str | None:
    """
    Return a point in time in RFC 3339 and UTC; None where there is none, or one before any agent existed.

    A number is seconds since 1970. A text is ISO 8601; without a zone it is taken as UTC.

    >>> moment(1767607872.4)
    '2026-01-05T10:11:12.400000Z'
    """
    try:
        found = _read_moment(value)
    except (ValueError, OverflowError):
        return None
    if found is None or found.year < EARLIEST_YEAR:
        return None
    return found.isoformat().replace("+00:00", "Z")


def make_record(provider: str, record_id: object, fields: Mapping[str, object]) -> Record:
    """
    Return a record with these fields; what is absent or cannot be read is left out.

    Raises:
        Unparsable: The id is missing, or is none that a record can have; or a value is beyond its bound.
    """
    present = {name: value for name, value in fields.items() if value not in (None, [])}
    try:
        return admit({"provider": provider, "id": record_id, **present}).record
    except Inadmissible as error:
        known = text(record_id) if error.code == Rejection.TOO_LARGE else None
        raise Unparsable(known or "", str(error)) from None


def _read_moment(value: object) -> datetime | None:
    if isinstance(value, str):
        written = datetime.fromisoformat(value.strip())
        return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return EPOCH + timedelta(seconds=value)
    return None
