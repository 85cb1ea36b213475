"""Decode JSON from bytes into the value, or into the reason and the place of the error."""

import codecs
from typing import Any

import orjson

from service.core.errors import DecodingError

MAX_DEPTH = 254
"""Levels of nesting; orjson reads deeper values and cannot write them back."""


def decode(data: bytes) -> Any:
    """
    Return the one JSON value in UTF-8 text, with or without a byte order mark.

    Raises:
        DecodingError: Not UTF-8, not JSON, or nested deeper than `MAX_DEPTH`.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        value = orjson.loads(data)
        if data.count(b"{") + data.count(b"[") > MAX_DEPTH:  # else it cannot be that deep
            orjson.dumps(value)
    except orjson.JSONDecodeError as error:
        raise _not_utf8(data) or DecodingError(error.msg, error.lineno, error.colno) from None
    except orjson.JSONEncodeError:
        raise DecodingError(f"nested deeper than {MAX_DEPTH} levels", 1, 1) from None
    return value


def _not_utf8(data: bytes) -> DecodingError | None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        # what PowerShell writes by default
        utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return DecodingError("UTF-16 text; save it as UTF-8" if utf16 else "not UTF-8", line, column)
    return None
