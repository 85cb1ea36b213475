"""What providers write is shown, whatever it would be to a browser."""

from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from tests.end_to_end.console.browser import Visit
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
