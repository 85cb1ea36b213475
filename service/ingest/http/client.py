"""
Ask the JSON API of a provider; every failure is a `ProviderError` in words for an operator.

The transports are, from the outside in: retry, rate limit, whole answers, connections. So every attempt takes a token
of the rate, and the wait for a token is no part of the time that an answer may take.
"""

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

import httpx

from service.core.errors import ProviderChanged, ProviderRefused, ProviderUnavailable
from service.ingest.http.answers import ErrorBody, decode_answer, is_web_page, read_error
from service.ingest.http.buffer import LARGEST_ANSWER, AnswerTooLarge, BufferTransport, DamagedAnswer
from service.ingest.http.connections import open_connections
from service.ingest.http.headers import http_date
from service.ingest.http.rate import RateLimitTransport, TokenBucket
from service.ingest.http.retry import Failure, GaveUp, Retry, RetryTransport
from service.ingest.http.runtime import Runtime
from service.ingest.redaction import excerpt

logger = logging.getLogger(__name__)


class HttpSettings(Protocol):
    """The keys that the settings section of every provider with an API has; their units are in their names."""

    @property
    def base_url(self) -> str:
        """Address of the API, without a slash at its end."""
        ...

    @property
    def requests_per_minute(self) -> float:
        """Requests a minute, on average."""
        ...

    @property
    def burst(self) -> int:
        """Requests that may go out at once after a quiet time."""
        ...

    @property
    def max_attempts(self) -> int:
        """Tries for one request, the first one included."""
        ...

    @property
    def timeout_seconds(self) -> float:
        """Seconds in which an answer has to be there, whole."""
        ...

    @property
    def max_wait_seconds(self) -> float:
        """Longest wait between two tries; asked for a longer one, we give up."""
        ...


class RefusedRequest(NamedTuple):
    """
    A request that the provider refused: the status of the answer, the path below the base URL, and the answer's body.

    The body is without secrets, and fit for a terminal. `status` is 200 for a web page that came in the place of JSON.
    """

    status: int
    path: str
    body: ErrorBody


class Api(NamedTuple):
    """
    Which API to ask and how to talk about it.

    `section` is the settings section that errors point to, such as `Providers:AcmeRmm`. `secrets` never appear in an
    error or a log line, even where the server repeats them. `advice` returns what an operator can look at after a
    refusal, "" for nothing.
    """

    provider: str
    section: str
    headers: Mapping[str, str]
    secrets: Sequence[str]
    advice: Callable[[RefusedRequest], str]


class HttpAnswer(NamedTuple):
    """A decoded body, and the address of the next page where a `Link` header names one."""

    value: Any
    next_url: str | None


