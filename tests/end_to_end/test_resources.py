"""Who is answered while others are in trouble: behind a stuck writer, or beside a flood of wrong keys."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx

from tests.end_to_end.commands import PATIENCE, SAMEBOX
from tests.service.server.process import Served, answer_in, rest, served

PUSHES = 45


def push(number: int) -> bytes:
    """Return a request that pushes a record."""
    body = json.dumps([{"provider": "edr", "id": str(number), "serial": f"5CG1234AB{number}"}]).encode()
    head = (
        "POST /v1/records HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def stuck(folder: Path) -> Iterator[sqlite3.Connection]:
    """Hold the write lock until rolled back."""
    with closing(sqlite3.connect(folder / "samebox.db")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield writer


def answers_others(service: Served) -> None:
    """Check that health and look-ups are answered."""
    with httpx.Client(base_url=service.address, timeout=PATIENCE) as client:
        for path in ("/livez", "/readyz", "/v1/lookup?identifier=5CG1234ABC", "/v1/devices", "/metrics") * 5:
            assert client.get(path).status_code == 200


def test_look_ups_are_answered_while_pushes_wait_for_a_stuck_writer(tmp_path: Path) -> None:
    """Also with a report under way and half-open connections beside; when the writer goes on, each push is stored."""
    with served(tmp_path, WaitSeconds=3600, HeaderSeconds=3600) as service, stuck(tmp_path) as writer:
        with ExitStack() as stack:
            for _ in range(150):
                stack.enter_context(service.connect(b"GET / HT"))
            waiting = [service.connect(push(number)) for number in range(PUSHES)]
            answers_others(service)
        writer.rollback()
        assert [answer_in(rest(each))[0] for each in waiting] == [200] * PUSHES


def test_pushes_that_waited_long_enough_are_told_to_try_again(tmp_path: Path) -> None:
    """503, `writer-busy`, `Retry-After`; nothing of them is stored, and the same push goes well afterwards."""
    with served(tmp_path, WaitSeconds=0.5) as service, stuck(tmp_path) as writer:
        waiting = [service.connect(push(number)) for number in range(PUSHES)]
        answers = [answer_in(rest(each)) for each in waiting]
        assert {(status, body["code"]) for status, _, body in answers} == {(503, "writer-busy")}
        assert {(headers["retry-after"], body["retry_after"]) for _, headers, body in answers} == {("5", 5)}
        writer.rollback()
        assert answer_in(rest(service.connect(push(1))))[2]["data"][0]["status"] == "created"
        assert not any("Traceback" in line for line in service.lines)


def test_a_flood_of_wrong_keys_is_turned_away(tmp_path: Path) -> None:
    """429 after so many; a key that was right before goes on, and the log has a line a request, without any key."""
    made = subprocess.run(
        [SAMEBOX, "keys", "create", "helpdesk"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    token = made.stdout.strip()
    with served(tmp_path, FailedKeysPerMinute=5) as service:
        with httpx.Client(base_url=service.address, timeout=PATIENCE) as client:
            right = {"Authorization": f"Bearer {token}"}
            assert client.get("/v1/devices", headers=right).headers["ratelimit"].startswith('"key";r=')
            wrong = [client.get("/v1/devices", headers={"Authorization": f"Bearer sbx_{n}"}) for n in range(40)]
            assert client.get("/v1/devices", headers=right).status_code == 200
            assert client.get("/livez").status_code == 200
        statuses = [each.status_code for each in wrong]
        assert statuses[:5] == [401] * 5
        assert statuses.count(429) >= 20
        assert wrong[-1].json()["code"] == "too-many-failed-keys"
        assert wrong[-1].headers["retry-after"] == str(wrong[-1].json()["retry_after"])
        entry = service.logged(lambda line: line.get("status") == 429)
        assert entry["request_id"] in {each.headers["x-request-id"] for each in wrong}
        service.logged(lambda line: line.get("path") == "/livez")
        assert not any("sbx_" in line for line in service.lines)
        assert service.logged(lambda line: line.get("path") == "/v1/devices")["key"] == "helpdesk"
