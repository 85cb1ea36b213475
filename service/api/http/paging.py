"""Paging of every list of the API: it takes `limit` and `cursor`, and returns a `Link` header to the next page."""

from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response

from service.api.http.codes import ProblemCode
from service.core.paging import LARGEST_PAGE, Page, PageRequest

T = TypeVar("T")

PAGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"Link": {"description": "The next page (RFC 8288); no host", "schema": {"type": "string"}}}}
}
"""The declaration of a list that comes in pages."""


LISTED = ProblemCode.UNKNOWN_CURSOR, ProblemCode.UNKNOWN_VALUE
"""The codes with which a list refuses its cursor and its filters."""


class Paging:
    """What a caller asks for of a list, and the way to the next page in the answer."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Items a page.")] = 100,
        cursor: Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")] = None,
    ) -> None:
        """Take the parameters of a request."""
        self.asked = PageRequest(limit, cursor)
        self._request, self._response = request, response

    def linked(self, page: Page[T]) -> Page[T]:
        """Return a page; the header `Link` leads to the next one, where there is one."""
        self.leading(page.next_cursor, self._response)
        return page

    def leading(self, next_cursor: str | None, answer: Response) -> Response:
        """
        Return an answer; its header `Link` leads to the next page, where there is one.

        The address has no host in it: the one that a caller names need not be ours.
        """
        if next_cursor:
            address = self._request.url.include_query_params(cursor=next_cursor)
            answer.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
        return answer


PagingDep = Annotated[Paging, Depends()]

Filter = Annotated[str | None, Query(max_length=200)]
"""What a list is narrowed to."""
