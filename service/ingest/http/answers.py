"""Read the bodies of answers: JSON, or the web page, truncated text or error body that came in its place."""

import json
from typing import Any

from service.core.errors import DecodingError
from service.ingest.decoding import decode

TEXTS_OF_AN_ERROR = ("code", "error", "message")
"""Where vendors put what went wrong, at the top of an error body or in each of its `errors`."""


def decode_answer(body: bytes) -> Any:
    """
    Return the JSON value in a body; half of a surrogate pair becomes `?`.

    No database can keep half a character, and one such row must not lose its page.

    Raises:
        ValueError: The body is no JSON, or nested too deeply.
    """
    try:
        return decode(body)
    except DecodingError:
        if b"\\ud" not in body.lower():
            raise
    try:
        return decode(json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def is_web_page(body: bytes) -> bool:
    """Whether a body is HTML or XML: a log-in page, a proxy's error, a wrong address."""
    return body.lstrip()[:1] == b"<"


def error_text(body: bytes) -> str:
    """
    Return what an error body says, as the server wrote it: not yet fit for a terminal, and it may repeat secrets.

    >>> error_text(b'{"code": "InvalidObject", "errors": [{"message": "bad name"}]}')
    'InvalidObject, bad name'
    """
    try:
        answer = decode_answer(body)
    except ValueError:
        return "a web page" if is_web_page(body) else body.decode("utf-8", "replace")
    if not isinstance(answer, dict):
        return ""
    inner = answer.get("errors")
    parts = [answer, *(inner if isinstance(inner, list) else [])]
    texts = [part.get(name) for part in parts if isinstance(part, dict) for name in TEXTS_OF_AN_ERROR]
    return ", ".join(text for text in texts if isinstance(text, str) and text)


def kind_of(answer: object) -> str:
    """Return what a decoded answer is, in words for an error."""
    return {dict: "an object", list: "a list", str: "a text", type(None): "null"}.get(type(answer), "a single value")