class ApiClient:
    """
    A JSON API, by GET alone.

    The client keeps the rate over all its requests. Connections belong to `connect`, so it outlives event loops.
    """

    def __init__(self, api: Api, settings: HttpSettings, runtime: Runtime) -> None:
        self._api = api
        self._settings = settings
        self._runtime = runtime
        self._bucket = TokenBucket(
            settings.requests_per_minute, settings.burst, clock=runtime.clock, sleep=runtime.sleep
        )
        self.heard_at: datetime | None = None
        """The server's own time, as of its latest answer."""

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["Connection"]:
        """Open connections; they are closed at the end of the block."""
        settings = self._settings
        async with httpx.AsyncClient(
            base_url=settings.base_url,
            headers=self._api.headers,
            timeout=settings.timeout_seconds,
            transport=self._transport(),
            follow_redirects=False,  # the keys go to BaseUrl and nowhere else
            trust_env=False,  # else a .netrc could replace the keys; proxies are the transport's
        ) as http:
            yield Connection(self, http)

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """Return one decoded answer, over connections of its own. Raises: ProviderError."""
        async with self.connect() as connection:
            return (await connection.get(path, query)).value

    def _transport(self) -> httpx.AsyncBaseTransport:
        settings, runtime = self._settings, self._runtime
        connections = runtime.transport or open_connections(settings.base_url)
        whole = BufferTransport(connections, timeout=settings.timeout_seconds)
        return RetryTransport(
            RateLimitTransport(whole, self._bucket),
            max_attempts=settings.max_attempts,
            longest_wait=settings.max_wait_seconds,
            on_retry=self._log,
            sleep=runtime.sleep,
            now=runtime.now,
            random=runtime.random,
        )

    async def answer(self, http: httpx.AsyncClient, request: httpx.Request) -> HttpAnswer:
        """Send a request and read its answer. Raises: ProviderError."""
        provider = self._api.provider
        try:
            response = await http.send(request)
        except GaveUp as error:
            raise ProviderUnavailable(provider, self._why_given_up(error)) from None
        except AnswerTooLarge:
            raise ProviderChanged(provider, f"sent an answer of more than {LARGEST_ANSWER >> 20} MiB") from None
        self.heard_at = http_date(response.headers.get("Date")) or self.heard_at
        if response.status_code != HTTPStatus.OK:
            raise self._refusal(request, response)
        return HttpAnswer(self._decoded(request, response.content), response.links.get("next", {}).get("url") or None)

    def _decoded(self, request: httpx.Request, body: bytes) -> Any:
        try:
            return decode_answer(body)
        except ValueError as error:
            sentence = f"sent an answer that is no JSON ({self._excerpt(str(error))})"
            if is_web_page(body):
                look_at = (
                    self._advice(request, HTTPStatus.OK, read_error(body)) or f"look at {self._api.section}:BaseUrl"
                )
                sentence = f"answered a web page where JSON was expected; {look_at}"
            raise ProviderChanged(self._api.provider, sentence) from None

    def _refusal(self, request: httpx.Request, response: httpx.Response) -> ProviderUnavailable | ProviderRefused:
        status = response.status_code
        sentence = self._answered(response)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return ProviderUnavailable(self._api.provider, sentence)
        if status < HTTPStatus.BAD_REQUEST:
            section = self._api.section
            advice = f"keys are not sent to where it points, so write the final address into {section}:BaseUrl"
        else:
            advice = self._advice(request, status, read_error(response.content))
        return ProviderRefused(self._api.provider, f"{sentence}; {advice}" if advice else sentence, status)

    def _advice(self, request: httpx.Request, status: int, body: ErrorBody) -> str:
        said = body._replace(text=self._excerpt(body.text), fields=tuple(map(self._excerpt, body.fields)))
        path = request.url.path.removeprefix(httpx.URL(self._settings.base_url).path.rstrip("/"))
        return self._api.advice(RefusedRequest(status, path, said))

    def _why_given_up(self, error: GaveUp) -> str:
        why = self._described(error.failure)
        if error.wait is None:
            return f"{why}; gave up after {error.attempts} tries, try again later"
        allows = f"more than {self._api.section}:MaxWaitSeconds allows"
        return f"{why}; asks for {error.wait:.0f} s of patience, {allows}"

    def _described(self, failure: Failure) -> str:
        if isinstance(failure, httpx.Response):
            return self._answered(failure)
        if isinstance(failure, httpx.TimeoutException):
            return f"gave no whole answer within {self._settings.timeout_seconds:g} s"
        if isinstance(failure, DamagedAnswer):
            return f"sent an answer that is no whole JSON ({failure})"
        return f"broke the connection ({self._excerpt(str(failure)) or type(failure).__name__})"

    def _answered(self, response: httpx.Response) -> str:
        said = self._excerpt(read_error(response.content).text)
        return f"answered {response.status_code}" + (f" ({said})" if said else "")

    def _log(self, retry: Retry) -> None:
        logger.warning(
            "%s: %s; try %d of %d in %.1f s",
            self._api.provider,
            self._described(retry.failure),
            retry.attempt + 1,
            self._settings.max_attempts,
            retry.wait,
        )

    def _excerpt(self, text: str) -> str:
        return excerpt(text, self._api.secrets)


class Connection:
    """Open connections of a client."""

    def __init__(self, client: ApiClient, http: httpx.AsyncClient) -> None:
        self._client = client
        self._http = http

    async def get(
        self, path: str, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """Return the answer to one request; `path` continues the base URL. Raises: ProviderError."""
        return await self._client.answer(
            self._http, self._http.build_request("GET", path, params=query, headers=headers)
        )
