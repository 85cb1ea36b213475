"""Syncs over REST: begun, followed, refused, ended with the service."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from service.app import create_app
from service.core.server_settings import ServerSettings
from service.core.settings import Providers, Settings, SyncSettings
from service.demo.connectwise.faults import Late
from service.store.world import World
from tests.end_to_end.commands import PATIENCE
from tests.service.api.conftest import Client, asking
from tests.service.ingest.virtual import cw_settings
from tests.service.psa import LIST, Psa, running_psa
from tests.service.reports.fleets import empty_world
from tests.service.statements import tell
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture(scope="module")
def server() -> Iterator[Psa]:
    """One server for all tests."""
    with running_psa() as psa:
        yield psa


@pytest.fixture
def psa(server: Psa) -> Iterator[Psa]:
    """The server with 25 rows: three pages."""
    server.fill(25)
    yield server
    server.app.state.faults.clear()


@pytest.fixture
def app(tmp_path: Path, psa: Psa) -> Iterator[FastAPI]:
    """A service over an empty store that may sync from the server."""
    app = application(empty_world(tmp_path), psa)
    yield app
    app.state.context.syncs.stop(PATIENCE)


@pytest.fixture
def client(app: FastAPI) -> Iterator[Client]:
    """A client of that service."""
    with asking(app) as client:
        yield client


def application(world: World, psa: Psa, wait_seconds: float = 10) -> FastAPI:
    """Return a service that may sync from the server."""
    settings = Settings(
        server=ServerSettings(wait_seconds=wait_seconds),
        providers=Providers(connect_wise_manage=cw_settings(base_url=psa.base_url, page_size=10, max_attempts=1)),
        sync=SyncSettings(full_every_hours=0),
    )
    return create_app(world, settings, keys_required=False)


def ended(client: Client, sync_id: str) -> dict[str, Any]:
    """Follow a sync until it ends."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        run: dict[str, Any] = client.get(f"/v1/syncs/{sync_id}").json()
        if run["status"] != "running":
            return run
        time.sleep(0.02)
    raise AssertionError(f"{sync_id} does not end")


def test_a_sync_is_begun_and_followed(client: Client) -> None:
    """202 at once, with an address that tells how far it is; at the end the records are there."""
    answer = client.post("/v1/syncs", json={})
    [begun] = answer.json()["data"]
    run = ended(client, begun["id"])

    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/v1/syncs/{begun['id']}"
    assert (begun["provider"], begun["mode"], begun["finished_at"]) == ("cw_manage", "full", None)
    assert (run["status"], run["read"], run["new"], run["error"]) == ("succeeded", 25, 25, None)
    assert client.get("/v1/syncs").json()["data"] == [run]
    assert len(client.get("/v1/devices").json()["data"]) == 25


def test_a_provider_is_synced_once_at_a_time(client: Client, psa: Psa) -> None:
    """Meanwhile it is a 409 that says who syncs; afterwards it may be synced again."""
    asked = threading.Event()
    psa.plan(Late(PATIENCE, asked.set), skip=1)
    [begun] = client.post("/v1/syncs", json={"providers": ["cw_manage"], "mode": "full"}).json()["data"]
    assert asked.wait(PATIENCE)
    refused = client.post("/v1/syncs", json={})
    underway = client.get(f"/v1/syncs/{begun['id']}").json()

    assert (refused.status_code, refused.json()["code"]) == (409, "busy")
    assert "is being synced by" in refused.json()["detail"]
    assert (underway["status"], underway["read"], underway["expected"]) == ("running", 10, 25)


def test_the_end_of_the_service_interrupts_a_sync_and_the_next_one_goes_on(tmp_path: Path, psa: Psa) -> None:
    """It is noted as interrupted, nothing half is stored, and only what is missing is asked for."""
    asked = threading.Event()
    world = empty_world(tmp_path)
    psa.plan(Late(PATIENCE, asked.set), skip=1)
    first, second = application(world, psa), application(world, psa)
    with asking(first) as client:
        [begun] = client.post("/v1/syncs", json={}).json()["data"]
        assert asked.wait(PATIENCE)
        first.state.context.syncs.stop(PATIENCE)
        interrupted = client.get(f"/v1/syncs/{begun['id']}").json()
        nothing = client.get("/v1/devices").json()["data"]
    psa.app.state.faults.clear()
    psa.forget()
    with asking(second) as client:
        [again] = client.post("/v1/syncs", json={}).json()["data"]
        run = ended(client, again["id"])
    second.state.context.syncs.stop(PATIENCE)

    assert (interrupted["status"], nothing) == ("interrupted", [])
    assert "the next sync goes on from here" in interrupted["error"]
    assert (run["status"], run["resumes"], run["new"]) == ("succeeded", begun["id"], 25)
    assert psa.asked() == [f"{LIST}/count", "after 10", "after 20"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"providers": ["acme"]}, 422),
        ({"providers": ["ninjaone"]}, 422),
        ({"accept_shrink": True}, 422),
        ({"mode": "sideways"}, 422),
        ({"colour": "blue"}, 422),
        ([], 422),
    ],
)
def test_what_cannot_be_synced_is_refused(client: Client, body: object, status: int) -> None:
    """Unknown or not configured, a shrink of everything, another mode, a misspelt options: no sync is begun."""
    assert client.post("/v1/syncs", json=body).status_code == status
    assert client.post("/v1/syncs", content="{}").status_code == 415
    assert client.get("/v1/syncs").json()["data"] == []
    assert client.get("/v1/syncs/nothing").status_code == 404


