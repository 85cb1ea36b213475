"""
Forward-only paging: a list in the order of its ids, each page asked for by the last id of the one before.

`pageId` means "ids above this one" only together with the header `pagination-type: forward-only`: without it the
same page comes again for ever. So each request sends the header, and a full page must bring ids above the cursor.

Source: the vendor's developer guide, Pagination.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, NamedTuple

from service.core.errors import ProviderChanged
from service.ingest.cw_manage.names import PROVIDER, SECTION
from service.ingest.http.answers import kind_of
from service.ingest.http.client import ApiClient

FORWARD_ONLY = {"pagination-type": "forward-only"}


class ListPage(NamedTuple):
    """Rows that came together, and the highest id so far: the cursor of the next page."""

    rows: list[Any]
    last_id: int


async def pages(
    client: ApiClient, path: str, query: Mapping[str, str], *, size: int, after: int = 0
) -> AsyncGenerator[ListPage]:
    """
    Yield a list page by page, from behind the id `after`; a page shorter than `size` is the last.

    A short page that names a next one may be of a server that gives fewer rows than it is asked for, or of one that
    names a next page always. One more request decides: where it brings no higher id, the list has ended, and rows that
    came before are not yielded again. Where the link leads is not looked at.

    Raises:
        ProviderError: The server failed, answered no list, or does not advance.
    """
    position = {"pageId": str(after)} if after else {"page": "1"}
    cursor, is_probe = after, False
    async with client.connect() as connection:
        while True:
            answer = await connection.get(path, {"pageSize": str(size), **position, **query}, FORWARD_ONLY)
            page = ListPage(_listed(answer.value), _last_id(answer.value, cursor))
            is_short, advances = len(page.rows) < size, page.last_id > cursor
            if is_probe and not advances:
                return
            if not is_short and not advances:
                sentence = f"sent a page without any id above {cursor}; its paging does not advance"
                raise ProviderChanged(PROVIDER, sentence)
            yield page
            is_probe = bool(is_short and advances and answer.next_url)
            if is_short and not is_probe:
                return
            cursor = page.last_id
            position = {"pageId": str(cursor)}


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        sentence = f"answered {kind_of(value)} where a list was expected; look at {SECTION}:BaseUrl"
        raise ProviderChanged(PROVIDER, sentence)
    return value


def _last_id(rows: list[Any], cursor: int) -> int:
    ids = (row["id"] for row in rows if isinstance(row, dict) and type(row.get("id")) is int)
    return max(ids, default=cursor)
