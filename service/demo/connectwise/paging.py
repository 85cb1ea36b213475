"""
Both paging modes of the API, and the `Link` header that goes with each.

Navigable is the default: `page` is an offset. A request header asks for forward-only: `pageId` is the last id already
read, rows come in order of id, and the server does not look ahead, so a full page always links to a next one.
"""

from typing import NamedTuple

from starlette.datastructures import URL, Headers, QueryParams

from service.demo.connectwise.answers import malformed
from service.demo.connectwise.schema import ApiRow

DEFAULT_SIZE = 25
MAXIMUM_SIZE = 1000


class PageOfRows(NamedTuple):
    """Some of the rows, and the value of the `Link` header."""

    rows: list[ApiRow]
    link: str


def forward_only(headers: Headers) -> bool:
    """Tell whether the request asks for the forward-only mode. Raises: Refusal for a mode that does not exist."""
    mode = headers.get("pagination-type")
    if mode not in {None, "forward-only"}:
        raise malformed("pagination-type", "The only value is forward-only.")
    return mode is not None


def page_after(rows: list[ApiRow], query: QueryParams, url: URL) -> PageOfRows:
    """Return the page that follows the cursor; rows must be in order of id. Raises: Refusal."""
    if "orderBy" in query:
        raise malformed("orderBy", "Forward-only paging is ordered by id.")
    size, cursor = _size(query), _whole_number(query, "pageId", 0)
    page = [row for row in rows if row["id"] > cursor][:size]
    if len(page) < size:
        return PageOfRows(page, "")
    return PageOfRows(page, _link(url, "next", pageId=page[-1]["id"]))


def page_at(rows: list[ApiRow], query: QueryParams, url: URL) -> PageOfRows:
    """Return the page of that number, in the order given; `pageId` is ignored. Raises: Refusal."""
    size, number = _size(query), _whole_number(query, "page", 1, least=1)
    last = max(1, -(-len(rows) // size))
    links = [_link(url, "first", page=1)]
    if number > 1:
        links.append(_link(url, "prev", page=min(number - 1, last)))
    if number < last:
        links.append(_link(url, "next", page=number + 1))
    links.append(_link(url, "last", page=last))
    return PageOfRows(rows[(number - 1) * size : number * size], ", ".join(links))


def _size(query: QueryParams) -> int:
    size = _whole_number(query, "pageSize", DEFAULT_SIZE, least=1)
    if size > MAXIMUM_SIZE:
        raise malformed("pageSize", f"The most is {MAXIMUM_SIZE}.")
    return size


def _whole_number(query: QueryParams, name: str, default: int, *, least: int = 0) -> int:
    text = query.get(name, str(default))
    # Nine digits stay inside the 32 bits that the API description gives these parameters.
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= least):
        raise malformed(name, f"A whole number from {least} on is expected.")
    return int(text)


def _link(url: URL, relation: str, **changed: int) -> str:
    return f'<{url.include_query_params(**changed)}>; rel="{relation}"'
