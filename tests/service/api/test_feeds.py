"""Feeds that are sent as a whole, over HTTP."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.api.conftest import Client, application, asking
from tests.service.reports.fleets import empty_world
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a service in which nothing is yet."""
    with asking(application(empty_world(tmp_path))) as client:
        yield client


def put(client: Client, *ids: int, query: str = "", **headers: str) -> httpx.Response:
    """Replace the feed of `edr` by records with these ids, as compressed NDJSON."""
    lines = "\n".join(json.dumps({"id": str(each), "serial": f"SN-1000{each}"}) for each in ids)
    types = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    return client.put(f"/v1/feeds/edr{query}", content=gzip.compress(lines.encode()), headers={**types, **headers})


def test_a_feed_is_replaced_and_its_run_is_listed(client: Client) -> None:
    """Counts, the place in the change feed, and the run; a list in JSON will do as well."""
    first = put(client, *range(6)).json()
    second = client.put("/v1/feeds/edr", json=[{"id": str(each)} for each in range(1, 7)]).json()

    assert (first["created"], first["removed"], first["seq"]) == (6, 0, 6)
    assert {name: second[name] for name in ("read", "created", "changed", "unchanged", "removed")} == {
        "read": 6,
        "created": 1,
        "changed": 5,
        "unchanged": 0,
        "removed": 1,
    }
    [run, _] = client.get("/v1/syncs", params={"provider": "edr"}).json()["data"]
    assert (run["id"], run["mode"], run["gone"]) == (second["sync_id"], "feed", 1)
    assert client.get("/v1/records/edr/0").status_code == 404
    changes = client.get("/v1/changes", params={"limit": 1000}).json()
    assert changes["data"][-1]["seq"] == second["seq"]


def test_a_feed_that_shrinks_too_much_is_a_conflict_that_says_what_to_do(client: Client) -> None:
    """Nothing is stored until the sender says that the records are gone."""
    put(client, *range(20))

    held = put(client, 1)
    assert (held.status_code, held.json()["code"]) == (409, "feed-held")
    assert "19 of 20" in held.json()["detail"]
    assert (held.json()["would_remove"], held.json()["stored"]) == (19, 20)
    assert "accept_shrink=true" in held.json()["detail"]
    assert client.get("/v1/records/edr/0").status_code == 200

    assert put(client, 1, query="?accept_shrink=true").json()["removed"] == 19


def test_a_wrong_row_refuses_the_feed_and_is_named(client: Client) -> None:
    """By its place in the body."""
    answer = client.put(
        "/v1/feeds/edr", json=[{"id": "1"}, {"id": "2", "provider": "rmm"}, {"id": "3", "x": [1e39]}, {}]
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "feed-refused")
    assert [wrong["pointer"] for wrong in answer.json()["errors"]] == ["/body/1/provider", "/body/3/id"]
    assert client.get("/v1/devices").json()["data"] == []


@pytest.mark.parametrize("name", ["a%20b", "%2E%2E%2E", "a:b", "a%00"])
def test_a_feed_has_a_name_that_a_provider_may_have(client: Client, name: str) -> None:
    """Its records could not be addressed otherwise."""
    answer = client.put(f"/v1/feeds/{name}", json=[])

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


def test_the_same_feed_with_the_same_key_is_answered_again(client: Client) -> None:
    """A sender that heard no answer sends it again; what came meanwhile is not undone."""
    key = {"Idempotency-Key": "nightly-1"}
    first = put(client, 1, 2, **key)
    client.post("/v1/records", json={"provider": "edr", "id": "3"})
    again = put(client, 1, 2, **key)

    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    assert client.get("/v1/records/edr/3").status_code == 200
    assert put(client, 1, 2, 3, **key).status_code == 422


def test_a_feed_may_be_larger_than_a_push(client: Client) -> None:
    """NDJSON is read line by line; JSON is decoded as a whole and has the smaller bound."""
    padding = b" " * 1000 + b"\n"
    content = b'{"id": "1"}\n' + padding * 9_000
    larger = client.put("/v1/feeds/edr", content=content, headers={"Content-Type": "application/x-ndjson"})
    listed = client.put("/v1/feeds/edr", content=padding * 9_000, headers={"Content-Type": "application/json"})

    assert larger.json()["read"] == 1
    assert listed.status_code == 413
