"""Forward-only paging: where each page begins, and where the list ends."""

import asyncio
from typing import Any

import httpx
import pytest

from service.core.errors import ProviderChanged
from service.ingest.cw_manage.client import open_client
from service.ingest.cw_manage.paging import ListPage, pages
from tests.service.ingest.virtual import VirtualTime, cw_settings


class Server:
    """A list of ids; it gives at most `clamp` rows a page, and a `Link` header where it is told to."""

    def __init__(self, ids: list[Any], *, clamp: int = 1000, link: str = "") -> None:
        self.ids = ids
        self.clamp = clamp
        self.link = link
        self.forgets_cursor = False
        self.asked: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Give the rows above the cursor."""
        assert request.headers["pagination-type"] == "forward-only"
        query = request.url.params
        self.asked.append("&".join(f"{name}={query[name]}" for name in ("page", "pageId") if name in query))
        size = min(self.clamp, int(query["pageSize"]))
        cursor = 0 if self.forgets_cursor else int(query.get("pageId", 0))
        rows = [row for row in self.ids if not isinstance(row, int) or row > cursor][:size]
        shown = [{"id": row} for row in rows]
        return httpx.Response(200, json=shown, headers={"Link": self.link})

    def read(self, size: int, after: int = 0) -> list[ListPage]:
        """Read the list."""
        client = open_client(cw_settings(), VirtualTime().runtime(httpx.MockTransport(self.answer)))

        async def read_all() -> list[ListPage]:
            return [page async for page in pages(client, "/list", {"fields": "id"}, size=size, after=after)]

        return asyncio.run(read_all())


def ids(found: list[ListPage]) -> list[list[Any]]:
    """Return the ids page by page."""
    return [[row["id"] for row in page.rows] for page in found]


def test_each_page_begins_behind_the_last_id_of_the_one_before() -> None:
    """First `page=1`, then `pageId`; a short page is the last."""
    server = Server([1, 2, 5, 8, 9])

    found = server.read(2)
    assert ids(found) == [[1, 2], [5, 8], [9]]
    assert [page.last_id for page in found] == [2, 8, 9]
    assert server.asked == ["page=1", "pageId=2", "pageId=8"]


def test_a_list_that_ends_with_a_full_page_ends_with_an_empty_one() -> None:
    """Nobody can know before asking; the cursor stays where it was."""
    server = Server([1, 2])

    assert server.read(2) == [ListPage([{"id": 1}, {"id": 2}], 2), ListPage([], 2)]


def test_reading_begins_behind_a_cursor() -> None:
    """A sync that was interrupted goes on where it was."""
    server = Server([1, 2, 5])

    assert ids(server.read(2, after=2)) == [[5]]
    assert server.asked == ["pageId=2"]


def test_rows_without_an_id_do_not_move_the_cursor() -> None:
    """They are handed on, to be quarantined; the greatest whole number is the cursor, wherever it stands."""
    server = Server([7, None, True, "9", 3])

    assert [page.last_id for page in server.read(10)] == [7]


def test_a_full_page_has_to_bring_a_higher_id() -> None:
    """Else the same page would come again for ever."""
    with pytest.raises(ProviderChanged, match="without any id above 0; its paging does not advance"):
        Server([None, None]).read(2)


NEXT = '<https://psa.test/list?pageId=x>; rel="next"'


def test_a_short_page_that_names_a_next_one_is_not_the_last() -> None:
    """A server may give fewer rows than it is asked for; the rest of the list is not lost."""
    server = Server([1, 2, 5, 8, 9], clamp=2, link=NEXT)

    assert ids(server.read(1000)) == [[1, 2], [5, 8], [9]]
    assert server.asked == ["page=1", "pageId=2", "pageId=8", "pageId=9"]


def test_a_next_page_that_brings_no_higher_id_ends_the_list() -> None:
    """The vendor says that the header is always there, so it alone never ends a list or keeps one going."""
    assert Server([], link=NEXT).read(10) == [ListPage([], 0)]
    assert ids(Server([None], link=NEXT).read(10)) == [[None]]


def test_rows_that_come_again_after_the_last_short_page_are_not_read_twice() -> None:
    """A server that forgets the cursor answers with the same rows; they were read, and the list has ended."""
    server = Server([1, 2, 5], link=NEXT)
    server.forgets_cursor = True

    assert ids(server.read(10)) == [[1, 2, 5]]
    assert server.asked == ["page=1", "pageId=5"]


@pytest.mark.parametrize(
    "link",
    [
        '</v4/list?pageId=2>; rel="next"',
        "<https://psa.test/list?fields=id,name&pageId=2>; rel=next",
        '<https://psa.test/list?page=1>; rel="first", <https://elsewhere.test/>; rel="next"',
    ],
)
def test_where_a_link_leads_is_not_looked_at(link: str) -> None:
    """That it names a next page is all that counts: the next request goes to the same address, by the cursor."""
    server = Server([1, 2, 5], clamp=2, link=link)

    assert ids(server.read(10)) == [[1, 2], [5]]
    assert server.asked == ["page=1", "pageId=2", "pageId=5"]


@pytest.mark.parametrize("link", ["", '<>; rel="next"', '<https://psa.test/list?page=1>; rel="first"'])
def test_a_short_page_without_a_next_one_is_the_last(link: str) -> None:
    """No request is made only to find nothing."""
    server = Server([1, 2, 5], clamp=2, link=link)

    assert ids(server.read(10)) == [[1, 2]]
    assert len(server.asked) == 1
