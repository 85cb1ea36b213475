"""
Read records from decoded JSON, and choose between two rows with the same key.

A value of the wrong type is dropped with a reason, and the rest of the record is kept. Only what has no usable
provider or id is refused. Fields that the feed record does not define are kept unchanged.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from matching.errors import NotARecord
from matching.model import Record, Suppressed, bounded

TEXT_FIELDS = frozenset(
    (
        *("company_id", "company", "name", "hostname", "type", "bios_guid", "default_gateway", "os_type", "os_info"),
        *("manufacturer", "model", "tag_number", "device_identifier", "last_user", "last_seen", "status"),
    )
)
STRUCTURED_FIELDS = frozenset({"macs", "ips", "links", "active"})
KNOWN_FIELDS = TEXT_FIELDS | STRUCTURED_FIELDS | {"serial"}

REQUIRED = frozenset({"provider", "id"})

MAX_NUMBER = 10**40  # beyond any id or serial that is written as a JSON number

MAX_KEY = 200
"""The longest record id, in characters; names of providers that are stored already may be as long."""

MAX_PROVIDER = 100
"""The longest name of a provider, in characters."""

PROVIDER_RULE = (
    f"a provider's name has 1 to {MAX_PROVIDER} characters, which are ASCII letters, digits, `_`, `-` and `.`, and not"
    " only dots"
)
"""What `is_provider_name` asks for, in words."""

PROVIDER_PATTERN = rf"^(?!\.+$)[A-Za-z0-9_.-]{{1,{MAX_PROVIDER}}}$"
"""The same as a regular expression, as JSON Schema has them; `$` is the end of the text there."""

_PROVIDER_NAME = re.compile(PROVIDER_PATTERN.replace("$", r"\Z"))

FURTHEST_AHEAD = timedelta(days=1)
"""How far beyond its receipt a `last_seen` may lie: clocks are a little wrong, and zones are left out."""


def is_provider_name(name: str) -> bool:
    """
    Whether a provider of new records may have that name (`PROVIDER_RULE`).

    A name is a part of addresses, where a slash, a blank or a name of dots alone means something else.
    """
    return bool(_PROVIDER_NAME.fullmatch(name))


def read_record(raw: object) -> tuple[Record, tuple[Suppressed, ...]]:
    """
    Return the record that a decoded JSON value holds, and those of its values that could not be read.

    Raises:
        NotARecord: No object, or without a usable `provider` or `id`.
    """
    if not isinstance(raw, Mapping):
        raise NotARecord("not a JSON object")
    record: dict[str, Any] = dict(raw)
    record["provider"] = _read_provider(raw.get("provider"))
    record["id"] = _read_id(raw.get("id"))
    dropped: list[Suppressed] = []
    for field, value in raw.items():
        if type(value) is str and value.isascii() and value and not value.isspace() and field not in STRUCTURED_FIELDS:
            continue  # nearly every value is such a text and needs no cleaning
        if field in KNOWN_FIELDS:
            _replace(record, field, _read_value(field, value, dropped), dropped)
    return cast("Record", record), bounded(dropped)


def latest(left: Record, right: Record, received_at: datetime | None = None) -> Record:
    """
    Return the row that counts of two with one key: the later `last_seen`, then the greater canonical bytes.

    A row without a `last_seen` that is read (`seen_at`) is older than every row with one.
    """
    return max(left, right, key=lambda record: _recency(record, received_at))


def canonical_bytes(record: Record) -> bytes:
    """
    Return the record as JSON with sorted keys: equal records, equal bytes.

    Of a record with an unknown field that JSON cannot write, only the known fields count.
    """
    try:
        return _json(record)
    except (ValueError, RecursionError):  # see `_excerpt`
        return _json({field: value for field, value in record.items() if field in KNOWN_FIELDS or field in REQUIRED})


def _json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode("ascii")


def seen_at(record: Record, received_at: datetime | None = None) -> datetime | None:
    """
    Return when the provider last saw the device, or None when it does not say so in RFC 3339.

    Also None where it says a time that is too far beyond the receipt of the record, if that is given.
    """
    try:
        moment = datetime.fromisoformat(record["last_seen"].strip())
        # A time without a zone is taken as UTC: providers that leave it out mean their own clock, which is UTC.
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (KeyError, ValueError, OverflowError):
        return None
    return None if received_at is not None and moment > received_at + FURTHEST_AHEAD else moment


def future_time(record: Record, received_at: datetime | None) -> Suppressed | None:
    """Return the `last_seen` of a record with the reason, if it is too far beyond the receipt; else None."""
    if received_at is None or seen_at(record, received_at) or seen_at(record) is None:
        return None
    return Suppressed("last_seen", record["last_seen"][:100], "more than a day after it was received")


def without_future_time(record: Record, received_at: datetime | None) -> Record:
    """Return a record as it counts: without a `last_seen` that is too far beyond the receipt."""
    if future_time(record, received_at) is None:
        return record
    return cast("Record", {field: value for field, value in record.items() if field != "last_seen"})


def _recency(record: Record, received_at: datetime | None) -> tuple[bool, datetime, bytes]:
    moment = seen_at(record, received_at)
    return moment is not None, moment or datetime.min.replace(tzinfo=UTC), canonical_bytes(record)


def _read_provider(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise NotARecord("no provider", "provider")
    name = value.strip()
    if not is_provider_name(name):
        raise NotARecord(PROVIDER_RULE, "provider")
    return name


def _read_linked_provider(value: object) -> str:
    """A link may name a provider whose records were stored before names were restricted."""
    name = value.strip() if isinstance(value, str) else ""
    if not name or ":" in name or not name.isprintable() or len(name) > MAX_KEY:
        raise NotARecord("no name of a provider", "links")
    return name


def _read_id(value: object) -> str:
    record_id = (_read_text(value) or "").strip()
    if not record_id:
        raise NotARecord("no id", "id")
    if not record_id.isprintable() or len(record_id) > MAX_KEY:
        raise NotARecord(f"an id holds no control character and at most {MAX_KEY} characters", "id")
    return record_id


def _replace(record: dict[str, Any], field: str, value: object, dropped: list[Suppressed]) -> None:
    """
    Replace a raw value by the clean one, or remove it if there is none.

    Null and blank count as absent; any other raw value without a clean one is noted in `dropped`.
    """
    raw = record.pop(field)
    if value is None:
        if raw is not None and not (isinstance(raw, str) and not raw.strip()):
            dropped.append(Suppressed(field, _excerpt(raw), f"a {type(raw).__name__} where it cannot be read"))
    else:
        record[field] = value


def _read_value(field: str, value: object, dropped: list[Suppressed]) -> object:
    """Return a field's value in the type that the feed record gives it, or None."""
    if field in TEXT_FIELDS or (field == "serial" and not isinstance(value, list)):
        return _read_text(value)
    if field == "links":
        return _read_links(value, dropped)
    if field == "active":
        return value if isinstance(value, bool) else None
    return _read_texts(value, field, dropped)


