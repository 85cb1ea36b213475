"""Lists in pages, and the cursors that lead from one page to the next."""

import base64
import binascii
from typing import Generic, TypeVar

from pydantic import BaseModel

from service.core.errors import BadRequest

LARGEST_PAGE = 1000

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """Some of a list; `next_cursor` asks for the rest, None when there is none."""

    items: list[T]
    next_cursor: str | None


def require_limit(limit: int) -> None:
    """Raises: BadRequest, for a page that is empty or too large."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise BadRequest(f"a page holds 1 to {LARGEST_PAGE}")


def cursor(place: str) -> str:
    """Return a place in a list as a text that promises nothing."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place(cursor: str | None) -> str:
    """Return the place of a cursor; "": the beginning. Raises: BadRequest, for one that is none of ours."""
    text = cursor or ""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise none_of_ours() from None
    if not found.isprintable():  # and not every database takes a NUL
        raise none_of_ours()
    return found


def none_of_ours() -> BadRequest:
    """Return the error for a cursor that leads nowhere."""
    return BadRequest("that cursor is none of ours; leave it out to begin at the start")
