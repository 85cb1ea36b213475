"""Decisions over HTTP: made, previewed, listed, revoked."""

import operator
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from service.access import keys
from service.access.keys import Rights
from service.access.scopes import Scope
from service.store.world import World
from tests.service.api.conftest import Client, application, asking, seeded_world
from tests.service.api.questions import SAME, home
from tests.service.stores import on_both

pytestmark = on_both

STEWARD = Rights(frozenset({Scope.STEWARD}))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a world of a few devices."""
    return seeded_world(tmp_path)


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    """A client of a service without keys."""
    with asking(application(world)) as client:
        yield client


def test_a_decision_is_made_listed_and_revoked(client: Client) -> None:
    """201, then 200 for the same again; the devices follow each time; afterwards it is told who took it back."""
    made = client.post("/v1/decisions", json={**SAME, "by": "anna"})
    assert made.status_code == 201
    assert home(client, SAME["left"]) == home(client, SAME["right"])

    again = client.post("/v1/decisions", json={**SAME, "left": SAME["right"], "right": SAME["left"], "by": "bob"})
    assert (again.status_code, again.json()) == (200, made.json())
    assert client.get("/v1/decisions").json()["data"] == [made.json()]
    assert client.get(f"/v1/decisions/{made.json()['id']}").json() == made.json()

    path = f"/v1/decisions/{made.json()['id']}"
    revoked = client.delete(path, params={"why": "wrong room", "by": "bob"})
    assert (revoked.status_code, revoked.json()["revoked_by"]) == (200, "bob")
    assert client.delete(path, params={"why": "wrong room"}).json() == revoked.json()
    assert home(client, SAME["left"]) != home(client, SAME["right"])
    assert client.get("/v1/decisions").json()["data"] == []
    assert client.get("/v1/decisions", params={"revoked": True}).json()["data"] == [revoked.json()]


def test_a_contradiction_is_a_conflict_that_names_both(client: Client) -> None:
    """409, with the decision that stands and who made it; a preview says the same."""
    stands = client.post("/v1/decisions", json={**SAME, "by": "anna"}).json()

    for path in ("/v1/decisions", "/v1/decisions/preview"):
        refused = client.post(path, json={**SAME, "verdict": "different"})
        assert (refused.status_code, refused.json()["code"]) == (409, "contradiction")
        assert refused.json()["decision_id"] == stands["id"]
        assert [(each["id"], each["verdict"]) for each in refused.json()["decisions"]] == [(stands["id"], "same")]
        assert stands["id"] in refused.json()["detail"]
        assert "anna" in refused.json()["detail"]


def test_a_preview_stores_nothing(client: Client) -> None:
    """It tells which devices would merge, and the feed does not grow."""
    before = client.get("/v1/changes").json()

    foreseen = client.post("/v1/decisions/preview", json=SAME)

    assert foreseen.status_code == 200
    assert [each["what"] for each in foreseen.json()["changes"]] == ["merged", "retired"]
    assert client.get("/v1/changes").json() == before
    assert client.get("/v1/decisions").json()["data"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({**SAME, "right": "cw_rmm:none"}, 404),
        ({**SAME, "right": SAME["left"]}, 422),
        ({**SAME, "right": "no-colon"}, 422),
        ({**SAME, "why": "nul \0"}, 422),
        ({**SAME, "why": "  "}, 422),
        ({**SAME, "verdict": "maybe"}, 422),
        ({**SAME, "review": "0" * 64}, 422),
        ({"verdict": "same", "left": "a:1", "why": "x"}, 422),
        ({"verdict": "same", "why": "x"}, 422),
        ({"verdict": "same", "review": "0" * 64, "why": "x"}, 404),
        ({**SAME, "unknown": 1}, 422),
        ([], 422),
    ],
)
def test_a_decision_that_cannot_be_made_is_a_problem(client: Client, body: Any, status: int) -> None:
    """Each with its own status; nothing is stored."""
    for path in ("/v1/decisions", "/v1/decisions/preview"):
        assert client.post(path, json=body).status_code == status
    assert client.get("/v1/decisions", params={"revoked": True}).json()["data"] == []


def test_what_is_not_there_cannot_be_revoked(client: Client) -> None:
    """404 for an id that never was; 422 without a reason."""
    assert client.delete("/v1/decisions/none", params={"why": "x"}).status_code == 404
    assert client.delete("/v1/decisions/none").status_code == 422


def test_the_name_of_the_key_is_who_decides(world: World) -> None:
    """Nobody can decide in another's name where keys are asked for."""
    tokens = [
        keys.create(world, name, partial(operator.mul, letter), STEWARD)[1]
        for name, letter in (("desk", b"d"), ("field", b"f"))
    ]

    with asking(application(world, keys_required=True)) as client:
        desk, field = ({"Authorization": f"Bearer {token}"} for token in tokens)
        assert client.post("/v1/decisions", json=SAME).status_code == 401
        made = client.post("/v1/decisions", json={**SAME, "by": "the boss"}, headers=desk).json()
        params = {"why": "no", "by": "the boss"}
        revoked = client.delete(f"/v1/decisions/{made['id']}", params=params, headers=field).json()

    assert (made["by"], revoked["revoked_by"]) == ("desk", "field")


def test_decisions_are_paged(client: Client) -> None:
    """With a link to the next page."""
    for left, right in (("cw_manage:4713", "cw_rmm:A-18"), ("cw_manage:4711", "cw_rmm:A-18")):
        client.post("/v1/decisions", json={"verdict": "different", "left": left, "right": right, "why": "x"})

    first = client.get("/v1/decisions", params={"limit": 1})
    rest = client.get(first.links["next"]["url"]).json()

    assert first.json()["data"] != rest["data"]
    assert rest["next_cursor"] is None
