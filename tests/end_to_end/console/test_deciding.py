"""The steward by hand: two records are said to be one box or two, after a look at what that does, and it is undone."""

from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from tests.end_to_end.console.browser import Visit, follow
from tests.end_to_end.console.service import Site
from tests.end_to_end.console.test_reviewing import decisions

Visitor = Callable[[str], Visit]


def count_of(home: str, record: str) -> int:
    """Return how many records the device of a record has, as a program sees it."""
    answer = httpx.get(f"{home}/v1/lookup", params={"identifier": record, "expand": "records"}).raise_for_status()
    [device] = answer.json()["data"]
    return len(device["records"])


def test_a_device_is_parted_from_its_page_and_made_one_again(visitor: Visitor, site: Site) -> None:
    """Both answers are foreseen; the decision is on the device and on a page of its own, which takes it back."""
    with site.served() as home:
        visit = visitor(home)
        visit.go("/")
        page = visit.search("fno-files01")
        part = page.get_by_role("form", name="Not one box?")
        part.get_by_label("This record").select_option("ninjaone:88")
        part.get_by_label("is another box than").select_option("cw_manage:4711")
        follow(part.get_by_role("button", name="Compare them"))
        expect(page.get_by_role("region", name="One box", exact=True)).to_contain_text("No device changes.")
        expect(page.get_by_role("region", name="Different boxes")).to_contain_text("1 device → 2")
        page.get_by_label("Comment").fill("I saw both in the rack")
        follow(page.get_by_role("button", name="Different boxes"))

        expect(page.get_by_role("main").get_by_role("status").first).to_contain_text("I saw both in the rack")
        [decision] = decisions(home)
        assert (decision["verdict"], decision["why"]) == ("different", "I saw both in the rack")
        assert (count_of(home, "ninjaone:88"), count_of(home, "cw_manage:4711")) == (1, 3)

        follow(page.get_by_role("table", name="Decisions").get_by_role("link", name="Take back"))
        assert page.url == f"{home}/decisions/{decision['id']}"
        expect(page.locator("dl.head")).to_contain_text("someone on this machine")
        expect(page.get_by_role("region", name="What taking it back would change")).to_contain_text("2 devices → 1")
        page.get_by_label("Reason").fill("it was its twin")
        follow(page.get_by_role("button", name="Take it back"))
        expect(page.locator("h1")).to_have_text("FNO-FILES01")
        assert (decisions(home), count_of(home, "ninjaone:88")) == ([], 4)
        page.goto(f"{home}/decisions/{decision['id']}")
        expect(page.get_by_role("main").get_by_role("status")).to_contain_text("it was its twin")
        expect(page.get_by_role("button", name="Take it back")).to_have_count(0)


def test_two_devices_are_joined_from_the_page_of_one(visitor: Visitor, site: Site) -> None:
    """The other one is looked for by its name; what that would change is shown; a key undoes it."""
    with site.served() as home:
        visit = visitor(home)
        visit.go("/")
        page = visit.search("cw_manage:5545")
        join = page.get_by_role("form", name="The same box as another device?")
        join.get_by_label("is the same box as").fill("acd-lt-019")
        follow(join.get_by_role("button", name="Look for it"))
        found = page.get_by_role("table", name="Devices that it may be")
        follow(found.get_by_role("link", name="cw_automate:4707"))
        expect(page.get_by_role("region", name="One box", exact=True)).to_contain_text("2 devices → 1")
        follow(page.get_by_role("button", name="Same box"))
        assert [each["verdict"] for each in decisions(home)] == ["same"]
        assert count_of(home, "cw_manage:5545") == 3

        with page.expect_navigation():
            page.keyboard.press("u")
        assert (decisions(home), count_of(home, "cw_manage:5545")) == ([], 1)


def test_a_row_without_identifiers_is_joined_with_what_is_suggested(visitor: Visitor, site: Site) -> None:
    """Its page says what it may be and why; one click compares the two, and one more joins them."""
    with site.served() as home:
        visit = visitor(home)
        visit.go("/")
        page = visit.search("cw_manage:5628")
        suggested = page.get_by_role("table", name="What it may be").locator("tbody tr").first
        expect(suggested).to_contain_text("named after its last user gokafor")
        follow(suggested.get_by_role("link", name="Compare with cw_automate:5001"))
        expect(page.get_by_role("region", name="One box", exact=True)).to_contain_text("2 devices → 1")
        follow(page.get_by_role("button", name="Same box"))

        assert count_of(home, "cw_manage:5628") == count_of(home, "cw_automate:5001") > 1
        expect(page.get_by_role("table", name="What it may be")).to_have_count(0)
