"""
The JSON of the store: keys sorted, non-ASCII as UTF-8, no blanks. Equal values have equal texts, so texts are
compared.

A value that JSON or its writer cannot represent is replaced by its text before it is written (`sayable`).
"""

import json
import math
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1
"""What orjson writes; what it reads beyond is a float."""

MOST_BITS = 10_000
"""Of an integer that is written in decimal: Python refuses 4,300 digits, and takes its time for many."""


def canonical_json(value: object) -> str:
    """
    Return a value as JSON.

    Raises:
        TypeError: Nested deeper than 254 levels, or not `sayable`.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def sayable(value: object) -> Any:
    """
    Return a value as JSON can say it; what it cannot say is replaced by its text.

    That is a number that is not finite, an integer beyond 64 bits, half of a surrogate pair (`\\\\ud800`), and whatever
    is no value of JSON at all.

    Raises:
        RecursionError: Nested too deeply.
    """
    said: Any = value
    match value:
        case str() if not value.isascii():
            said = value.encode("utf-8", "backslashreplace").decode()
        case str() | bool() | None:
            pass
        case int() if not SMALLEST_INTEGER <= value <= LARGEST_INTEGER:
            said = str(value) if value.bit_length() <= MOST_BITS else hex(value)
        case float() if not math.isfinite(value):
            said = json.dumps(value)
        case int() | float():
            pass
        case list():
            said = [sayable(each) for each in value]
        case tuple():
            said = tuple(map(sayable, value))
        case Mapping():
            said = {sayable(str(name)): sayable(each) for name, each in value.items()}
        case _:
            said = sayable(str(value))
    return said


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode()).hexdigest()
