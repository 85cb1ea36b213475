"""Read the bodies of answers: JSON, or the web page, damaged JSON or error body that came in its place."""

import codecs
import json
from collections.abc import Iterable
from enum import Enum
from typing import Any, NamedTuple

from service.core.errors import DecodingError
from service.ingest.decoding import decode

TEXTS_OF_AN_ERROR = ("code", "error", "message")
"""Where vendors put what went wrong, at the top of an error body or in each of its `errors`."""


class BodyForm(Enum):
    """What the body of an error is; a JSON text counts as plain text."""

    JSON = "JSON"
    TEXT = "plain text"
    WEB_PAGE = "a web page"
    EMPTY = "nothing"


class ErrorBody(NamedTuple):
    """
    What the body of an error says, as the server wrote it: not yet fit for a terminal, and it may repeat secrets.

    `fields` are the fields or parameters that its inner errors name.
    """

    form: BodyForm
    text: str
    fields: tuple[str, ...] = ()


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


def is_damaged(body: bytes) -> bool:
    """
    Whether a body is nothing, or begins as JSON and cannot be read to its end, as if the sender had stopped in it.

    >>> is_damaged(b'[{"id": 1}, {"id"'), is_damaged(b"Service is starting"), is_damaged(b"[]")
    (True, False, False)
    """
    start = body.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start and start not in {b"[", b"{"}:
        return False
    try:
        decode_answer(body)
    except ValueError:
        return True
    return False


def read_error(body: bytes) -> ErrorBody:
    """
    Return what an error body says, in any shape that vendors and proxies use.

    >>> read_error(b'{"code": "InvalidObject", "errors": [{"message": "bad", "field": "pageSize"}]}')
    ErrorBody(form=<BodyForm.JSON: 'JSON'>, text='InvalidObject, bad', fields=('pageSize',))
    """
    if not body.strip():
        return ErrorBody(BodyForm.EMPTY, "")
    try:
        answer = decode_answer(body)
    except ValueError:
        if is_web_page(body):
            return ErrorBody(BodyForm.WEB_PAGE, BodyForm.WEB_PAGE.value)
        return ErrorBody(BodyForm.TEXT, body.decode("utf-8", "replace"))
    if isinstance(answer, str):
        return ErrorBody(BodyForm.TEXT, answer)
    if not isinstance(answer, dict):
        return ErrorBody(BodyForm.JSON, "")
    listed = answer.get("errors")
    inner = [error for error in (listed if isinstance(listed, list) else []) if isinstance(error, dict)]
    texts = _texts(part.get(name) for part in (answer, *inner) for name in TEXTS_OF_AN_ERROR)
    return ErrorBody(BodyForm.JSON, ", ".join(texts), _texts(error.get("field") for error in inner))


def kind_of(answer: object) -> str:
    """Return what a decoded answer is, in words for an error."""
    return {dict: "an object", list: "a list", str: "a text", type(None): "null"}.get(type(answer), "a single value")


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(value for value in values if isinstance(value, str) and value)
