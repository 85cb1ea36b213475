"""A service as a process: whom it believes, how many it takes in, how it ends."""

import json
import resource
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import uvloop
from uvicorn.importer import import_from_string

from service.server.run import LOOP, OTHER_FILES, most_connections
from tests.end_to_end.commands import PATIENCE
from tests.service.server.process import answer_in, rest, served

PUSHED = json.dumps([{"provider": "edr", "id": "1", "serial": "5CG1234ABC"}]).encode()
PUSH = (
    b"POST /v1/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
    % (len(PUSHED), PUSHED)
)


@pytest.mark.parametrize(
    ("trusted", "client"), [("[]", "127.0.0.1"), ("10.0.0.0/8", "127.0.0.1"), ("127.0.0.1", "192.0.2.7")]
)
def test_an_address_in_a_header_is_believed_of_configured_proxies_alone(
    tmp_path: Path, trusted: str, client: str
) -> None:
    """Not even a program on this machine is a proxy unless it is said to be one."""
    with served(tmp_path, TrustedProxies=trusted) as service:
        httpx.get(f"{service.address}/livez", headers={"X-Forwarded-For": "198.51.100.9, 192.0.2.7"}, timeout=PATIENCE)

        assert service.logged(lambda line: line["event"] == "request")["client"] == client


def test_a_request_under_way_is_finished_before_the_end(tmp_path: Path) -> None:
    """SIGTERM while a push waits for another writer: it is stored and answered, and only then the process ends."""
    with served(tmp_path) as service, closing(sqlite3.connect(tmp_path / "samebox.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        push = service.connect(PUSH)
        assert httpx.get(f"{service.address}/livez", timeout=PATIENCE).status_code == 200
        service.process.send_signal(signal.SIGTERM)
        service.logged(lambda line: line["event"] == "Shutting down")
        other.rollback()
        status, headers, body = answer_in(rest(push))
        service.process.wait(PATIENCE)

        assert (status, headers["connection"]) == (200, "close")
        assert [each["status"] for each in body["data"]] == ["created"]


def test_a_request_that_does_not_end_is_told_that_the_service_does(tmp_path: Path) -> None:
    """SIGTERM while a push waits for a writer that is stuck: 503 after the grace, and no trace in the log."""
    with served(tmp_path) as service, closing(sqlite3.connect(tmp_path / "samebox.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        push = service.connect(PUSH)
        assert httpx.get(f"{service.address}/livez", timeout=PATIENCE).status_code == 200
        service.process.send_signal(signal.SIGTERM)
        status, headers, body = answer_in(rest(push))
        service.process.wait(PATIENCE)

        assert (status, body["code"]) in {(503, "stopping"), (503, "writer-busy")}
        assert headers["retry-after"] == "5"
        assert not any("Traceback" in line for line in service.lines)


def test_connections_leave_descriptors_for_the_database() -> None:
    """The limit of the process stands, whatever the setting says."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)

    assert most_connections(1) == 1
    assert most_connections(limit) == limit - OTHER_FILES


def test_the_event_loop_is_the_fast_one_where_there_is_one() -> None:
    """Everywhere but on Windows."""
    loop = import_from_string(LOOP)()
    loop.close()

    assert isinstance(loop, uvloop.Loop)
