"""The change feed over HTTP: from the beginning, from now, from a snapshot; it waits, and says when a place is gone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI

from service.access import keys
from service.core.paging import cursor
from service.intake.pushing import push_records
from service.store.resolved import changes, customer_feeds
from service.store.world import World
from tests.service.api.conftest import Client, application, asking, seeded_world
from tests.service.api.two_customers import FOREIGN, OWN, Served, add_foreign, own_world, served
from tests.service.statements import tell


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a world with devices in it, of the test's own."""
    return seeded_world(tmp_path)


@pytest.fixture
def app(world: World) -> FastAPI:
    """Return the application over it."""
    return application(world)


@pytest.fixture
def own(app: FastAPI) -> Iterator[Client]:
    """A client of it."""
    with asking(app) as client:
        yield client


def push(client: Client, number: int) -> None:
    """Make a device, in another request than the one that waits."""
    client.post("/v1/records", json={"provider": "rmm_beta", "id": str(number), "serial": f"SN-5000{number}"})


def told(client: Client, **params: object) -> dict[str, Any]:
    """Read the feed."""
    answer: dict[str, Any] = client.get("/v1/changes", params=params).json()  # type: ignore[arg-type]
    return answer


def test_the_feed_leads_from_answer_to_answer(client: Client) -> None:
    """`next_cursor` and the header `Link` ask for what follows, and stay where nothing does."""
    first = client.get("/v1/changes", params={"limit": 2})
    rest = told(client, cursor=first.json()["next_cursor"])

    assert [each["seq"] for each in first.json()["data"] + rest["data"]] == list(range(1, rest["seq"] + 1))
    assert client.get(first.links["next"]["url"]).json()["data"][0]["seq"] == 3
    assert first.json()["has_more"]
    assert told(client, cursor=rest["next_cursor"]) == {**rest, "data": []}
    for wrong in ("x", "0", cursor("devices", "a"), cursor("changes", "1")):
        assert client.get("/v1/changes", params={"cursor": wrong}).json()["code"] == "unknown-cursor"


def test_the_feed_goes_on_from_a_snapshot_and_from_now(own: Client) -> None:
    """What happens after a page of devices was read is told, and nothing of what the page shows already."""
    snapshot = own.get("/v1/devices").json()["as_of"]
    now = told(own, cursor="now")
    push(own, 1)

    assert now["data"] == []
    for place in (snapshot, now["next_cursor"]):
        assert [each["detail"]["records"] for each in told(own, cursor=place)["data"]] == [["rmm_beta:1"]]


def test_the_feed_is_narrowed_by_kind_and_company(client: Client) -> None:
    """A name that there is not is a mistake."""
    assert {each["what"] for each in told(client, what="created", company="ACME Inc.")["data"]} == {"created"}
    assert told(client, what="merged,retired")["data"] == []
    problem = client.get("/v1/changes", params={"what": "mergd"})
    assert (problem.status_code, problem.json()["code"]) == (400, "unknown-value")
    assert "did you mean 'merged'?" in problem.json()["detail"]


def test_who_waits_is_answered_as_soon_as_something_happens(own: Client, world: World) -> None:
    """Not before, and not only when the time is over; what does not fit the filter is waited past."""
    looked = Event()
    tell(world.store, lambda statement: looked.set() if "max(changes.seq)" in statement else None)
    with ThreadPoolExecutor() as pool:
        waits = pool.submit(told, own, cursor="now", wait=30, what="retired")
        assert looked.wait(10)
        push(own, 1)
        own.delete("/v1/records/rmm_beta/1")

        assert [each["what"] for each in waits.result(25)["data"]] == ["retired"]


def test_who_waits_for_nothing_is_answered_with_nothing(own: Client) -> None:
    """With the place from which to go on."""
    now = told(own, cursor="now")

    assert told(own, cursor=now["next_cursor"], wait=1) == now
    for wrong in (-1, 31, "x"):
        assert own.get("/v1/changes", params={"wait": wrong}).status_code == 422


def test_nobody_waits_for_a_service_that_ends(own: Client, app: FastAPI) -> None:
    """They are answered, and go on with another one."""
    app.state.waiting.end()

    with ThreadPoolExecutor() as pool:
        assert pool.submit(told, own, cursor="now", wait=30).result(20)["data"] == []


