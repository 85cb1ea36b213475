"""
Make a clean record of whatever arrives, and say which of two rows with one key stands.

A value of the wrong type is dropped from the record with a reason, never the record; what is no
record at all is refused. Fields that are not ours are kept as they are.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from matching.errors import NotARecord
from matching.model import Record, Suppressed

TEXTS = frozenset(
    (
        *("company_id", "company", "name", "hostname", "type", "bios_guid", "default_gateway", "os_type", "os_info"),
        *("manufacturer", "model", "tag_number", "device_identifier", "last_user", "last_seen", "status"),
    )
)
SHAPED = frozenset({"macs", "ips", "links", "active"})
OURS = TEXTS | SHAPED | {"serial"}

LARGEST_NUMBER = 10**40  # beyond any id or serial written as a JSON number

MAX_KEY = 200
"""Characters of a provider's name or a record's id, at the most."""


def read_record(raw: object) -> tuple[Record, tuple[Suppressed, ...]]:
    """
    Return the record in a decoded JSON value, and the values of it that could not be read.

    Raises:
        NotARecord: No object, or without a usable `provider` or `id`.
    """
    if not isinstance(raw, Mapping):
        raise NotARecord("not a JSON object")
    record: dict[str, Any] = dict(raw)
    record["provider"] = _provider(raw.get("provider"))
    record["id"] = _record_id(raw.get("id"))
    dropped: list[Suppressed] = []
    for field, value in raw.items():
        if type(value) is str and value.isascii() and value and not value.isspace() and field not in SHAPED:
            continue  # a text that needs no cleaning, as nearly all are
        if field in OURS:
            _keep(record, field, _clean(field, value, dropped), dropped)
    return cast("Record", record), tuple(dropped)


def latest(left: Record, right: Record) -> Record:
    """
    Return which of two rows with one key stands: the later `last_seen`, then the greater canonical bytes.

    A row without a readable time is older than every row with one.
    """
    return max(left, right, key=_recency)


def canonical_bytes(record: Record) -> bytes:
    """Return the record as JSON with sorted keys: equal records, equal bytes."""
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode("ascii")


def seen_at(record: Record) -> datetime | None:
    """Return when the provider last saw the device, or None when it does not say so in RFC 3339."""
    try:
        moment = datetime.fromisoformat(record["last_seen"].strip())
        # A time without a zone is taken as UTC: providers that leave it out mean their own clock, which is UTC.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _recency(record: Record) -> tuple[bool, datetime, bytes]:
    moment = seen_at(record)
    return moment is not None, moment or datetime.min.replace(tzinfo=UTC), canonical_bytes(record)


def _provider(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise NotARecord("no provider")
    name = value.strip()
    if ":" in name or not name.isprintable() or len(name) > MAX_KEY:
        raise NotARecord("a provider's name holds no colon and no control character")
    return name


def _record_id(value: object) -> str:
    record_id = (_text(value) or "").strip()
    if not record_id:
        raise NotARecord("no id")
    if not record_id.isprintable() or len(record_id) > MAX_KEY:
        raise NotARecord(f"an id holds no control character and at most {MAX_KEY} characters")
    return record_id


def _keep(record: dict[str, Any], field: str, value: object, dropped: list[Suppressed]) -> None:
    """Set the field to its clean value; absent, null and empty are alike, and what is none of them is reported."""
    raw = record.pop(field)
    if value is None:
        if raw is not None and not (isinstance(raw, str) and not raw.strip()):
            dropped.append(Suppressed(field, repr(raw)[:100], f"a {type(raw).__name__} where it cannot be read"))
    else:
        record[field] = value


def _clean(field: str, value: object, dropped: list[Suppressed]) -> object:
    """Return a field's value as its shape has it, or None."""
    if field in TEXTS or (field == "serial" and not isinstance(value, list)):
        return _text(value)
    if field == "links":
        return _links(value, dropped)
    if field == "active":
        return value if isinstance(value, bool) else None
    return _texts(value, field, dropped)


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return _encodable(value) if value.strip() else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        return str(value)
    return None


def _encodable(text: str) -> str:
    """Replace lone surrogates, which no file, database or terminal can take."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _texts(value: object, field: str, dropped: list[Suppressed]) -> list[str] | None:
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    texts = []
    for item in items:
        if (text := _text(item)) is not None:
            texts.append(text)
        elif item is not None and not isinstance(item, str):
            dropped.append(Suppressed(field, repr(item)[:100], f"a {type(item).__name__} in a list of texts"))
    return texts


def _links(value: object, dropped: list[Suppressed]) -> list[dict[str, str]] | None:
    if not isinstance(value, list):
        return None
    links = []
    for item in value:
        try:
            links.append({"provider": _provider(item["provider"]), "id": _record_id(item["id"])})
        except (NotARecord, TypeError, KeyError, IndexError):
            dropped.append(Suppressed("link", repr(item)[:100], "not a provider and an id"))
    return links
