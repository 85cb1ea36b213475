"""Pages of lists, and the cursors that lead from one page to the next."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from service.core.errors import BadRequest, UnknownCursor

LARGEST_PAGE = 1000
"""Items in a page, at the most."""

LARGEST_NUMBER = 2**31 - 1
"""No place in a list has a greater one: it is what a column of whole numbers holds."""

CURSOR_VERSION = 1
"""It grows when cursors of this program can no longer be read by the next one, or the other way round."""

T = TypeVar("T")

ListPlace = tuple[str | int | float, ...]
"""Where an item stands in a list: the values that the list is ordered by, which no other item has."""


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    model_config = ConfigDict(json_schema_extra={"description": "One page of a list."})

    data: list[T] = Field(description="The items of this page, in the list's order.")
    next_cursor: str | None = Field(
        description="Ask for the next page with it; null on the last page.", examples=["eyJ2IjoxfQ"]
    )

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

    def after(self, name: str, *types: type) -> Any:
        """
        Return the place after which the page begins, None: the beginning.

        Args:
            name: The list: a cursor of another one is refused.
            types: Of the values that the list is ordered by.

        Raises:
            UnknownCursor: No page of this list ended with that cursor.
        """
        return place_of(self.cursor, name, *types) if self.cursor else None

    def page(self, name: str, items: list[T], place: Callable[[T], ListPlace], *, is_last: bool) -> Page[T]:
        """Return some items as a page of a list; `place` says where an item stands in it."""
        return Page(data=items, next_cursor=None if is_last else cursor(name, *place(items[-1])))


FIRST_PAGE = PageRequest()
"""The beginning of a list, where nothing else is asked for."""


def all_items(page_of: Callable[[PageRequest], Page[T]]) -> Iterator[T]:
    """Yield the items of all pages of a list."""
    page = page_of(PageRequest(LARGEST_PAGE))
    yield from page.data
    while page.next_cursor:
        page = page_of(PageRequest(LARGEST_PAGE, page.next_cursor))
        yield from page.data


def cursor(name: str, *place: str | float) -> str:
    """Return a place in a list as a text that promises nothing but to lead there."""
    text = json.dumps([CURSOR_VERSION, name, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(text: str, name: str, *types: type) -> ListPlace:
    """Return the place in a list to which a cursor leads, values of these types. Raises: UnknownCursor."""
    try:
        found = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):  # no base64, no UTF-8 or no JSON
        raise unknown_cursor() from None
    if not isinstance(found, list) or found[:2] != [CURSOR_VERSION, name] or list(map(type, found[2:])) != list(types):
        raise unknown_cursor()
    place = tuple(found[2:])
    if not all(_is_comparable(value) for value in place):
        raise unknown_cursor()
    return place


def unknown_cursor() -> UnknownCursor:
    """Return the error for a cursor that no page of a list ended with."""
    return UnknownCursor("that cursor is none of this list's; leave it out to begin at the start")


def _is_comparable(value: str | float) -> bool:
    """Whether every database can compare with it: none takes a NUL or a lone surrogate, nor a greater number."""
    return value.isprintable() if isinstance(value, str) else abs(value) <= LARGEST_NUMBER
