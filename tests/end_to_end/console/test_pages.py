"""Every page as anybody may meet it: on a desk and on a phone, enlarged, in the dark, read aloud, by keys alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.end_to_end.console.browser import HEIGHT, NARROW, WIDE, Visit
from tests.end_to_end.console.pages import PAGES

each_page = pytest.mark.parametrize("name", PAGES)


def violations(visit: Visit, *rules: str) -> list[str]:
    """Return what axe finds wrong with the page that is open by some rules, or by all, each with the elements."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    return [
        f"{found['impact']} {found['id']}: {[node['html'][:200] for node in found['nodes']]}"
        for found in Axe().run(visit.page, options=options).response["violations"]
    ]


@each_page
def test_axe_finds_nothing_wrong(visit: Visit, name: str) -> None:
    """Labels, landmarks, headings, contrast; and contrast once more in the dark, where nothing else is different."""
    PAGES[name].open(visit)

    assert violations(visit) == []
    visit.page.emulate_media(color_scheme="dark")
    assert violations(visit, "color-contrast") == []


@each_page
def test_no_page_scrolls_sideways(visit: Visit, name: str) -> None:
    """On a desk, at 200 % there, on a phone, and at 400 % of 1,280 pixels: what is wide scrolls in its own box."""
    PAGES[name].open(visit)
    wider = {}
    for width in (WIDE, WIDE // 2, NARROW, 320):
        visit.page.set_viewport_size({"width": width, "height": HEIGHT})
        wider[width] = visit.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")

    assert {width: by for width, by in wider.items() if by > 0} == {}
