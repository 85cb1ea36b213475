"""
Read each answer whole, within a bound on its time and a bound on its size, and notice where its JSON was cut.

httpx limits the wait for each chunk, not for the whole answer: a server that sends a byte every few seconds is
never late. And it reads bodies after the transport has returned, when it is too late to retry because a body
was cut off.
"""

import asyncio

import httpx

from service.ingest.http.answers import is_damaged

LARGEST_ANSWER = 64 * 2**20
"""Bytes after decompression; a page of a thousand device rows is about one MiB."""

OF_THE_ENCODED_BODY = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that describe the body on the wire and are wrong for the decoded one."""


class AnswerTooLarge(httpx.RequestError):
    """The answer is larger than `LARGEST_ANSWER`; asking again would bring the same."""


class DamagedAnswer(httpx.ReadError):
    """The answer arrived complete, and its JSON cannot be read; asking again may bring all of it."""


class BufferTransport(httpx.AsyncBaseTransport):
    """
    Returns responses whose bodies are read and decompressed; what breaks in mid-body raises here.

    A server that stops in the middle of its JSON may declare the length of what it sent, so that HTTP sees nothing
    wrong. That is a broken answer like any other.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, *, timeout: float, largest: int = LARGEST_ANSWER) -> None:
        """`timeout` is in seconds, for the whole answer; `largest` in bytes."""
        self._inner = inner
        self._timeout = timeout
        self._largest = largest

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """
        Send, and read the answer to its end.

        Raises:
            httpx.ReadTimeout: The whole answer was not there in time.
            httpx.TransportError: The connection broke, before the answer or in the middle of it.
            httpx.DecodingError: The body cannot be decompressed.
            DamagedAnswer: The status is 200, and the body is JSON that cannot be read to its end.
            AnswerTooLarge: Reading stopped at the bound.
        """
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._inner.handle_async_request(request)
                try:
                    body = await self._read(response)
                finally:
                    await response.aclose()
        except TimeoutError:
            raise httpx.ReadTimeout(f"no whole answer within {self._timeout:g} s") from None
        if response.status_code == httpx.codes.OK and is_damaged(body):
            raise DamagedAnswer(f"the JSON in an answer of {len(body):,} bytes cannot be read to its end")
        headers = [(name, value) for name, value in response.headers.items() if name not in OF_THE_ENCODED_BODY]
        return httpx.Response(response.status_code, headers=headers, content=body, extensions=response.extensions)

    async def _read(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._largest:
                raise AnswerTooLarge(f"more than {self._largest:,} bytes")
        return bytes(body)

    async def aclose(self) -> None:
        """Close the inner transport."""
        await self._inner.aclose()
