"""Reviews over HTTP: listed, filtered, and settled by the calls that they bring."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.api.conftest import Client, application, asking, seeded_world
from tests.service.api.questions import BOARD
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a service without keys, over a store of the test's own."""
    with asking(application(seeded_world(tmp_path))) as client:
        yield client


def test_a_review_is_settled_by_the_calls_it_brings(client: Client) -> None:
    """Tried out first, then made; the review is closed by it, as the preview said."""
    client.post("/v1/records", json=BOARD)
    [review] = client.get("/v1/reviews").json()["data"]
    assert [call["body"]["verdict"] for call in review["answers"]] == ["same", "different"]
    call = review["answers"][0]

    foreseen = client.post(f"{call['path']}/preview", json={**call["body"], "why": "new board"}).json()
    made = client.request(call["method"], call["path"], json={**call["body"], "why": "new board"})

    assert made.status_code == 201
    assert [closed["id"] for closed in foreseen["closes"]] == [review["id"]]
    assert client.get("/v1/reviews").json()["data"] == []


def test_two_stewards_on_one_review_see_each_other(client: Client) -> None:
    """The first answer stands; the same again is that one, another is refused with it, and the review is closed."""
    client.post("/v1/records", json=BOARD)
    [review] = client.get("/v1/reviews").json()["data"]
    assert client.get(f"/v1/reviews/{review['id']}").json() == review
    first, second = (
        {"review": review["id"], "verdict": verdict, "why": "saw it", "by": by}
        for verdict, by in (("same", "anna"), ("different", "bob"))
    )
    made = client.post("/v1/decisions", json=first)
    again = client.post("/v1/decisions", json={**first, "by": "bob"})
    refused = client.post("/v1/decisions", json=second)
    closed = client.get(f"/v1/reviews/{review['id']}")

    assert (made.status_code, again.status_code, again.json()) == (201, 200, made.json())
    assert made.json()["review"] == review["id"]
    assert (refused.status_code, refused.json()["code"]) == (409, "review-answered")
    assert (closed.status_code, closed.json()["code"]) == (410, "review-closed")
    for problem in (refused.json(), closed.json()):
        [answer] = problem["decisions"]
        assert (answer["verdict"], answer["by"], answer["why"]) == ("same", "anna", "saw it")
        assert problem["decision_id"] == answer["id"] == made.json()["id"]
    assert client.get("/v1/reviews/none").status_code == 404


def test_reviews_are_filtered_and_paged(client: Client) -> None:
    """By query, with a link to the next page; what no review has, finds none."""
    other = {**BOARD, "serial": "5CG7777ZZZ", "hostname": "acme-lt-0500", "name": "acme-lt-0500", "macs": []}
    boards = [{**other, "id": f"480{n}", "bios_guid": BOARD["bios_guid"][:-1] + n} for n in "78"]
    client.post("/v1/records", json=[BOARD, *boards])
    whole = client.get("/v1/reviews", params={"provider": "cw_automate", "company": "acme inc."}).json()["data"]
    assert len(whole) > 1

    first = client.get("/v1/reviews", params={"limit": 1})
    rest = client.get(first.links["next"]["url"])

    assert [first.json()["data"][0]["id"], rest.json()["data"][0]["id"]] == [each["id"] for each in whole[:2]]
    assert client.get("/v1/reviews", params={"reason": "clone"}).json()["data"] == []
    assert client.get("/v1/reviews", params={"provider": "ninjaone"}).json()["code"] == "unknown-value"
    for spelling in ("mainboard_replaced", "mainboard replaced?"):
        found = client.get("/v1/reviews", params={"reason": spelling}).json()["data"]
        assert {each["reason"] for each in found} == {"mainboard_replaced"}
    unknown = client.get("/v1/reviews", params={"reason": "mainboard"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown-value")
    assert "did you mean 'mainboard_replaced'?" in unknown.json()["detail"]
    assert client.get("/v1/reviews", params={"cursor": "!"}).status_code == 400
    assert client.get("/v1/reviews", params={"limit": 0}).status_code == 422
