"""
Answers in the vendor's form: rows, and the two bodies of an error.

Nearly every error is `{code, message, errors}`; only 429 is `{error, message}`.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

NEWEST = "2025.16"
MEDIA_TYPE = f"application/vnd.connectwise.com+json; version={NEWEST}"


class Refusal(Exception):
    """The error that answers a request; `errors` names the parts at fault, and is None for credentials."""

    def __init__(self, status: int, code: str, message: str, errors: list[dict[str, str]] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "errors": errors}

    def answer(self) -> Response:
        """Return the refusal as a response."""
        return reply(self.body, status=self.status)


def malformed(parameter: str, message: str) -> Refusal:
    """Return the refusal of a query parameter or header that cannot be used."""
    part = {"code": "InvalidField", "message": message, "resource": "request", "field": parameter}
    return Refusal(400, "InvalidObject", f"{parameter} is invalid", [part])


def reply(content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return content as JSON of the versioned media type."""
    shown = {"api-current-version": NEWEST, **(headers or {})}
    return Response(orjson.dumps(content), status, shown, media_type=MEDIA_TYPE)