def test_a_held_sync_is_told_without_making_the_service_unready(client: Client, psa: Psa) -> None:
    """Health says that there is one, its run says why, and accepting it ends it."""
    ended(client, client.post("/v1/syncs", json={}).json()["data"][0]["id"])
    psa.delete(*range(1, 11))
    held = ended(client, client.post("/v1/syncs", json={}).json()["data"][0]["id"])
    ready = client.get("/readyz")
    options = {"providers": ["cw_manage"], "accept_shrink": True}
    accepted = ended(client, client.post("/v1/syncs", json=options).json()["data"][0]["id"])

    assert (held["status"], held["gone"]) == ("held", 0)
    assert "--accept-shrink" in held["error"]
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert "held back" in ready.json()["detail"]
    assert "cw_manage" not in ready.text
    assert (accepted["status"], accepted["gone"]) == ("succeeded", 10)
    assert client.get("/readyz").json() == {"status": "ready"}


def test_runs_come_in_pages_the_latest_first(client: Client) -> None:
    """Each once, also those that began at the same time."""
    ids = []
    for _ in range(3):
        [begun] = client.post("/v1/syncs", json={}).json()["data"]
        ids.append(ended(client, begun["id"])["id"])
    first = client.get("/v1/syncs?limit=2")
    second = client.get(first.links["next"]["url"])

    assert [run["id"] for page in (first, second) for run in page.json()["data"]] == ids[::-1]
    assert second.json()["next_cursor"] is None
    assert client.get("/v1/syncs?cursor=xyz").status_code == 400
    assert len(client.get("/v1/syncs?provider=cw_manage").json()["data"]) == 3
    assert client.get("/v1/syncs?provider=ninjaone").json()["data"] == []


def test_an_empty_list_of_providers_is_refused(client: Client) -> None:
    """It is no way to say all of them, and nothing is begun; no provider has NUL in its name."""
    assert client.post("/v1/syncs", json={"providers": []}).status_code == 422
    assert client.get("/v1/syncs").json()["data"] == []
    assert client.get("/v1/syncs", params={"provider": "cw\0"}).json()["data"] == []


def test_a_sync_with_an_idempotency_key_is_begun_once(client: Client) -> None:
    """The second answer is the first one, with the same place to follow it, and nothing else runs."""
    key = {"Idempotency-Key": "nightly-1"}
    first = client.post("/v1/syncs", json={}, headers=key)
    run = ended(client, first.json()["data"][0]["id"])
    again = client.post("/v1/syncs", json={}, headers=key)

    assert run["status"] == "succeeded"
    assert (again.status_code, again.json(), again.headers["Location"]) == (
        202,
        first.json(),
        first.headers["Location"],
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(client.get("/v1/syncs").json()["data"]) == 1


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "nightly-1"}], ids=["without a key", "with a key"])
def test_a_sync_that_cannot_be_noted_in_time_is_told_so(tmp_path: Path, psa: Psa, headers: dict[str, str]) -> None:
    """As any write: after the service's patience, and not the store's, it is a 503; nothing runs, and a retry does."""
    world = empty_world(tmp_path)
    statements: list[str] = []
    app = application(world, psa, wait_seconds=0.25)
    with asking(app) as client:
        tell(world.store, statements.append)
        with world.store.writing():
            statements.clear()
            busy = client.post("/v1/syncs", json={}, headers=headers)
        waits = {
            int(said.rpartition("=")[2]) for said in statements if "busy_timeout" in said or "lock_timeout" in said
        }
        begun = client.post("/v1/syncs", json={}, headers=headers)
        runs = client.get("/v1/syncs").json()["data"]
    app.state.context.syncs.stop(PATIENCE)

    assert (busy.status_code, busy.json()["code"], busy.headers["Retry-After"]) == (503, "writer-busy", "5")
    assert waits == {250}
    assert begun.status_code == 202
    assert [run["id"] for run in runs] == [begun.json()["data"][0]["id"]]
