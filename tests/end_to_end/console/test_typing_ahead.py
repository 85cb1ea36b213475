"""Typing ahead in the search box: what is offered, by keys alone, and the form where it does not work."""

import json
import re
from typing import Literal

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, Route, expect

from tests.end_to_end.console.browser import Visit
from tests.end_to_end.console.looking import violations

ADDRESS = "**/search/suggest?*"


def box_of(page: Page) -> Locator:
    """Return the search box."""
    return page.get_by_role("combobox", name="Search for any identifier")


def options_of(page: Page) -> Locator:
    """Return what is offered."""
    return page.get_by_role("listbox", name="Devices").get_by_role("option")


def test_a_device_is_chosen_by_keys_alone(visit: Visit) -> None:
    """The slash leads to the box; arrows go round through the list and the box; Enter opens the device."""
    page = visit.go("/")
    page.keyboard.press("/")
    expect(box_of(page)).to_be_focused()
    page.keyboard.type("tpe-lt-00")
    expect(options_of(page).first).to_be_visible()
    expect(box_of(page)).to_have_attribute("aria-expanded", "true")
    count = options_of(page).count()
    expect(page.locator("form.search [role=status]")).to_contain_text(re.compile(f"^{count}( or more)? devices?\\."))

    page.keyboard.press("ArrowDown")
    expect(options_of(page).nth(0)).to_have_attribute("aria-selected", "true")
    assert box_of(page).get_attribute("aria-activedescendant") == options_of(page).nth(0).get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert box_of(page).get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    last = options_of(page).nth(count - 1)
    expect(last).to_have_attribute("aria-selected", "true")
    name = last.locator("b").inner_text()
    page.keyboard.press("Enter")

    page.wait_for_url("**/devices/*")
    expect(page.locator("h1")).to_have_text(name)


def test_escape_closes_the_list_and_keeps_the_text(visit: Visit) -> None:
    """Enter then searches for what was typed."""
    page = visit.go("/")
    box_of(page).press_sequentially("lt-008")
    expect(options_of(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(options_of(page)).to_have_count(0)
    expect(box_of(page)).to_have_value("lt-008")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?q=lt-008")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_open_list(visit: Visit, scheme: Literal["light", "dark"]) -> None:
    """Roles, labels and contrast, with a device marked."""
    page = visit.go("/search")
    page.emulate_media(color_scheme=scheme)
    box_of(page).press_sequentially("lt-00")
    expect(options_of(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")

    assert violations(visit) == []


def test_a_click_opens_a_device(visit: Visit) -> None:
    """The box keeps the focus until then, so the list is not closed under the pointer."""
    page = visit.go("/")
    box_of(page).press_sequentially("fno-files01")
    options_of(page).first.click()

    expect(page.locator("h1")).to_have_text("FNO-FILES01")


def test_only_the_last_text_is_shown(visit: Visit) -> None:
    """An older request that is answered late changes nothing."""
    page = visit.go("/")
    late: list[Route] = []

    def answer(route: Route) -> None:
        if "files" in route.request.url:
            late.append(route)
        else:
            route.continue_()

    page.route(ADDRESS, answer)
    with page.expect_request(ADDRESS):
        box_of(page).fill("fno-files")
    box_of(page).fill("tpe-lt-008")
    expect(options_of(page)).to_have_count(1)
    assert len(late) == 1
    late[0].abort()

    expect(options_of(page).first).to_contain_text("TPE-LT-008")


@pytest.mark.parametrize("status", [500, 503])
def test_what_goes_wrong_is_silent_and_the_form_works(visit: Visit, status: int) -> None:
    """No list, no message, and Enter searches."""
    page = visit.go("/")
    page.route(ADDRESS, lambda route: route.fulfill(status=status, body="no"))
    with page.expect_response(ADDRESS):
        box_of(page).fill("fno-files01")
    expect(options_of(page)).to_have_count(0)
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("FNO-FILES01")


def test_what_a_provider_wrote_is_never_markup(visit: Visit) -> None:
    """Whatever the answer holds is shown as text."""
    page = visit.go("/")
    hostile = "<img src=x onerror=alert(1)><b>"
    device = {"id": "x/../y", "name": hostile, "customer": hostile, "providers": [hostile]}
    body = json.dumps({"understood": hostile, "devices": [device], "has_more": False})
    page.route(ADDRESS, lambda route: route.fulfill(body=body, content_type="application/json"))
    box_of(page).fill("anything")

    expect(options_of(page).first).to_contain_text(hostile)
    assert page.locator("#suggested img").count() == 0


def test_without_script_the_form_searches(browser: Chromium, home: str) -> None:
    """The box is a plain one."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(home)
    page.get_by_role("searchbox").fill("fno-files01")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("h1")).to_have_text("FNO-FILES01")
    context.close()