def test_many_who_wait_do_not_keep_others_waiting(own: Client, world: World) -> None:
    """They hold neither a thread nor a connection: there are fewer of either than of them."""
    end = told(own, cursor="now")["next_cursor"]
    with ThreadPoolExecutor(64) as pool:
        waits = [pool.submit(told, own, cursor=end, wait=30) for _ in range(64)]
        assert own.get("/v1/reports/duplicates").status_code == 200
        assert own.get("/v1/syncs").status_code == 200
        push(own, 1)

        assert {len(each.result(25)["data"]) for each in waits} == {1}


def test_a_place_that_is_forgotten_is_gone(own: Client, world: World) -> None:
    """With a code and what to do, for programs that were away for too long."""
    start = cursor("changes", 0)
    with world.store.writing() as connection:
        changes.forget(connection, datetime.max.replace(tzinfo=UTC), 1)
    problem = own.get("/v1/changes", params={"cursor": start})

    assert (problem.status_code, problem.json()["code"]) == (410, "cursor-gone")
    assert "list all devices anew" in problem.json()["detail"]
    assert told(own)["data"][0]["seq"] == 2


@pytest.fixture
def served_to_acme(tmp_path: Path) -> Iterator[Served]:
    """A service over records of two customers, with a key that is bound to one of them."""
    world = own_world(tmp_path)
    add_foreign(world)
    with served(world) as service:
        yield service


def test_a_bound_key_follows_a_feed_of_its_own(served_to_acme: Served) -> None:
    """From the beginning, from a snapshot and from now, narrowed; its numbers have no gaps."""
    world, client, bound = served_to_acme

    def read(**params: object) -> dict[str, Any]:
        answer: dict[str, Any] = client.get("/v1/changes", params=params, headers=bound).json()  # type: ignore[arg-type]
        return answer

    snapshot = client.get("/v1/devices", headers=bound).json()["as_of"]
    now = read(cursor="now")
    push_records(world, [{**OWN[5], "name": "Printer 2"}, {**FOREIGN[3], "hostname": "zeta-7"}])
    everything = read()

    assert [each["seq"] for each in everything["data"]] == list(range(1, everything["seq"] + 1))
    for place in (snapshot, now["next_cursor"]):
        assert [each["detail"] for each in read(cursor=place)["data"]] == [
            {"fields": {"name": {"from": "Printer", "to": "Printer 2"}}}
        ]
    assert [each["what"] for each in read(what="changed", company="ACME inc.")["data"]] == ["changed"]
    for wrong, nearest in (("Zeta LLC", ""), ("Acme", "did you mean 'acme inc.'? ")):
        problem = read(company=wrong)
        assert problem["code"] == "unknown-value"
        assert problem["detail"] == f"no company {wrong!r}; {nearest}known: acme inc."


def test_a_cursor_of_another_feed_is_refused(served_to_acme: Served) -> None:
    """It would lead past changes that the caller has not read; so is one of a feed that was made anew."""
    world, client, bound = served_to_acme
    _, token = keys.create(world, "all", lambda count: bytes([3]) * count)
    unbound = {"Authorization": f"Bearer {token}"}
    places = [client.get("/v1/changes", headers=each).json()["next_cursor"] for each in (bound, unbound)]

    for place, headers in zip(places, (unbound, bound), strict=True):
        answer = client.get("/v1/changes", params={"cursor": place}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown-cursor")
    start = client.get("/v1/changes?limit=1", headers=bound).json()["next_cursor"]
    with world.store.writing() as connection:
        for feed in customer_feeds.ids(connection):
            changes.forget(connection, datetime.max.replace(tzinfo=UTC), 2, feed)
    assert client.get("/v1/changes", params={"cursor": start}, headers=bound).json()["code"] == "cursor-gone"


def test_who_is_bound_waits_past_what_happens_to_others(served_to_acme: Served) -> None:
    """And is answered when something happens to a device that they see."""
    world, client, bound = served_to_acme
    looked = Event()
    tell(world.store, lambda statement: looked.set() if "max(customer_changes.seq)" in statement else None)
    end = client.get("/v1/changes?cursor=now", headers=bound).json()["next_cursor"]
    with ThreadPoolExecutor() as pool:
        looked.clear()
        waits = pool.submit(client.get, "/v1/changes", params={"cursor": end, "wait": 30}, headers=bound)
        assert looked.wait(10)
        push_records(world, [{**FOREIGN[3], "hostname": "zeta-7"}])
        push_records(world, [{**OWN[5], "name": "Printer 2"}])

        [change] = waits.result(25).json()["data"]
    assert change["detail"]["fields"]["name"]["to"] == "Printer 2"
