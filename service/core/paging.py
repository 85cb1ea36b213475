"""Pages of lists, and the cursors that lead from one page to the next."""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from service.core.errors import BadRequest

LARGEST_PAGE = 1000
"""Items in a page, at the most."""

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    data: list[T]
    next_cursor: str | None = Field(description="Ask for the next page with it; null on the last page.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return the name of a page in the OpenAPI document: `DevicePage` for a page of `DeviceView`."""
        return f"{params[0].__name__.removesuffix('View')}Page"


def require_limit(limit: int) -> None:
    """Raises: BadRequest, for a page that is empty or too large."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise BadRequest(f"a page holds 1 to {LARGEST_PAGE}")


@dataclass(frozen=True)
class PageRequest:
    """
    Which page of a list is asked for: at most how many items, and the cursor of the page before.

    Raises:
        BadRequest: A limit beyond 1 to 1000.
    """

    limit: int = 100
    cursor: str | None = None

    def __post_init__(self) -> None:
        """Refuse a page that is empty or too large."""
        require_limit(self.limit)

    @property
    def place(self) -> str:
        """The place after which the page begins; "": the beginning. Raises: BadRequest, for another text."""
        text = self.cursor or ""
        try:
            found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        except (binascii.Error, ValueError):
            raise unknown_cursor() from None
        if not found.isprintable():  # and not every database takes a NUL
            raise unknown_cursor()
        return found

    def page(self, items: list[T], place: Callable[[T], str], *, is_last: bool) -> Page[T]:
        """Return some items as a page; `place` says where an item stands in the list."""
        return Page(data=items, next_cursor=None if is_last else cursor(place(items[-1])))


FIRST_PAGE = PageRequest()
"""The beginning of a list, where nothing else is asked for."""


def all_items(page_of: Callable[[PageRequest], Page[T]]) -> Iterator[T]:
    """Yield the items of all pages of a list."""
    page = page_of(PageRequest(LARGEST_PAGE))
    yield from page.data
    while page.next_cursor:
        page = page_of(PageRequest(LARGEST_PAGE, page.next_cursor))
        yield from page.data


def cursor(place: str) -> str:
    """Return a place in a list as a text that promises nothing."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def unknown_cursor() -> BadRequest:
    """Return the error for a cursor that no page ended with."""
    return BadRequest("that cursor is none of ours; leave it out to begin at the start")
