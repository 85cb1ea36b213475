"""Connections to a real process whose clients take too long, send too much, or have too many."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from service.api.http.edge import ANSWER_HEADERS
from tests.end_to_end.commands import PATIENCE
from tests.service.server.process import Served, answer_in, rest, served, trickle

NEVER = 3600
"""Seconds."""

BODY_BEGUN = (
    b"POST /v1/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n["
)


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that waits for nobody for long."""
    folder = tmp_path_factory.mktemp("hasty")
    with served(folder, HeaderSeconds=0.2, BodySeconds=0.2, AnswerSeconds=0.2) as service:
        yield service


def is_problem(answer: bytes, status: int, code: str) -> None:
    """Check that an answer is a problem like any other, with the id under which the log has it."""
    found, headers, body = answer_in(answer)
    assert (found, body["status"], body["code"]) == (status, status, code)
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert headers["x-request-id"] == body["request_id"]
    assert {name: headers.get(name.lower()) for name in ANSWER_HEADERS} == ANSWER_HEADERS


def ask_on(connection: socket.socket, question: bytes) -> None:
    """Ask again and again, and take no answer."""
    while True:
        time.sleep(0.02)
        connection.sendall(question)


def test_a_connection_on_which_nothing_comes_is_closed(hasty: Served) -> None:
    """Without an answer: browsers open some in advance."""
    assert rest(hasty.connect()) == b""


@pytest.mark.parametrize("head", [b"G", b"GET /livez HTTP/1.1\r\nHost: loc", b"GET /livez HTTP/1.1\r\nX: y\r\n"])
def test_a_head_that_is_not_finished_is_given_up(hasty: Served, head: bytes) -> None:
    """408, and a line of the log with the same id."""
    answer = rest(hasty.connect(head))

    is_problem(answer, 408, "request-timeout")
    entry = hasty.logged(lambda line: line.get("request_id") == answer_in(answer)[2]["request_id"])
    assert (entry["event"], entry["status"], entry["client"]) == ("request", 408, "127.0.0.1")


def test_a_head_that_trickles_is_given_up_all_the_same(hasty: Served) -> None:
    """The time is that of the whole head, not of its next byte."""
    gone = threading.Event()
    connection = hasty.connect(b"GET /livez HTTP/1.1\r\nX: ")
    sender = threading.Thread(target=trickle, args=(connection, gone))
    sender.start()
    assert b"request-timeout" in rest(connection)
    gone.set()
    sender.join()


