"""A request that is sent again with its key is answered as the first time, and writes nothing."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.api.http.idempotency import REPLAYED
from service.core.errors import StoreError
from service.store.access import idempotency
from service.store.access.idempotency import KeptAnswer
from tests.service.api.conftest import Client, application, asking
from tests.service.api.questions import SAME
from tests.service.reports.fleets import empty_world
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

ROW = {"provider": "edr", "id": "1", "serial": "5CG1234ABC"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a service in which nothing is yet."""
    with asking(application(empty_world(tmp_path))) as client:
        yield client


def push(client: Client, row: dict[str, Any], key: str) -> httpx.Response:
    """Push a record with a key."""
    return client.post("/v1/records", json=row, headers={"Idempotency-Key": key})


def test_the_same_request_gets_the_first_answer_again(client: Client) -> None:
    """Whatever has happened since: it is the answer that the caller did not hear."""
    first = push(client, ROW, "k-1")
    client.post("/v1/records", json={**ROW, "status": "Spare"})
    again = push(client, ROW, "k-1")

    assert (first.json()["data"][0]["status"], first.headers.get(REPLAYED)) == ("created", None)
    assert (again.content, again.status_code, again.headers[REPLAYED]) == (first.content, 200, "true")
    assert client.get("/v1/records/edr/1").json()["payload"]["status"] == "Spare"


def test_another_request_with_the_key_is_refused(client: Client) -> None:
    """Another payload, or another call."""
    push(client, ROW, "k-1")
    other = push(client, {**ROW, "status": "Spare"}, "k-1")
    elsewhere = client.put("/v1/feeds/edr", json=[ROW], headers={"Idempotency-Key": "k-1"})

    for answer in (other, elsewhere):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert "status" not in client.get("/v1/records/edr/1").json()["payload"]


@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
def test_a_key_is_one_printable_word(client: Client, key: str) -> None:
    """Of at most 255 characters."""
    assert push(client, ROW, key).status_code == 422
    assert client.get("/v1/devices").json()["data"] == []


def test_a_refused_request_is_not_kept(client: Client) -> None:
    """What was wrong may be right the next time: here the records are there by then."""
    key = {"Idempotency-Key": "d-1"}
    assert client.post("/v1/decisions", json=SAME, headers=key).status_code == 404

    client.post("/v1/records", json=[{"provider": "cw_manage", "id": "4713"}, {"provider": "cw_rmm", "id": "A-18"}])
    made = client.post("/v1/decisions", json=SAME, headers=key)
    again = client.post("/v1/decisions", json=SAME, headers=key)

    assert (made.status_code, made.headers.get(REPLAYED)) == (201, None)
    assert (again.status_code, again.json(), again.headers[REPLAYED]) == (201, made.json(), "true")
    assert client.post("/v1/decisions", json=SAME).status_code == 200


def test_while_the_first_request_is_answered_a_second_one_is_a_conflict(tmp_path: Path) -> None:
    """It may be sent again, and gets the answer then."""
    world = empty_world(tmp_path)
    answers: list[httpx.Response] = []
    with asking(application(world)) as client:
        with world.store.writing():
            first = threading.Thread(target=lambda: answers.append(push(client, ROW, "k-1")))
            first.start()
            while not (second := push_when_begun(client)):
                pass
        first.join()

        assert (second.status_code, second.json()["code"]) == (409, "idempotency-key-in-use")
        assert answers[0].json()["data"][0]["status"] == "created"
        assert push(client, ROW, "k-1").headers[REPLAYED] == "true"


def push_when_begun(client: Client) -> httpx.Response | None:
    """Return the answer to a second request once the first one holds the key."""
    from service.api.http import idempotency as calls  # noqa: PLC0415 - what is being answered is nobody else's business

    return push(client, ROW, "k-1") if calls._answering else None


def test_what_breaks_before_the_answer_is_kept_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the records nor the key: the retry does the write."""
    world = empty_world(tmp_path)

    def broken(*_: object) -> None:
        raise StoreError("the disk is full")

    with asking(application(world)) as client:
        with monkeypatch.context() as patch:
            patch.setattr(idempotency, "add", broken)
            assert push(client, ROW, "k-1").status_code == 503
        assert client.get("/v1/devices").json()["data"] == []

        retried = push(client, ROW, "k-1")
        assert (retried.json()["data"][0]["status"], retried.headers.get(REPLAYED)) == ("created", None)


def test_a_key_may_be_used_again_after_a_day(tmp_path: Path) -> None:
    """The first answer is no longer kept then."""
    clock = [datetime(2026, 11, 1, tzinfo=UTC)]
    with asking(application(Sandbox(tmp_path, now=lambda: clock[0]))) as client:
        push(client, ROW, "k-1")
        clock[0] += timedelta(hours=24)
        again = push(client, {**ROW, "status": "Spare"}, "k-1")

    assert (again.json()["data"][0]["status"], again.headers.get(REPLAYED)) == ("changed", None)


def test_a_use_case_in_a_transaction_of_another_stands_or_falls_with_it(tmp_path: Path) -> None:
    """It sees what it writes, and nothing of it is stored where the transaction is given up."""
    world = Sandbox(tmp_path)
    answer = KeptAnswer("", "k", "a" * 64, 200, None, "{}", world.now())

    def give_up() -> None:
        with world.store.writing() as connection:
            within = world.within(connection)
            with within.store.writing() as inner:
                idempotency.add(inner, answer)
            with within.store.reading() as inner:
                assert idempotency.find(inner, "", "k", answer.stored_at) == answer
            raise StoreError("given up")

    with pytest.raises(StoreError, match="given up"):
        give_up()
    with world.store.reading() as connection:
        assert idempotency.find(connection, "", "k", answer.stored_at) is None
    assert world.push(record("a:1"))[0].status == "created"
