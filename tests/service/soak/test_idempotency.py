"""Idempotency keys where processes compete and die: a request is carried out once, and answered as the first time."""

import json
import os
import select
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.http.idempotency import REPLAYED
from tests.end_to_end.commands import PATIENCE
from tests.service.api.conftest import Client, application, asking, serving
from tests.service.sandbox import Sandbox
from tests.service.server.process import Served, answer_in, rest, served
from tests.service.soak.processes import Channel, Child
from tests.service.statements import tell
from tests.service.stores import on_both, opened, place_in

pytestmark = on_both

ROW = {"provider": "edr", "id": "1", "serial": "5CG1234ABC"}
KEY = {"Idempotency-Key": "k-1"}
CALLS = {
    "push": ("POST", "/v1/records", '"status":"created"'),
    "feed": ("PUT", "/v1/feeds/edr", '"created":1'),
}
"""Call -> its method and path, and what its answer holds where the record was new."""

STORED = "INSERT INTO idempotency_keys"
MOMENTS = {
    "before it looks for the key": ["FROM idempotency_keys"],
    "before it stores the key": [STORED],
    "before it commits": [STORED, "COMMIT"],
    "before it answers": [STORED, "COMMIT", "ANSWER"],
}
"""When a process kills itself -> what it has to have come to, one after the other."""


def push() -> bytes:
    """Return the request as it is sent over a connection of its own."""
    body = json.dumps(ROW).encode()
    head = (
        "POST /v1/records HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: k-1\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def sent_twice(service: Served) -> tuple[Any, bytes]:
    """
    Send the request on two connections; return the one that is not answered yet, and the answer on the other.

    That there is an answer shows that the request of the first connection is under way in this process.
    """
    connections = [service.connect(push()) for _ in range(2)]
    [refused], _, _ = select.select(connections, [], [], PATIENCE)
    [waiting] = [each for each in connections if each is not refused]
    return waiting, rest(refused)


def test_of_two_processes_one_writes_and_both_give_its_answer(tmp_path: Path) -> None:
    """Both have the request while a third one holds the writer; who is told to try again gets the same answer then."""
    url = place_in(tmp_path)
    (tmp_path / "appsettings.json").write_text(json.dumps({"Database": {"Url": url}}))
    with served(tmp_path, WaitSeconds=3600) as one, served(tmp_path, WaitSeconds=3600) as other:
        with opened(url).writing():
            pairs = [sent_twice(service) for service in (one, other)]
        answers = [answer_in(rest(waiting)) for waiting, _ in pairs]
        refusals = [answer_in(refused) for _, refused in pairs]
        again = [answer_in(rest(service.connect(push()))) for service in (one, other)]
        record = httpx.get(f"{one.address}/v1/records/edr/1", timeout=PATIENCE).json()
        changes = httpx.get(f"{one.address}/v1/changes", timeout=PATIENCE).json()["data"]

    assert {(status, body["code"]) for status, _, body in refusals} == {(409, "idempotency-key-in-use")}
    [(status, body), *others] = [(status, body) for status, _, body in [*answers, *again]]
    assert (status, body["data"][0]["status"]) == (200, "created")
    assert others == [(status, body)] * 3
    assert sorted(headers.get(REPLAYED.lower(), "") for _, headers, _ in answers) == ["", "true"]
    assert (record["payload"]["serial"], len(changes)) == (ROW["serial"], 1)


class Telling:
    """ASGI middleware that says when an answer begins."""

    def __init__(self, app: ASGIApp, step: Callable[[str], None]) -> None:
        self.app, self.step = app, step

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.step("ANSWER")
            await send(message)

        await self.app(scope, receive, telling)


def serve_until(channel: Channel, folder: Path, moment: Sequence[str]) -> None:
    """Serve the store of a folder in this process; die when all of the moment has come to pass, in order."""
    left = list(moment)

    def step(said: str) -> None:
        if left and left[0] in said:
            del left[0]
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    world = Sandbox(folder, "killed")
    tell(world.store, step)
    event.listen(world.store.engine, "commit", lambda _: step("COMMIT"))
    app = application(world)
    app.add_middleware(Telling, step=step)
    with serving(app) as address:
        channel.send(address)
        channel.recv()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("call", CALLS)
def test_after_a_kill_the_request_is_sent_again_and_written_once(tmp_path: Path, call: str, moment: str) -> None:
    """Either nothing is there, and the second request writes, or everything, and it is answered as the first time."""
    method, path, is_new = CALLS[call]
    place_in(tmp_path)
    with Child(serve_until, tmp_path, MOMENTS[moment]) as child:
        address = child.heard()
        with pytest.raises(httpx.TransportError):
            httpx.request(method, f"{address}{path}", json=[ROW], headers=KEY, timeout=PATIENCE)
        assert child.end() is None, "it was not killed"

    with asking(application(Sandbox(tmp_path, "again", hours=1))) as client:
        found = written(client)
        again, third = (client.request(method, path, json=[ROW], headers=KEY) for _ in range(2))

        assert found == (1 if moment == "before it answers" else 0)
        assert again.headers.get(REPLAYED) == ("true" if found else None)
        assert is_new in again.text
        assert (third.content, third.headers[REPLAYED]) == (again.content, "true")
        assert written(client) == 1


def written(client: Client) -> int:
    """Return how often the record was written, by the change feed; it is stored if and only if it was."""
    changes: list[Any] = client.get("/v1/changes").json()["data"]
    assert client.get("/v1/records/edr/1").status_code == (200 if changes else 404)
    return len(changes)
