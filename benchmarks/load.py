"""
Ask a server over many connections at once, each as soon as it is answered; a process of its own, so that it takes no
turn of the server's.

A connection is a bare asyncio protocol: a client that people use takes longer for a request than the servers here do.
It understands answers with a `Content-Length`, which is all that they send.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle
from statistics import quantiles
from urllib.parse import urlsplit

LENGTH = b"content-length:"


class Connection(asyncio.Protocol):
    """
    Sends one request, and from `go_on` one after the other until the time is over; notes how long each of these took.

    A busy server takes new connections one at a time, which would be a second of waiting in the figures of few seconds.
    """

    def __init__(self, requests: Sequence[bytes]) -> None:
        self._requests = cycle(requests)
        self._until: float | None = None
        self._received = b""
        self._sent = 0.0
        self.seconds: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.is_taken = asyncio.Event()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; where it is whole, send the next request."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        now = time.perf_counter()
        self._received = b""
        if self._until is None:
            self.is_taken.set()
            return
        self.seconds.append(now - self._sent)
        self.statuses[head[9:12].decode()] += 1
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def go_on(self, until: float) -> None:
        """Ask on, until a moment."""
        self._until = until
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        """End; a server that hung up meanwhile would make the figures mean nothing."""
        self.is_taken.set()
        if error or self._until is None or time.perf_counter() < self._until:
            self.done.set_exception(error or ConnectionError("the server closed a connection"))
        else:
            self.done.set_result(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read requests from standard input, a JSON list of paths; print what came out as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("url")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--key", default="")
    options = parser.parse_args(arguments)
    requests = [_request(options.url, path, options.key) for path in json.load(sys.stdin)]
    json.dump(asyncio.run(ask(options.url, requests, options.connections, options.seconds)), sys.stdout)
    return 0


async def ask(url: str, requests: Sequence[bytes], connections: int, seconds: float) -> dict[str, object]:
    """Return answers a second; p50, p99 and the worst in seconds; and how many answers of each status there were."""
    address = urlsplit(url)
    loop = asyncio.get_running_loop()
    made: list[Connection] = []
    for n in range(connections):
        start = n * len(requests) // connections  # no two connections ask the same at the same time
        own = [*requests[start:], *requests[:start]]
        _, connection = await loop.create_connection(
            lambda own=own: Connection(own),  # type: ignore[misc]  # the default binds it
            str(address.hostname),
            int(address.port or 80),
        )
        made.append(connection)
    for each in made:
        await each.is_taken.wait()
    begin = time.perf_counter()
    for each in made:
        each.go_on(begin + seconds)
    await asyncio.gather(*(each.done for each in made))
    took = sorted(second for each in made for second in each.seconds)
    cuts = quantiles(took, n=100, method="inclusive") if len(took) > 1 else took * 99
    statuses = sum((each.statuses for each in made), Counter())
    return {
        "per_second": len(took) / (time.perf_counter() - begin),
        "p50": cuts[49],
        "p99": cuts[98],
        "worst": took[-1],
        "statuses": dict(statuses),
    }


def _request(url: str, path: str, key: str) -> bytes:
    authorization = f"Authorization: Bearer {key}\r\n" if key else ""
    return f"GET {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n{authorization}\r\n".encode()


def _length(head: bytes) -> int:
    lower = head.lower()
    place = lower.index(LENGTH) + len(LENGTH)
    return int(lower[place:].split(b"\r\n", 1)[0])


if __name__ == "__main__":
    sys.exit(main())
