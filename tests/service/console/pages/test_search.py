"""The search box: any identifier in any notation, and parts of names."""

from collections.abc import Iterator
from typing import Any

import pytest

from service.devices.lookup import lookup
from service.store.world import World
from tests.service.console.conftest import Browser, browsing, main_of
from tests.service.reports.fleets import world_of

MAC = "3C5282AABB09"
SERIAL = "To be filled by O.E.M."
BOXES: list[dict[str, Any]] = [
    {"provider": "cw_manage", "id": "10", "name": "<b>NB</b>-1", "company": "Acme", "serial": SERIAL},
    {
        "provider": "cw_manage",
        "id": "11",
        "name": "NB-2",
        "company": "Beta",
        "serial": "REAL2",
        "macs": ["3C5282AABB09"],
    },
    {"provider": "cw_rmm", "id": "12", "hostname": "nb-2", "company": "Beta", "serial": "REAL2", "active": True},
    {"provider": "cw_rmm", "id": "13", "hostname": "desk-3", "company": "Gamma", "serial": "REAL3"},
]


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world of three devices."""
    return world_of(tmp_path_factory.mktemp("boxes"), *BOXES)


@pytest.fixture(scope="module")
def browser(boxes: World) -> Iterator[Browser]:
    """A browser before the console of that world."""
    with browsing(boxes, keys_required=False) as browser:
        yield browser


@pytest.mark.parametrize(
    "text",
    ["real2", " REAL 2 ", "3c-52-82-aa-bb-09", "3c52.82aa.bb09", "nb-2.corp.example", "cw_rmm:12", "11", "beta", "id"],
)
def test_one_hit_leads_to_the_device(boxes: World, browser: Browser, text: str) -> None:
    """By serial, MAC, hostname, record, number, a part of its customer, and the id of the device itself."""
    [device] = lookup(boxes, "REAL2")

    answer = browser.get("/search", params={"q": device.id if text == "id" else text})

    assert (answer.status_code, answer.headers["location"]) == (303, f"/devices/{device.id}")


def test_several_hits_are_a_list_with_what_was_understood(browser: Browser) -> None:
    """Those whose name has it; each leads to its device, and hostile names are text."""
    html = browser.page("/search?q=NB")
    said = main_of(html)

    assert "No device has it as" in said
    assert "It is a part of their name, serial or customer (2)" in said
    assert "<b>NB</b>-1" in said
    assert "&lt;b&gt;NB&lt;/b&gt;-1" in html
    assert html.count('href="/devices/') == 2
    assert "desk-3" not in said


def test_a_suppressed_value_is_said_with_its_reason(boxes: World, browser: Browser) -> None:
    """Even where one device alone has it: nobody should take it for that device's serial."""
    said = main_of(browser.page(f"/search?q={SERIAL}"))

    assert "identifies no device: " in said
    assert "Understood as serial" in said


def test_nothing_is_said_to_be_found(browser: Browser) -> None:
    """With what it was looked for as, and how to go on."""
    said = main_of(browser.page("/search?q=zzzz-9999"))

    assert "Nothing was found." in said
    assert "No device has it as" in said


def test_what_was_typed_stays_in_the_box_as_text(browser: Browser) -> None:
    """A text that closes the attribute would be markup."""
    html = browser.page('/search?q="><script>alert(1)</script>')

    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in html
    assert "<script>" not in html


@pytest.mark.parametrize("path", ["/search", "/search?q=%20"])
def test_without_a_text_the_page_says_what_can_be_typed(browser: Browser, path: str) -> None:
    """Nothing is looked for."""
    assert "Find a device" in main_of(browser.page(path))
