"""Every page as anybody may meet it: on a desk and on a phone, enlarged, in the dark, read aloud, by keys alone."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser as Chromium

from service.console import pages
from tests.end_to_end.console.browser import Visit, visiting
from tests.end_to_end.console.looking import missed_by_tab, sideways, violations
from tests.end_to_end.console.pages import ELSEWHERE, PAGES


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, browser: Chromium, home: str) -> Iterator[Visit]:
    """Open a page once for all that look at it."""
    with visiting(browser, home) as visit:
        PAGES[request.param].open(visit)
        yield visit


def test_axe_finds_nothing_wrong(opened: Visit) -> None:
    """Labels, landmarks, headings, contrast; and contrast once more in the dark, where nothing else is different."""
    assert violations(opened) == []
    opened.page.emulate_media(color_scheme="dark")
    in_the_dark = violations(opened, "color-contrast")
    opened.page.emulate_media(color_scheme="light")

    assert in_the_dark == []


def test_no_page_scrolls_sideways(opened: Visit) -> None:
    """On a desk, enlarged there, and on a phone."""
    assert sideways(opened.page) == {}


def test_tab_reaches_everything_in_order_and_shows_where_it_is(opened: Visit) -> None:
    """From the beginning of the page to its end, each with a ring around it."""
    assert missed_by_tab(opened.page) == []


def test_every_page_of_the_console_is_in_the_list() -> None:
    """A page that answers GET is looked at here, or the list says where else, or why not."""
    modules = [import_module(f"{pages.__name__}.{each.name}") for each in pkgutil.iter_modules(pages.__path__)]
    routes = [route for module in modules for route in module.router.routes if isinstance(route, APIRoute)]
    answering = {route.path for route in routes if "GET" in (route.methods or ())}

    assert answering == {each.answered_by for each in PAGES.values()} | ELSEWHERE.keys()
