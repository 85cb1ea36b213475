"""
The door through which every record comes: a push, an import, a match and a sync read what they are given here.

It reads JSON so strictly that two programs cannot read it differently, and refuses records that are beyond the bounds.
A value that is refused stays in the decoded JSON as `Unreadable`, so that it costs its own record and no other.

* NUL and other control characters stay in the payload as they are written, and are no part of a usable value.
* Half of a surrogate pair, which no UTF-8 can say, becomes `?`; in a provider's name, an id or a link it is refused.
"""

import codecs
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from matching.codes import Code
from matching.errors import NotARecord
from matching.model import Record, Suppressed
from matching.records import KNOWN_FIELDS, REQUIRED, read_record, seen_at
from service.core.errors import DecodingError

MAX_RECORD = 1024 * 1024
"""Bytes of one record at most; one has a few hundred."""

MAX_FIELD = 64 * 1024
"""Bytes of one field at most: those of its texts and names in UTF-8, and one for every other value."""

MAX_DEPTH = 64
"""Levels of nesting at most, the record itself being the first."""

MAX_DIGITS = 40
"""Characters of a number at most: no id or serial that is written as a JSON number is longer."""

MOST_WARNINGS = 50
"""Warnings about one record at most; the rest is one warning with their number."""

LONGEST_NAME = 60
"""Characters of a member's name in a pointer."""

KEY_FIELDS = ("provider", "id", "links")
"""Fields that name records: a repaired one could name another record."""


class Rejection(Code):
    """Why a record is refused."""

    MALFORMED = "malformed", "malformed", "The text is no JSON, or says something that programs read differently."
    TOO_LARGE = "too_large", "too large", "The record is beyond a bound, which the reason names."
    INVALID = "invalid", "invalid", "The JSON is no record: no object, or without a usable provider or id."


class Warned(NamedTuple):
    """A value that is kept and counts for nothing, with a JSON Pointer into the record."""

    pointer: str
    message: str


class Unreadable(NamedTuple):
    """What stands in decoded JSON for a value that is refused."""

    reason: str
    code: Rejection = Rejection.MALFORMED


class Inadmissible(Exception):
    """One record that is refused; `pointer` is a JSON Pointer into it, "" where it is the record as a whole."""

    def __init__(self, pointer: str, reason: str, code: Rejection) -> None:
        names_its_place = not pointer or code == Rejection.INVALID
        super().__init__(reason if names_its_place else f"{pointer}: {reason}")
        self.pointer, self.reason, self.code = pointer, reason, code


@dataclass(frozen=True)
class Admitted:
    """A record that may be stored, and its values that could not be read; `repaired` are pointers of texts."""

    record: Record
    dropped: tuple[Suppressed, ...]
    repaired: Sequence[str] = ()

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """Return what its sender should know: unknown fields, a time that cannot be read, repaired texts."""
        found = [Warned(pointer, "half of a surrogate pair became ?") for pointer in dict.fromkeys(self.repaired)]
        found += [
            Warned(_pointer(name), "an unknown field; it is kept and counts for nothing")
            for name in self.record.keys() - KNOWN_FIELDS - REQUIRED
        ]
        if self.record.get("last_seen") and seen_at(self.record) is None:
            found.append(Warned("/last_seen", "no time as RFC 3339 has it; it is kept and counts for nothing"))
        found.sort()
        if len(found) <= MOST_WARNINGS:
            return tuple(found)
        rest = len(found) - MOST_WARNINGS + 1
        return (*found[: MOST_WARNINGS - 1], Warned("", f"{rest:,} more warnings"))


def read_json(data: bytes) -> Any:
    """
    Return the one JSON value in UTF-8 text, with or without a byte order mark.

    Objects with a member twice, numbers that are not finite and numbers of too many digits are `Unreadable`.

    Raises:
        DecodingError: Not UTF-8, not JSON, or nested without end.
    """
    text = _utf8(data.removeprefix(codecs.BOM_UTF8))
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise DecodingError(error.msg, error.lineno, error.colno) from None
    except RecursionError:
        raise DecodingError("nested too deeply", 1, 1) from None


def admit(raw: object) -> Admitted:
    """
    Return the record that a decoded JSON value holds.

    Raises:
        Inadmissible: It is beyond a bound, holds a value that is refused, or is no record.
    """
    if isinstance(raw, Unreadable):
        raise Inadmissible("", raw.reason, raw.code)
    if not isinstance(raw, Mapping):
        raise Inadmissible("", "not a JSON object", Rejection.INVALID)
    repaired = _measured(raw)
    if repaired:
        raw = json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))
    try:
        record, dropped = read_record(raw)
    except NotARecord as error:
        raise Inadmissible(f"/{error.field}" if error.field else "", str(error), Rejection.INVALID) from None
    return Admitted(record, dropped, repaired)


