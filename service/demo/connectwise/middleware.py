"""The middleware in front of the routes, outermost first: the log, the faults, the check of credentials and headers."""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
from dataclasses import dataclass

from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.demo.connectwise.answers import NEWEST, Refusal, malformed
from service.demo.connectwise.faults import (
    AfterCall,
    Answer,
    Cut,
    Faults,
    IgnoredCursor,
    LastLink,
    Late,
    Log,
    NoCompanies,
    PageSizeLimit,
    Seen,
    ShortPages,
)
from service.demo.connectwise.rewriting import (
    kept_answer,
    page_size_of,
    query_of,
    with_last_link,
    with_query,
    without_companies,
)

_SECRET = frozenset({"authorization", "clientid"})
_VERSIONED = re.compile(r"application/vnd\.connectwise\.com\+json\s*;\s*version=([0-9]{4})\.([0-9]{1,2})")
# The first release whose number can be asked for as a version.
_OLDEST = (2019, 1)


@dataclass(frozen=True)
class Credentials:
    """What a caller must present."""

    company_id: str
    public_key: str
    private_key: str
    client_id: str

    def refusal(self, headers: Headers) -> Refusal | None:
        """Return why a request with these headers is refused, or None."""
        secret = f"{self.company_id}+{self.public_key}:{self.private_key}".encode()
        expected = b"Basic " + base64.b64encode(secret)
        if not hmac.compare_digest(headers.get("authorization", "").encode(), expected):
            return Refusal(401, "Unauthorized", "The credentials are missing or wrong.")
        if not hmac.compare_digest(headers.get("clientid", "").encode(), self.client_id.encode()):
            return Refusal(401, "ConnectWiseApi", "UserNotAuthenticated")
        return None


def unacceptable(accept: str) -> Refusal | None:
    """Return why this `Accept` names no version that is served, or None; without `Accept` the newest is served."""
    for option in accept.lower().split(","):
        media_type = option.partition(";")[0].strip()
        if media_type in {"", "*/*", "application/*", "application/json"} or _served(option.strip()):
            return None
    return Refusal(406, "NotAcceptable", f"No such version; the newest is {NEWEST}.")


def _served(option: str) -> bool:
    if option == "application/vnd.connectwise.com+json":
        return True
    match = _VERSIONED.fullmatch(option)
    newest = tuple(int(part) for part in NEWEST.split("."))
    return match is not None and _OLDEST <= (int(match[1]), int(match[2])) <= newest


class Logged:
    """Logs every request before any other middleware sees it."""

    def __init__(self, app: ASGIApp, log: Log, base_path: str) -> None:
        self._app, self._log, self._base_path = app, log, base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: "(hidden)" if name in _SECRET else value for name, value in Headers(scope=scope).items()}
        path = str(scope["path"]).removeprefix(self._base_path)
        query = dict(QueryParams(scope["query_string"]))
        seen = Seen(scope["method"], path, query, headers, self._log.clock())
        self._log.seen.append(seen)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            await send(message)

        await self._app(scope, receive, noting)


class Faulty:
    """Applies the planned fault to a request."""

    def __init__(self, app: ASGIApp, faults: Faults, base_path: str) -> None:
        self._app, self._faults, self._base_path = app, faults, base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match self._faults.take(str(scope["path"]).removeprefix(self._base_path)):
            case Answer(status, body, headers):
                return await Response(body, status, dict(headers))(scope, receive, send)
            case PageSizeLimit(most) if (page_size_of(scope) or 0) > most:
                return await malformed("pageSize", f"The most is {most}.").answer()(scope, receive, send)
            case Cut() | NoCompanies() | LastLink() as fault:
                return await self._rewritten(fault, scope, receive, send)
            case Late(seconds, asked):
                asked()
                await _wait(seconds, receive)
            case AfterCall(call):
                call()
            case IgnoredCursor():
                scope = with_query(scope, {name: text for name, text in query_of(scope).items() if name != "pageId"})
            case ShortPages(rows) if (page_size_of(scope) or 0) > rows:
                scope = with_query(scope, {**query_of(scope), "pageSize": str(rows)})
        return await self._app(scope, receive, send)

    async def _rewritten(self, fault: Cut | NoCompanies | LastLink, scope: Scope, receive: Receive, send: Send) -> None:
        """Send another answer than the server's; uvicorn closes the connection when a body is shorter than declared."""
        answer = await kept_answer(self._app, scope, receive)
        match fault:
            case Cut(honest):
                half = answer.body[: len(answer.body) // 2]
                answer = answer.with_body(half) if honest else answer._replace(body=half)
                return await answer.pass_on(send, more=not honest)
            case NoCompanies():
                answer = without_companies(answer)
            case LastLink(address):
                answer = with_last_link(answer, scope, address=address)
        return await answer.pass_on(send)


async def _wait(seconds: float, receive: Receive) -> None:
    """Wait that long, or until the caller disconnects."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


class Guarded:
    """Refuses requests without the right credentials and headers."""

    def __init__(self, app: ASGIApp, credentials: Credentials) -> None:
        self._app, self._credentials = app, credentials

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = self._credentials.refusal(headers) or unacceptable(headers.get("accept", ""))
        await (refusal.answer() if refusal else self._app)(scope, receive, send)
