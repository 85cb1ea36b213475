"""The console by keys alone: everything can be reached, one sees where one is, and the content is one key away."""

import pytest
from playwright.sync_api import JSHandle, Page, expect

from tests.end_to_end.console.browser import Visit
from tests.end_to_end.console.pages import PAGES

REACHABLE = "a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary, [tabindex='0']"


def reachable(page: Page) -> JSHandle:
    """Return what there is to reach on a page; of a group of radio buttons, Tab reaches one."""
    return page.evaluate_handle(
        """selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility()
            && each.tabIndex >= 0 && (each.type !== "radio" || each.checked))""",
        REACHABLE,
    )


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_in_order_and_shows_where_it_is(visit: Visit, name: str) -> None:
    """From the beginning of the page to its end, each with a ring around it."""
    PAGES[name].open(visit)
    page = visit.page
    everything = reachable(page)
    count = everything.evaluate("all => all.length")
    places, without_ring = [], []
    for _ in range(count):
        page.keyboard.press("Tab")
        place, ring, label = everything.evaluate(
            """all => {
                const here = document.activeElement, style = getComputedStyle(here)
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
                return [all.indexOf(here), ring, here.outerHTML.slice(0, 100)]
            }"""
        )
        places.append(place)
        without_ring += [] if ring else [label]

    assert places == list(range(count))
    assert without_ring == []


def test_the_first_key_leads_past_the_top(visit: Visit) -> None:
    """Tab shows the link, Enter follows it, and the next Tab is in the content."""
    page = visit.go("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_device_is_found_without_a_mouse(visit: Visit) -> None:
    """Tab to the box, type, Enter, Tab to a name of the list, Enter."""
    page = visit.go("/")
    while not page.get_by_role("combobox", name="Search for any identifier").evaluate(
        "box => box === document.activeElement"
    ):
        page.keyboard.press("Tab")
    page.keyboard.type("lt-008")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=lt-008")
    while not page.evaluate("document.activeElement.matches('main a.name')"):
        page.keyboard.press("Tab")
    wanted = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text(wanted)