def _read_text(value: object) -> str | None:
    if isinstance(value, str):
        return _encodable(value) if value.strip() else None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < MAX_NUMBER:
        return str(value)
    return None


def _encodable(text: str) -> str:
    """Replace lone surrogates, which no file, database or terminal can take."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _read_texts(value: object, field: str, dropped: list[Suppressed]) -> list[str] | None:
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    texts = []
    for item in items:
        if (text := _read_text(item)) is not None:
            texts.append(text)
        elif item is not None and not isinstance(item, str):
            dropped.append(Suppressed(field, _excerpt(item), f"a {type(item).__name__} in a list of texts"))
    return texts


def _read_links(value: object, dropped: list[Suppressed]) -> list[dict[str, str]] | None:
    if not isinstance(value, list):
        return None
    links = []
    for item in value:
        try:
            links.append({"provider": _read_linked_provider(item["provider"]), "id": _read_id(item["id"])})
        except (NotARecord, TypeError, KeyError, IndexError):
            dropped.append(Suppressed("link", _excerpt(item), "not a provider and an id"))
    return links


def _excerpt(value: object) -> str:
    """The beginning of a value as Python writes it; its type where it is too long or too deep for that."""
    try:
        return repr(value)[:100]
    except (ValueError, RecursionError):  # an integer of more than 4,300 digits, lists in lists without end
        return f"a {type(value).__name__} that is too long or too deep to show"
