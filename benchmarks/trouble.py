"""A service in trouble: pushes wait for a stuck writer, connections are half open, and a report runs."""

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx

PUSHES = 45
HALF_OPEN = 200
PATIENT = {
    "Server__ConnectionsPerClient": "1000",
    "Server__HeaderSeconds": "3600",
    "Server__WaitSeconds": "3600",
}
"""Settings under which the trouble stays: the server would end most of it after some seconds."""


@contextmanager
def trouble(url: str, file: Path, key: str) -> Iterator[None]:
    """Make trouble for a service over an SQLite file until the block is left."""
    with ExitStack() as stack:
        writer = stack.enter_context(closing(sqlite3.connect(file, isolation_level=None)))
        writer.execute("BEGIN IMMEDIATE")
        for _ in range(HALF_OPEN):
            stack.enter_context(_connection(url, b"GET / HT"))
        for number in range(PUSHES):
            stack.enter_context(_connection(url, _push(number, key)))
        stack.enter_context(_reporting(url, key))
        yield
        writer.execute("ROLLBACK")


def _connection(url: str, sent: bytes) -> socket.socket:
    address = urlsplit(url)
    connection = socket.create_connection((str(address.hostname), int(address.port or 80)))
    connection.sendall(sent)
    return connection


def _push(number: int, key: str) -> bytes:
    body = json.dumps({"provider": "edr", "id": str(number), "serial": f"5CG1234AB{number}"}).encode()
    head = (
        f"POST /v1/records HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _reporting(url: str, key: str) -> Iterator[None]:
    """Ask for a report, and again when it has come."""
    over, asked = Event(), Event()

    def report() -> None:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=600) as client:
            while not over.is_set():
                asked.set()
                client.get("/v1/reports/duplicates").raise_for_status()

    thread = Thread(target=report)
    thread.start()
    asked.wait()
    try:
        yield
    finally:
        over.set()
        thread.join()
