"""
Ask ConnectWise Manage over HTTP: how fast, how often again, and what a refusal means to the operator.

Time, chance and the network are arguments (`Outside`). What the rows mean is `cw_manage.py`.
Sources: the vendor's developer guide (authentication, pagination, best practices for retries).
"""

import asyncio
import base64
import json
import logging
import random
import re
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from typing import Any, NoReturn

import httpx

from service.core.errors import ProviderChanged, ProviderRefused, ProviderUnavailable, SettingsError
from service.core.settings import ConnectWiseManage
from service.ingest.decoding import DecodingError, decode

PROVIDER = "cw_manage"
SECTION = "Providers:ConnectWiseManage"

RETRIED = {429, 500, 502, 503, 504}
"""Statuses after which the same request may succeed; no other 4xx ever does."""

BACKOFF_BASE = 0.5
BACKOFF_CAP = 60.0
"""Seconds; the vendor's advice for background work."""

LARGEST_ANSWER = 64 * 2**20
"""Bytes; a page of a thousand rows with the fields we ask for is about one of them."""

LONGEST_URL = 2000
"""Characters; the vendor refuses longer ones."""

REFUSALS = {
    400: f"; it did not understand the question: look at {SECTION}:Types and {SECTION}:ApiVersion",
    401: f"; it does not know these keys: look at {SECTION}:CompanyId, ApiPublicKey, ApiPrivateKey and ApiClientId",
    403: "; the security role of the API member has to allow Inquire: All on Companies > Configurations",
    404: f"; nothing is there: look at {SECTION}:BaseUrl, whose v..._.../apis part changes when the cloud is upgraded, "
    "and, because the cloud answers 404 to wrong keys as well, at CompanyId and the keys",
}
"""What an operator can look at, by status."""

logger = logging.getLogger(__name__)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Outside:
    """The world as arguments: waiting, seconds that only grow, the time of day, chance in [0, 1), the network."""

    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    random: Callable[[], float] = random.random
    transport: httpx.AsyncBaseTransport | None = None


class TokenBucket:
    """Lets `burst` requests out at once and then `per_minute`; one that comes too early waits its turn."""

    def __init__(self, per_minute: float, burst: int, outside: Outside) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._outside = outside
        self._tokens = float(burst)
        self._counted_at = outside.clock()

    async def take(self) -> None:
        """Take one token; below zero it is borrowed from the future, so that who comes first goes first."""
        now = self._outside.clock()
        self._tokens = min(self._burst, self._tokens + (now - self._counted_at) * self._rate) - 1
        self._counted_at = now
        if self._tokens < 0:
            await self._outside.sleep(-self._tokens / self._rate)