def test_blank_lines_keep_no_connection_open(hasty: Served) -> None:
    """The parser skips them before a request, also before the second one."""
    connection = hasty.connect(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
    connection.sendall(b"\r\n")

    assert rest(connection).count(b"HTTP/1.1 200") == 0


def test_a_body_that_is_not_finished_is_given_up(hasty: Served) -> None:
    """408 like any other problem; the log says it once."""
    answer = rest(hasty.connect(BODY_BEGUN))

    is_problem(answer, 408, "request-timeout")
    entry = hasty.logged(lambda line: line.get("request_id") == answer_in(answer)[2]["request_id"])
    assert (entry["path"], entry["status"]) == ("/v1/lookup", 408)


def test_a_body_that_nobody_reads_keeps_no_connection_open(hasty: Served) -> None:
    """It was answered before its end, and trickles on."""
    gone = threading.Event()
    connection = hasty.connect(BODY_BEGUN.replace(b"/v1/lookup", b"/nowhere"))
    sender = threading.Thread(target=trickle, args=(connection, gone))
    sender.start()
    assert rest(connection).startswith(b"HTTP/1.1 404")
    gone.set()
    sender.join()


def test_a_client_that_does_not_take_its_answers_is_given_up(hasty: Served) -> None:
    """Its connection is broken off, whatever is left of them."""
    question = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with hasty.connect(question * 300, buffer=4096) as connection, pytest.raises(ConnectionError):
        ask_on(connection, question)


def test_what_is_no_http_is_answered_as_a_problem(hasty: Served) -> None:
    """Without a word of what came."""
    answer = rest(hasty.connect(b"secret\x00nonsense\r\n\r\n"))

    is_problem(answer, 400, "bad-request")
    assert b"secret" not in answer


@pytest.mark.parametrize("line", [b"X: ", b"GET /"])
def test_a_head_without_end_is_refused(tmp_path: Path, line: bytes) -> None:
    """It would fill memory."""
    with served(tmp_path, HeaderSeconds=NEVER) as service:
        begun = b"" if line.startswith(b"GET") else b"GET / HTTP/1.1\r\n"
        connection = service.connect(begun + line + b"a" * 70_000)

        is_problem(rest(connection), 431, "request-header-fields-too-large")


def test_trailers_are_no_headers(hasty: Served) -> None:
    """What stands behind a body cannot become a key or an address, nor say what the body is."""
    head = BODY_BEGUN[:-1].replace(b"Content-Length: 100", b"Transfer-Encoding: chunked")
    bare = head.replace(b"Content-Type: application/json\r\n", b"")
    trailers = b"2\r\n[]\r\n0\r\nContent-Type: application/json\r\n\r\n"

    with hasty.connect(head + trailers) as typed, hasty.connect(bare + trailers) as untyped:
        assert typed.recv(65_536).startswith(b"HTTP/1.1 200")
        assert untyped.recv(65_536).startswith(b"HTTP/1.1 415")


def test_nonsense_behind_a_request_does_not_spoil_its_answer(hasty: Served) -> None:
    """The request is answered, and the connection ends."""
    answers = rest(hasty.connect(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n\x00\x00"))

    assert answers.startswith(b"HTTP/1.1 200")
    assert answers.count(b"HTTP/1.1") == 1
    assert answers.endswith(b"}")


def test_an_upgrade_is_not_taken_up(hasty: Served) -> None:
    """Clients offer HTTP/2 with their first request; it is answered as it is."""
    answer = rest(
        hasty.connect(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    )

    status, headers, _ = answer_in(answer)
    assert (status, headers["connection"]) == (200, "close")


def test_two_hundred_half_open_connections_keep_nobody_out(tmp_path: Path) -> None:
    """The service waits for them for hours, and answers the same client all the same, by closing the oldest."""
    with served(tmp_path, HeaderSeconds=NEVER, ConnectionsPerClient=200) as service, ExitStack() as stack:
        half_open = [stack.enter_context(service.connect(b"GET / HT")) for _ in range(250)]
        answers = [httpx.get(f"{service.address}/livez", timeout=PATIENCE).status_code for _ in range(3)]
        assert answers == [200] * 3
        assert rest(half_open[0]) == b""
        assert not any("exception" in line for line in service.lines)


def test_a_client_whose_connections_all_work_is_refused_more(tmp_path: Path) -> None:
    """503 with `Retry-After`, before it has sent anything; when one ends, there is room again."""
    with (
        served(tmp_path, ConnectionsPerClient=2, BodySeconds=NEVER) as service,
        service.connect(BODY_BEGUN) as first,
        service.connect(BODY_BEGUN) as second,
    ):
        answer = rest(service.connect())
        is_problem(answer, 503, "too-many-connections")
        _, headers, body = answer_in(answer)
        assert headers["retry-after"] == str(body["retry_after"])
        service.logged(lambda line: "one client has as many connections as it may have" in line["event"])
        first.sendall(b" " * 98 + b"]")
        assert first.recv(65_536).startswith(b"HTTP/1.1 200")
        assert httpx.get(f"{service.address}/livez", timeout=PATIENCE).status_code == 200
        second.close()


def test_at_the_limit_of_descriptors_the_service_goes_on(tmp_path: Path) -> None:
    """As many connections as the process may have files: it answers, and its log does not grow by a trace a try."""
    limited = ("sh", "-c", 'ulimit -n 160; exec "$0" "$@"')
    with (
        served(tmp_path, limited, HeaderSeconds=NEVER, ConnectionsPerClient=10_000) as service,
        ExitStack() as stack,
    ):
        for _ in range(400):
            stack.enter_context(service.connect(b"GET / HT"))
        assert httpx.get(f"{service.address}/livez", timeout=PATIENCE).status_code == 200
        assert httpx.get(f"{service.address}/readyz", timeout=PATIENCE).status_code == 200
        assert not any("Traceback" in line for line in service.lines)
        assert len(service.lines) < 20
