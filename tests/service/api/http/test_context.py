"""What holds for every call: no unknown parameter, and bodies that say they are JSON."""

import pytest

from tests.service.api.conftest import Client


@pytest.mark.parametrize("query", ["compnay=Acme", "company=Acme&company=Initech"])
def test_a_misspelt_filter_is_refused(client: Client, query: str) -> None:
    """A filter that is silently ignored would answer with the whole fleet; the answer names those there are."""
    answer = client.get(f"/v1/devices?{query}")

    assert answer.status_code == 400
    said = answer.json()["detail"].partition("the parameters here are: ")[2].split(", ")
    assert {"company", "type", "provider", "q", "identifier", "expand", "limit", "cursor"} <= set(said)


def test_a_call_without_parameters_takes_none(client: Client) -> None:
    """The answer says so, whatever else would be wrong with the call."""
    answer = client.get("/v1/devices/nobody/graph", params={"limit": 1})

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-parameter")
    assert "there are no parameters here" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/x-www-form-urlencoded", 415),
        ("text/plain", 415),
        ("", 415),
        ("application/json", 422),
        ("Application/JSON; charset=utf-8", 422),
    ],
)
def test_a_body_has_to_say_that_it_is_json(client: Client, media_type: str, status: int) -> None:
    """In any case and with any parameters; what is none is refused before it is read, what is one for what it lacks."""
    answer = client.post("/v1/decisions/preview", content="{}", headers={"Content-Type": media_type})

    assert answer.status_code == status
