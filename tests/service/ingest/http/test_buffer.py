"""Whole answers: in time, within the bound, decompressed, or an error that the retry can see."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from service.ingest.http.buffer import AnswerTooLarge, BufferTransport
from tests.service.ingest.virtual import Planned, Replay

URL = "https://any.test/"


class Body(httpx.AsyncByteStream):
    """A body in chunks; it may stop in the middle, and knows whether it was closed."""

    def __init__(self, *chunks: bytes | Exception) -> None:
        self.chunks = chunks
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True


def read(answer: Planned, *, timeout: float = 30, largest: int = 100) -> httpx.Response:
    """Send one request through the transport itself."""

    async def send() -> httpx.Response:
        async with BufferTransport(Replay(answer), timeout=timeout, largest=largest) as transport:
            return await transport.handle_async_request(httpx.Request("GET", URL))

    return asyncio.run(send())


def test_the_body_is_there_when_the_transport_returns() -> None:
    """Status, headers and body arrive, and the connection is free again."""
    body = Body(b"half a", b" page")
    response = read(lambda: httpx.Response(418, headers={"X-Kind": "teapot"}, stream=body))

    assert (response.status_code, response.headers["X-Kind"], response.content) == (418, "teapot", b"half a page")
    assert body.closed


def test_a_compressed_body_arrives_decompressed() -> None:
    """Headers that describe the bytes on the wire do not stay, or the body would be decompressed again."""
    packed = gzip.compress(b"x" * 90)
    headers = {"Content-Encoding": "gzip", "Content-Length": str(len(packed)), "Content-Type": "text/plain"}
    response = read(lambda: httpx.Response(200, headers=headers, stream=Body(packed)))

    assert response.content == b"x" * 90
    assert "Content-Encoding" not in response.headers
    assert response.headers["Content-Length"] == "90"
    assert response.headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(("size", "fits"), [(100, True), (101, False)])
def test_the_bound_is_on_the_decompressed_body(size: int, fits: bool) -> None:
    """A few bytes on the wire may unpack to more than the machine has."""
    packed = gzip.compress(b"x" * size)
    body = Body(packed)

    def answer() -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=body)

    if fits:
        assert len(read(answer).content) == size
    else:
        with pytest.raises(AnswerTooLarge):
            read(answer)
    assert body.closed


def test_a_body_that_breaks_off_is_an_error_of_the_connection() -> None:
    """It is raised by the transport, where a retry can see it."""
    body = Body(b"half a", httpx.RemoteProtocolError("peer closed connection"))

    with pytest.raises(httpx.RemoteProtocolError):
        read(lambda: httpx.Response(200, stream=body))
    assert body.closed


def test_a_body_that_cannot_be_decompressed_is_a_decoding_error() -> None:
    """A damaged stream is not taken for the answer."""
    with pytest.raises(httpx.DecodingError):
        read(lambda: httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Body(b"no gzip")))


def test_an_answer_that_never_ends_is_late() -> None:
    """The bound is on the whole answer, for a server that trickles is never late chunk by chunk."""

    class Trickle(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                await asyncio.sleep(0)
                yield b""

    with pytest.raises(httpx.ReadTimeout, match=r"no whole answer within 0\.02 s"):
        read(lambda: httpx.Response(200, stream=Trickle()), timeout=0.02)
