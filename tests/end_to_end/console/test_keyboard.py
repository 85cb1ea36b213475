"""The console by keys alone: the content is one key away. `test_pages` walks through every page."""

from playwright.sync_api import expect

from tests.end_to_end.console.browser import Visit


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
