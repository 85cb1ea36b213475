"""Lists come in pages; the header `Link` leads from one to the next."""

import httpx
import pytest

from service.core.paging import cursor
from tests.service.api.conftest import Client


def test_the_link_keeps_what_else_was_asked_for(client: Client) -> None:
    """A filter and the size of the page hold for every page; the last one leads nowhere."""
    first = client.get("/v1/devices", params={"limit": 1, "provider": "cw_manage"})
    address = httpx.URL(first.links["next"]["url"])
    second = client.get(address)

    assert address.is_relative_url
    assert address.path == "/v1/devices"

    assert dict(address.params) == {"limit": "1", "provider": "cw_manage", "cursor": first.json()["next_cursor"]}
    assert len({page.json()["data"][0]["id"] for page in (first, second)}) == 2
    assert (second.json()["next_cursor"], second.links) == (None, {})


@pytest.mark.parametrize("address", ["/v1/devices", "/v1/reviews", "/v1/decisions", "/v1/syncs"])
@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 1001}, {"limit": "ten"}, {"cursor": "x" * 501}], ids=str)
def test_every_list_has_the_same_bounds(client: Client, address: str, params: dict[str, str]) -> None:
    """A page holds 1 to 1000, and a cursor has an end."""
    assert client.get(address, params=params).status_code == 422


def test_no_answer_leads_to_the_host_that_the_caller_names(client: Client) -> None:
    """A proxy or an attacker may name any; the client stays where it is."""
    answer = client.get("/v1/devices", params={"limit": 1}, headers={"Host": "localhost:1"})

    assert "localhost" not in answer.headers["link"]


@pytest.mark.parametrize("address", ["/v1/devices", "/v1/reviews", "/v1/decisions", "/v1/syncs"])
def test_a_cursor_of_another_list_is_a_mistake_with_a_code_of_its_own(client: Client, address: str) -> None:
    """It would begin somewhere in the middle."""
    answer = client.get(address, params={"cursor": cursor("others", "a")})

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown-cursor")
