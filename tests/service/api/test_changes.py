"""The change feed over HTTP."""

from tests.service.api.conftest import Client


def test_the_feed_leads_from_answer_to_answer(client: Client) -> None:
    """`next` asks for what follows, and stays where nothing does."""
    first = client.get("/v1/changes", params={"limit": 2}).json()
    rest = client.get("/v1/changes", params={"after": first["next"]}).json()

    assert [each["seq"] for each in first["data"] + rest["data"]] == list(range(1, rest["next"] + 1))
    assert client.get("/v1/changes", params={"after": rest["next"]}).json() == {"data": [], "next": rest["next"]}
    for wrong in (-1, 2**31, "x"):
        assert client.get("/v1/changes", params={"after": wrong}).status_code == 422
