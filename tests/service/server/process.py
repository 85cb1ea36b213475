"""`samebox serve` as a process of its own, its log, and raw connections to it."""

import json
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.end_to_end.commands import PATIENCE, start


@dataclass
class Served:
    """A running service; its log is read all the time, because a full pipe would stop it."""

    process: subprocess.Popen[str]
    port: int = 0
    lines: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def address(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}"

    def read(self) -> None:
        """Read the log to its end."""
        assert self.process.stderr
        for line in self.process.stderr:
            with self.news:
                self.lines.append(line)
                self.news.notify_all()

    def logged(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first line of the log that is it, when it is there; every line is JSON."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            found[:] = filter(is_it, map(json.loads, self.lines))
            return bool(found)

        with self.news:
            assert self.news.wait_for(look, PATIENCE), "".join(self.lines)
        return found[0]

    def connect(self, sent: bytes = b"", *, buffer: int = 0) -> socket.socket:
        """Return a connection on which something was sent; with a `buffer`, one that takes few bytes at a time."""
        connection = socket.socket()
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(sent)
        return connection


@contextmanager
def served(folder: Path, through: Sequence[str] = (), **settings: object) -> Iterator[Served]:
    """Serve a folder's store with settings of the section `Server`, on any free port."""
    environment = {f"Server__{name}": str(value) for name, value in settings.items()}
    process = start(folder, "serve", "--port", "0", settings=environment, through=through)
    service = Served(process)
    reader = threading.Thread(target=service.read)
    reader.start()
    try:
        event = service.logged(lambda line: "listening on" in line["event"])["event"]
        service.port = int(re.findall(r":(\d+);", event)[0])
        yield service
    finally:
        process.kill()
        process.wait()
        reader.join()
        for pipe in (process.stdout, process.stderr):
            assert pipe
            pipe.close()


def rest(connection: socket.socket) -> bytes:
    """Return all that still comes; waits for the end of the connection, however it ends."""
    parts = []
    with connection, suppress(ConnectionResetError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def answer_in(answer: bytes) -> tuple[int, dict[str, str], Any]:
    """Return status, headers and JSON of an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, json.loads(body)


def trickle(connection: socket.socket, gone: threading.Event) -> None:
    """Send a byte every now and then, until the other side has had enough."""
    with suppress(OSError):
        while not gone.wait(0.02):
            connection.send(b"a")