def is_utf16(data: bytes) -> bool:
    """Whether a text is UTF-16 or UTF-32, as PowerShell writes it: JSON in UTF-8 holds no NUL."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:4]


def _utf8(data: bytes) -> str:
    if is_utf16(data):
        raise DecodingError("UTF-16 or UTF-32 text; save it as UTF-8", 1, 1)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DecodingError("not UTF-8", line, error.start - data.rfind(b"\n", 0, error.start)) from None


def _object(members: list[tuple[str, Any]]) -> Any:
    found = dict(members)
    if len(found) == len(members):
        return found
    seen = set[str]()
    twice = next(name for name, _ in members if name in seen or seen.add(name))  # type: ignore[func-returns-value]
    return Unreadable(f"an object that has the member {twice[:LONGEST_NAME]!a} twice")


def _integer(digits: str) -> Any:
    return _too_long(digits) or int(digits)


def _decimal(digits: str) -> Any:
    value = float(digits)
    return _too_long(digits) or (value if math.isfinite(value) else Unreadable("a number beyond what JSON can say"))


def _too_long(digits: str) -> Unreadable | None:
    if len(digits.lstrip("-")) <= MAX_DIGITS:
        return None
    return Unreadable(f"a number of more than {MAX_DIGITS} digits", Rejection.TOO_LARGE)


def _constant(name: str) -> Unreadable:
    return Unreadable(f"{name}, which is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_decimal, parse_constant=_constant
)


def _measured(raw: Mapping[Any, object]) -> list[str]:
    """
    Return the pointers of texts with half of a surrogate pair.

    Raises:
        Inadmissible: A value that is refused, or one beyond its bound.
    """
    if _is_ordinary(raw):
        return []
    halves: list[str] = []
    total = 0
    for name, value in raw.items():
        size = _size(value, (name,), halves) + _length(str(name), (name,), halves)
        if size > MAX_FIELD:
            raise Inadmissible(_pointer(name), f"a field of more than {MAX_FIELD:,} bytes", Rejection.TOO_LARGE)
        total += size
    if total > MAX_RECORD:
        raise Inadmissible("", f"a record of more than {MAX_RECORD:,} bytes", Rejection.TOO_LARGE)
    return halves


def _is_ordinary(raw: object) -> bool:
    """Whether the writer of JSON, which is quick, finds nothing that would have to be looked at more closely."""
    try:
        text = orjson.dumps(raw)
    except orjson.JSONEncodeError:  # half of a surrogate pair, `Unreadable`, a large number, nested without end
        return False
    return len(text) <= MAX_FIELD and text.count(b"[") + text.count(b"{") <= MAX_DEPTH


def _size(value: object, path: tuple[object, ...], halves: list[str]) -> int:
    """Return the bytes of a value, counted as `MAX_FIELD` says. Raises: Inadmissible."""
    if isinstance(value, str):
        return _length(value, path, halves)
    if isinstance(value, Unreadable):
        raise Inadmissible(_pointer(*path), value.reason, value.code)
    if not isinstance(value, (list, dict)):
        return 1
    if len(path) >= MAX_DEPTH:
        raise Inadmissible(_pointer(path[0]), f"nested deeper than {MAX_DEPTH} levels", Rejection.TOO_LARGE)
    if isinstance(value, list):
        return 1 + sum(_size(item, (*path, place), halves) for place, item in enumerate(value))
    return 1 + sum(
        _length(str(name), (*path, name), halves) + _size(item, (*path, name), halves) for name, item in value.items()
    )


def _length(text: str, path: tuple[object, ...], halves: list[str]) -> int:
    """Return the bytes of a text in UTF-8; note it if it holds half of a surrogate pair. Raises: Inadmissible."""
    if text.isascii():
        return len(text)
    size = len(text.encode("utf-8", "surrogatepass"))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        if path[0] in KEY_FIELDS:
            raise Inadmissible(_pointer(*path), f"half of a surrogate pair in {path[0]}", Rejection.INVALID)
        halves.append(_pointer(*path))
    return size


def _pointer(*path: object) -> str:
    """Return the JSON Pointer (RFC 6901) of a value, fit for an answer: names are cut and hold no halves."""
    names = (str(part)[:LONGEST_NAME].encode("utf-8", "replace").decode() for part in path)
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
