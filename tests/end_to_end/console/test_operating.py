"""The operator: a policy is tried before it is put in force, and a sync is begun and followed."""

import json
from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from tests.end_to_end.console.browser import Visit
from tests.end_to_end.console.service import Site


def test_a_policy_is_tried_and_nothing_is_stored(visit: Visit) -> None:
    """A key that there is not is told; with new mainboards left to people, devices would split, and none does."""
    page = visit.go("/policy")
    before = httpx.get(f"{visit.home}/v1/devices", params={"limit": 1000}).json()
    policy = json.loads(page.locator("textarea").input_value())
    page.locator("textarea").fill(json.dumps({**policy, "BordReplacement": "review"}))
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("alert").first).to_contain_text("BordReplacement")

    page.locator("textarea").fill(json.dumps({**policy, "BoardReplacement": "review"}))
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.locator("h1")).to_have_text("What this policy would do")
    expect(page.get_by_role("table", name="Settings that differ")).to_contain_text("BoardReplacement")
    expect(page.get_by_role("region", name="Devices that would split").locator("article").first).to_be_visible()
    assert httpx.get(f"{visit.home}/v1/devices", params={"limit": 1000}).json()["data"] == before["data"]


def test_a_sync_is_begun_and_followed(visitor: Callable[[str], Visit], site: Site) -> None:
    """Its page says how far it is, and at the end what became of the rows; what is no record is in quarantine."""
    with site.served() as home:
        page = visitor(home).go("/syncs")
        runs = page.get_by_role("table", name="Runs").locator("tbody tr")
        before = runs.count()
        page.get_by_role("button", name="Sync cw_automate").click()
        page.goto(f"{home}/syncs")
        while "running" in runs.first.inner_text():
            page.reload()
        expect(runs).to_have_count(before + 1)
        expect(runs.first).to_contain_text("cw_automate")
        expect(runs.first).to_contain_text("succeeded")
        runs.first.get_by_role("link").click()
        expect(page.get_by_role("main")).to_contain_text("196")
        page.get_by_role("link", name="rows that could not be read or stored").click()
        rows = page.get_by_role("table", name="Rows in quarantine").locator("tbody tr")
        expect(rows).to_have_count(3)
        expect(page.get_by_role("main")).to_contain_text("a field of more than 65,536 bytes")


def test_a_sync_that_is_held_is_let_through(visitor: Callable[[str], Visit], site: Site) -> None:
    """The page names what would go; without the tick nothing is begun; after it the records are gone."""
    with site.served() as home:
        page = visitor(home).go("/syncs")
        page.get_by_role("link", name="what is held").click()
        expect(page.locator("#held")).to_have_text("What waits: 65 of 225 records did not come")
        first = page.get_by_role("table", name="Records that would go").locator("tbody th").first.inner_text()
        assert httpx.get(f"{home}/v1/lookup", params={"identifier": first}).json()["total"] == 1
        button = page.get_by_role("button", name="Sync in full and let them go")
        button.click()
        expect(page.locator("#confirmed:invalid")).to_be_focused()
        page.get_by_label("They are really gone").check()
        button.click()
        expect(page.locator("main > p .tag").first).to_have_text("succeeded")
        expect(page.locator("dl.numbers")).to_contain_text("65")
        assert httpx.get(f"{home}/v1/lookup", params={"identifier": first}).json()["total"] == 0
