"""What people may find wrong with the open page: read aloud, in the dark, enlarged, on a phone, by keys alone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.end_to_end.console.browser import HEIGHT, NARROW, WIDE, Visit

REACHABLE = "a[href], button:enabled, input:enabled:not([type=hidden]), select, textarea, summary, [tabindex='0']"


def violations(visit: Visit, *rules: str) -> list[str]:
    """Return what axe finds wrong by some rules, or by all, each with the elements."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    return [
        f"{found['impact']} {found['id']}: {[node['html'][:200] for node in found['nodes']]}"
        for found in Axe().run(visit.page, options=options).response["violations"]
    ]


def sideways(page: Page) -> dict[int, int]:
    """
    Return at which widths the page scrolls sideways, and by how many pixels.

    On a desk, at 200 % there, on a phone, and at 400 % of 1,280 pixels; what is wide scrolls in its own box.
    """
    wider = {}
    for width in (WIDE, WIDE // 2, NARROW, 320):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        wider[width] = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    return {width: by for width, by in wider.items() if by > 0}


def missed_by_tab(page: Page) -> list[str]:
    """
    Return what Tab does not reach in its turn, from the beginning of the page to its end, or reaches without a ring.

    Of a group of radio buttons it reaches one.
    """
    everything = page.evaluate_handle(
        """selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility()
            && each.tabIndex >= 0 && (each.type !== "radio" || each.checked))""",
        REACHABLE,
    )
    missed = []
    for turn in range(everything.evaluate("all => all.length")):
        page.keyboard.press("Tab")
        missed += everything.evaluate(
            """(all, turn) => {
                const here = document.activeElement, style = getComputedStyle(here)
                const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
                const wrong = here === all[turn] ? [] : [`not reached: ${all[turn].outerHTML.slice(0, 100)}`]
                return ring ? wrong : [...wrong, `without a ring: ${here.outerHTML.slice(0, 100)}`]
            }""",
            turn,
        )
    return missed
