"""What the search box offers while somebody types."""

from collections.abc import Iterator
from typing import Any

import pytest

from service.access.keys import Rights
from service.access.scopes import Scope
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.console.conftest import Browser, browsing, token_of
from tests.service.reports.fleets import world_of

HOSTILE = "<img src=x>\u202e"
BOXES: list[dict[str, Any]] = [
    {"provider": "cw_manage", "id": "4711", "name": "NB-1", "company": HOSTILE, "serial": "5CG1234ABC"},
    {"provider": "cw_rmm", "id": "A-17", "hostname": "nb-1", "company": HOSTILE, "serial": "5CG1234ABC"},
    *(
        {"provider": "ninjaone", "id": str(each), "hostname": f"till-{each:02}", "company": "Beta", "company_id": "2"}
        for each in range(12)
    ),
]


@pytest.fixture(scope="module")
def tills(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world of a notebook and twelve tills."""
    return world_of(tmp_path_factory.mktemp("tills"), *BOXES)


@pytest.fixture(scope="module")
def browser(tills: World) -> Iterator[Browser]:
    """A browser before its console, which asks for no key."""
    with browsing(tills, keys_required=False) as browser:
        yield browser


def suggested(browser: Browser, text: str) -> dict[str, Any]:
    """Return what is offered for a text."""
    answer = browser.get("/search/suggest", params={"q": text}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("text", [" 5cg 1234 abc ", "nb-1", "cw_rmm:A-17"])
def test_an_identifier_in_any_notation_offers_its_device(browser: Browser, text: str) -> None:
    """Its name first, the customer, who lists it; control characters as escapes."""
    found = suggested(browser, text)
    [device] = found["devices"]

    assert device["name"] == "NB-1"
    assert device["customer"] == "<img src=x>\\u202e"  # JSON, of which the script makes text
    assert device["providers"] == ["cw_manage", "cw_rmm"]
    assert browser.get(f"/devices/{device['id']}").status_code == 200
    assert found["understood"]
    assert not found["has_more"]


def test_a_part_of_a_name_offers_eight_and_says_that_there_are_more(browser: Browser) -> None:
    """From three characters on; no more than eight at once."""
    found = suggested(browser, "TILL")
    names = [each["name"] for each in found["devices"]]

    assert len(names) == 8
    assert all(name.startswith("till-") for name in names)
    assert found["has_more"]
    assert found["understood"] == ""
    assert not suggested(browser, "till-01")["has_more"]


@pytest.mark.parametrize("text", ["", "  ", "ti", "nothing like it", "100%", "a\0b"])
def test_what_is_too_short_or_nowhere_offers_nothing(browser: Browser, text: str) -> None:
    """Also what a pattern would take for a sign of its own."""
    assert suggested(browser, text) == {"understood": "", "devices": [], "has_more": False}


def test_a_key_of_a_customer_is_offered_its_devices_alone(tills: World) -> None:
    """By identifiers and by parts of names."""
    token = token_of(tills, "beta", Rights(frozenset({Scope.READ}), customers=frozenset({Customer("ninjaone", "2")})))
    with browsing(tills, keys_required=True) as browser:
        assert browser.get("/search/suggest", params={"q": "till"}).status_code == 303  # nobody is signed in
        browser.sign_in(token)
        assert suggested(browser, "nb-1")["devices"] == []
        assert suggested(browser, "5CG1234")["devices"] == []
        assert len(suggested(browser, "till")["devices"]) == 8