class _TryAgain(Exception):
    """One try failed in a way that may pass; `wait` is what the server asks for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Client:
    """
    The REST API, by GET alone. Every method raises ProviderError.

    An instance keeps the rate over all of its requests and opens connections for each `rows` or `get` anew, so it
    outlives event loops.
    """

    def __init__(self, settings: ConnectWiseManage, outside: Outside | None = None) -> None:
        self._settings = settings
        self._outside = outside or Outside()
        self._bucket = TokenBucket(settings.requests_per_minute, settings.burst, self._outside)
        self.heard_at: datetime | None = None  # the server's own time, as of its latest answer
        public, private = settings.api_public_key.get_secret_value(), settings.api_private_key.get_secret_value()
        token = base64.b64encode(f"{settings.company_id}+{public}:{private}".encode()).decode()
        client_id = settings.api_client_id.get_secret_value()
        self._secrets = sorted((token, private, public, client_id), key=len, reverse=True)
        self._headers = {
            "Authorization": f"Basic {token}",
            "clientId": client_id,
            "Accept": f"application/vnd.connectwise.com+json; version={settings.api_version}",
            "User-Agent": "samebox",
        }

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """Return one answer, decoded."""
        async with self._connected() as http:
            return await self._get(http, path, query or {})

    async def pages(self, path: str, query: Mapping[str, str], after: int = 0) -> AsyncIterator[tuple[list[Any], int]]:
        """
        Yield a list in order of id, page by page, each with its last id; one shorter than the page size is the last.

        `pageId` means "ids above this one", and only beside the header `pagination-type: forward-only`: without it
        the same page comes again for ever. So each full page has to bring an id above the cursor.
        """
        size = self._settings.page_size
        position = {"pageId": str(after)} if after else {"page": "1"}
        cursor = after
        async with self._connected() as http:
            while True:
                page = await self._get(http, path, {"pageSize": str(size), **position, **query}, forward_only=True)
                if not isinstance(page, list):
                    raise ProviderChanged(
                        PROVIDER, f"answered {_kind(page)} where a list was expected; look at {SECTION}:BaseUrl"
                    )
                last = _last_id(page, cursor)
                if len(page) == size and last <= cursor:
                    sentence = f"sent a page without any id above {cursor}; its paging does not advance"
                    raise ProviderChanged(PROVIDER, sentence)
                yield page, last
                if len(page) < size:
                    return
                cursor = last
                position = {"pageId": str(cursor)}

    def require_short(self, path: str, query: Mapping[str, str]) -> None:
        """
        Refuse, before anything is asked, what would not fit into an address.

        Raises:
            SettingsError: The settings select by too much.
        """
        longest = {**query, "pageSize": str(self._settings.page_size), "pageId": str(2**63)}
        if len(str(httpx.URL(self._settings.base_url + path, params=longest))) >= LONGEST_URL:
            raise SettingsError(f"{SECTION}:Types: these are too many or too long for one request; name fewer")

    def _connected(self) -> httpx.AsyncClient:
        settings = self._settings
        return httpx.AsyncClient(
            base_url=settings.base_url,
            headers=self._headers,
            timeout=settings.timeout_seconds,
            transport=self._outside.transport,
            verify=_trusted(),
            follow_redirects=False,  # the keys go to BaseUrl and nowhere else
            trust_env=settings.base_url.startswith("https:"),  # proxies; plain http is loopback only
        )

    async def _get(
        self, http: httpx.AsyncClient, path: str, query: Mapping[str, str], forward_only: bool = False
    ) -> Any:
        request = http.build_request("GET", path, params=query)
        if forward_only:
            request.headers["pagination-type"] = "forward-only"
        attempt = 1
        while True:
            try:
                return self._decoded(await self._try(http, request))
            except _TryAgain as failure:
                await self._pause(failure, attempt)
                attempt += 1

    async def _try(self, http: httpx.AsyncClient, request: httpx.Request) -> bytes:
        await self._bucket.take()
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                response = await http.send(request, stream=True)
                self.heard_at = _moment(response.headers.get("Date")) or self.heard_at
                try:
                    body = await self._body(response)
                finally:
                    await response.aclose()
        except (httpx.TimeoutException, TimeoutError):
            raise _TryAgain(f"gave no whole answer within {self._settings.timeout_seconds:g} s") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _TryAgain(f"broke the connection ({self._excerpt(str(error)) or type(error).__name__})") from None
        if response.status_code in RETRIED:
            wait = retry_after(response.headers.get("Retry-After"), self._outside.now())
            raise _TryAgain(f"answered {response.status_code}{self._message(body)}", wait)
        if response.status_code != HTTPStatus.OK:
            self._refuse(response.status_code, body)
        return body

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise ProviderChanged(PROVIDER, f"sent an answer of more than {LARGEST_ANSWER >> 20} MiB")
        return bytes(body)

    async def _pause(self, failure: _TryAgain, attempt: int) -> None:
        """Wait as long as the server asks, else a random part of an exponentially growing time (full jitter)."""
        settings = self._settings
        if attempt >= settings.max_attempts:
            raise ProviderUnavailable(PROVIDER, f"{failure}; gave up after {attempt} tries, try again later") from None
        wait = failure.wait
        if wait is None:
            ceiling = min(BACKOFF_CAP, settings.max_wait_seconds, BACKOFF_BASE * 2 ** (attempt - 1))
            wait = self._outside.random() * ceiling
        if wait > settings.max_wait_seconds:
            sentence = f"{failure}; asks for {wait:.0f} s of patience, more than {SECTION}:MaxWaitSeconds allows"
            raise ProviderUnavailable(PROVIDER, sentence) from None
        logger.warning("%s: %s; try %d of %d in %.1f s", PROVIDER, failure, attempt + 1, settings.max_attempts, wait)
        await self._outside.sleep(wait)

    def _decoded(self, body: bytes) -> Any:
        try:
            return decode_answer(body)
        except ValueError as error:
            if body.lstrip()[:1] == b"<":
                sentence = f"answered a web page where JSON was expected; look at {SECTION}:BaseUrl"
            else:
                sentence = f"sent an answer that is no whole JSON ({self._excerpt(str(error))})"
            raise ProviderChanged(PROVIDER, sentence) from None

    def _refuse(self, status: int, body: bytes) -> NoReturn:
        said = self._message(body)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ProviderUnavailable(PROVIDER, f"answered {status}{said}")
        if "Security" in said:  # the code for plain http and for a cloud host without its prefix
            look_at = f"; {SECTION}:BaseUrl has to begin with https:// and, on the cloud, its host with api-"
        elif status < HTTPStatus.BAD_REQUEST:
            look_at = f"; keys are not sent to where it points, so write the final address into {SECTION}:BaseUrl"
        else:
            look_at = REFUSALS.get(status, "")
        raise ProviderRefused(PROVIDER, f"answered {status}{said}{look_at}", status)

    def _message(self, body: bytes) -> str:
        """What an error says in either of the vendor's shapes, or as plain text; "" for a web page."""
        try:
            answer = decode_answer(body)
        except ValueError:
            answer = {"message": "a web page" if body.lstrip()[:1] == b"<" else body.decode("utf-8", "replace")}
        if not isinstance(answer, dict):
            return ""
        inner = answer.get("errors")
        parts = [answer, *(inner if isinstance(inner, list) else [])]
        texts = [part.get(name) for part in parts if isinstance(part, dict) for name in ("code", "error", "message")]
        said = self._excerpt(", ".join(text for text in texts if isinstance(text, str) and text))
        return f" ({said})" if said else ""

    def _excerpt(self, text: str) -> str:
        """Text from outside, fit for an error: no secret that it echoes, no control characters, not long."""
        for secret in self._secrets:
            text = text.replace(secret, "[hidden]")
        printable = "".join(character if character.isprintable() else " " for character in text)
        return " ".join(printable.split())[:300]


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificate store takes longer than most requests: once is enough."""
    return httpx.create_ssl_context()


def retry_after(header: str | None, now: datetime) -> float | None:
    """
    Return the seconds that a `Retry-After` header asks for; None when there is none or it makes no sense.

    Source: RFC 9110, section 10.2.3 (seconds or a date).
    """
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    moment = _moment(text)
    return max(0.0, (moment - now).total_seconds()) if moment else None


def _moment(header: str | None) -> datetime | None:
    """The time that a header tells; None when there is none or it makes no sense."""
    try:
        moment = parsedate_to_datetime(header or "")
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _last_id(page: list[Any], cursor: int) -> int:
    ids = (row["id"] for row in page if isinstance(row, dict) and type(row.get("id")) is int)
    return max(ids, default=cursor)


def decode_answer(body: bytes) -> Any:
    """
    Decode an answer; half a surrogate pair becomes `?`, for no database can keep it and one row must not lose its page.

    Raises:
        ValueError: No JSON, or nested too deeply.
    """
    try:
        return decode(body)
    except DecodingError:
        if b"\\ud" not in body.lower():
            raise
    try:
        return decode(json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _kind(answer: object) -> str:
    return {dict: "an object", str: "a text", type(None): "null"}.get(type(answer), "a single value")
