"""Change a request before the server sees it, or the server's real answer before the client sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.datastructures import URL, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Kept(NamedTuple):
    """An answer that has not been sent yet: the message that begins it, and its whole body."""

    start: Message
    body: bytes

    def with_body(self, body: bytes) -> Kept:
        """Return the answer with another body, and the length of that."""
        headers = [pair for pair in self.start["headers"] if pair[0] != b"content-length"]
        return Kept({**self.start, "headers": [*headers, (b"content-length", str(len(body)).encode())]}, body)

    async def pass_on(self, send: Send, *, more: bool = False) -> None:
        """Send the answer; with `more`, as if the rest of its body were to follow."""
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body, "more_body": more})


async def kept_answer(app: ASGIApp, scope: Scope, receive: Receive) -> Kept:
    """Let the server answer, and keep what it says."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start, *rest = messages
    return Kept(start, b"".join(message["body"] for message in rest))


def query_of(scope: Scope) -> dict[str, str]:
    """Return the query of a request."""
    return dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))


def with_query(scope: Scope, query: Mapping[str, str]) -> Scope:
    """Return the request with another query."""
    return {**scope, "query_string": urlencode(query).encode()}


def page_size_of(scope: Scope) -> int | None:
    """Return how many rows a page a request asks for; None where it does not say, or says it in no number."""
    asked = query_of(scope).get("pageSize", "")
    return int(asked) if asked.isdecimal() else None


def without_companies(answer: Kept) -> Kept:
    """Return an answer whose rows have no company."""
    rows = orjson.loads(answer.body)
    for row in rows if isinstance(rows, list) else [rows]:
        row.pop("company", None)
    return answer.with_body(orjson.dumps(rows))


def with_last_link(answer: Kept, scope: Scope, *, address: bool) -> Kept:
    """Return an answer that names a next page; one that does so already, or is no page of rows, as it is."""
    headers = MutableHeaders(scope=dict(answer.start))
    if headers.get("link") != "":
        return answer
    rows: list[dict[str, Any]] = orjson.loads(answer.body)
    cursor = rows[-1].get("id", 0) if rows else query_of(scope).get("pageId", 0)
    target = URL(scope=scope).include_query_params(pageId=cursor) if address else ""
    headers["link"] = f'<{target}>; rel="next"'
    return Kept({**answer.start, "headers": headers.raw}, answer.body)
