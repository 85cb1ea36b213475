"""What providers write is shown, whatever it would be to a browser."""

from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from tests.end_to_end.console.browser import HEIGHT, NARROW, WIDE, Visit
from tests.end_to_end.console.service import Site

SCRIPT = "<script>document.title='taken'; alert(1)</script>"
IMAGE = '"><img src=x onerror="alert(2)"><svg onload=alert(3)>'
LINK = "javascript:alert(4)"
TEMPLATE = "{{ 7 * 7 }}${7*7}"
TURNED = "nb-\u202etxt.exe"

RECORDS = [
    {
        "provider": "agent",
        "id": f"A{IMAGE}",
        "hostname": SCRIPT,
        "name": f"{SCRIPT} hostile-box",
        "company": IMAGE,
        "serial": "HSTL0001",
        "type": LINK,
        "os": TEMPLATE,
        "last_user": TURNED,
    },
    {"provider": "other", "id": LINK, "name": f"{SCRIPT} hostile-box", "model": IMAGE, "serial": "HSTL0001"},
    {"provider": "other", "id": "3", "name": f"{IMAGE} hostile-box", "company": SCRIPT, "serial": "HSTL0002"},
]


def test_script_in_a_hostname_is_text(visitor: Callable[[str], Visit], site: Site) -> None:
    """
    On the list, on the device, in its picture and in its title: nothing runs, nothing is fetched, nothing is hidden.

    The visit itself fails if a dialog opens, a policy is violated or a request leaves the service.
    """
    with site.served() as home:
        answer = httpx.post(f"{home}/v1/records", json=RECORDS).raise_for_status()
        assert {each["status"] for each in answer.json()["data"]} == {"created"}, answer.text
        visit = visitor(home)
        page = visit.go("/search?q=hostile-box")
        listed = page.get_by_role("main").inner_text()
        page.locator("main a.name").filter(has_text="script").first.click()
        expect(page.locator("h1")).to_contain_text(SCRIPT)
        shown = page.get_by_role("main").inner_text()
        elements = page.locator("main img, main script, main [onerror], main [onload], a[href^=javascript]").count()
        title = page.title()

    assert SCRIPT in listed
    assert IMAGE in listed
    assert all(text in shown for text in (SCRIPT, IMAGE, LINK, TEMPLATE))
    assert "\u202e" not in shown
    assert elements == 0
    assert title.startswith("<script>")


LONG = "Reception" * 13 + "1"
"""A name of 118 letters without a place to break it."""

CUSTOMER = (
    "The Extraordinarily Long Named Society for the Preservation of Verbose Company Names and Associates (Holdings) Ltd"
)

LONG_ONES = [
    {"provider": "cw_manage", "id": "90001", "name": LONG, "company": LONG, "serial": "5CG1234ABC"},
    {"provider": "cw_rmm", "id": LONG, "name": LONG, "company": LONG, "serial": "5CG1234ABC", "last_user": LONG},
    {"provider": "cw_manage", "id": "90002", "name": "long-1", "company": CUSTOMER, "serial": "R9YRPKMX"},
    {"provider": "cw_rmm", "id": "L2", "hostname": "long-1", "name": LONG, "company": CUSTOMER, "serial": "R9YRPKMC"},
]
"""A device whose every text is long, and two that are asked about."""


def test_long_names_scroll_no_page_sideways(visitor: Callable[[str], Visit], site: Site) -> None:
    """On a phone, on a desk, and there at 200 %: they are broken where the page ends, and shown whole."""
    paths = ("/", f"/search?q=cw_rmm:{LONG}", "/search?q=recep", "/reviews?company=extraordinarily", "/customers")
    with site.served() as home:
        httpx.post(f"{home}/v1/records", json=LONG_ONES).raise_for_status()
        page = visitor(home).go("/")
        wider = {}
        for path in (*paths, "/decide?left=cw_manage:90001&right=cw_manage:90002"):
            page.goto(home + path)
            for width in (NARROW, WIDE // 2, WIDE):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                wider[path, width] = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
            if path.startswith("/search?q=cw_rmm"):
                expect(page.locator("h1")).to_have_text(LONG)

    assert {where: by for where, by in wider.items() if by > 0} == {}
