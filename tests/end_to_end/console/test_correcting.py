"""Somebody who knows better: customers are corrected and shared values denied, after a look, and that is taken back."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.console.browser import WAIT, Visit, follow
from tests.end_to_end.console.service import Site
from tests.end_to_end.console.test_access import sign_in

Visitor = Callable[[str], Visit]

SERIAL = "CZJ3420X7K"
"""The file server's, on all of its four records."""

SHARED = "POSBOARD-R2-0417"
"""What the maker of a board wrote in place of a serial."""


def put_in_force(page: Page, button: str, why: str, back: str) -> None:
    """Give the reason, press the button, and wait until the page that it came from says that it is in force."""
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name=button).click()
    page.wait_for_url(re.compile(rf"{back}\?said="), timeout=WAIT)


def correction(page: Page, why: str) -> Locator:
    """Return what was corrected with a reason: its row in the table."""
    return page.get_by_role("table", name="Corrections").locator("tbody tr").filter(has_text=why)


def devices_of(home: str, identifier: str) -> list[set[str]]:
    """Return the records of each device that has an identifier, as a program sees them."""
    answer = httpx.get(f"{home}/v1/lookup", params={"identifier": identifier, "expand": "records"}).raise_for_status()
    return [{f"{each['provider']}:{each['id']}" for each in device["records"]} for device in answer.json()["data"]]


def test_a_customer_is_corrected_and_that_is_taken_back(visitor: Visitor, site: Site) -> None:
    """What it would do is shown; the entry says who, when and why; devices follow, and are as before at the end."""
    with site.served() as home:
        [before] = devices_of(home, SERIAL)
        page = visitor(home).go("/customers")
        fenwick = page.get_by_role("row").filter(has_text="FENWICK & OAKES, LLP")
        follow(fenwick.get_by_role("link", name="cw_rmm:c2f0a6d1 and ninjaone:5"))
        expect(page.get_by_role("main")).to_contain_text("FNO-FILES01, Fenwick & Oakes LLP would be 2 devices")
        assert devices_of(home, SERIAL) == [before]
        put_in_force(page, "Put it in force", "two firms in one building", "/customers")

        expect(page.get_by_role("status").filter(has_text="other records since")).to_be_visible()
        entry = correction(page, "two firms in one building")
        expect(entry).to_contain_text("are different customers")
        expect(entry).to_contain_text(re.compile(r"someone on this machine, 20\d\d-\d\d-\d\d"))
        expect(fenwick).to_have_count(2)
        parts = devices_of(home, SERIAL)
        assert len(parts) == 2
        assert {"ninjaone:88"} in parts
        assert before - {"ninjaone:88"} in parts

        follow(entry.get_by_role("link", name="Revoke"))
        expect(page.get_by_role("region", name="What it would change")).to_contain_text("devices would be one")
        put_in_force(page, "Revoke it", "they are one after all", "/customers")
        expect(entry).to_contain_text("revoked by someone on this machine")
        expect(entry).to_contain_text("they are one after all")
        assert devices_of(home, SERIAL) == [before]


def test_a_value_is_denied_and_that_is_taken_back(visitor: Visitor, site: Site) -> None:
    """In any notation; it says who, and leads to the devices that hold it, which it identifies no more until then."""
    with site.served() as home:
        visit = visitor(home)
        page = visit.go("/shared-identifiers")
        page.get_by_role("combobox", name="Kind").select_option("serial")
        page.get_by_label("Value", exact=True).fill("czj 3420 x7k")
        follow(page.get_by_role("button", name="Deny it"))
        expect(page.locator("h1")).to_have_text(f"Deny serial {SERIAL}?")
        put_in_force(page, "Put it in force", "the sticker of the rack", "/shared-identifiers")

        entry = correction(page, "the sticker of the rack")
        expect(entry).to_contain_text("someone on this machine")
        follow(entry.get_by_role("link", name=SERIAL))
        expect(page.locator(".message.warn").first).to_contain_text("identifies no device")
        expect(page.get_by_role("main").get_by_role("link", name="FNO-FILES01")).to_be_visible()

        visit.go("/shared-identifiers")
        follow(entry.get_by_role("link", name="Revoke"))
        put_in_force(page, "Revoke it", "it was another one", "/shared-identifiers")
        expect(visit.search(SERIAL).locator("h1")).to_have_text("FNO-FILES01")


def test_a_shared_value_is_allowed_and_that_is_taken_back(visitor: Visitor, site: Site) -> None:
    """After a look at the records that hold it; it is on the list of shared ones no more until then."""
    with site.served() as home:
        page = visitor(home).go("/shared-identifiers")
        shared = page.get_by_role("table", name="Shared identifiers").get_by_role("row").filter(has_text=SHARED)
        follow(shared.get_by_role("link", name="9 records"))
        holders = page.get_by_role("table", name="Holders").locator("tbody tr")
        expect(holders).to_have_count(9)
        expect(holders.filter(has_text="HLV-PC-007").first).to_contain_text("Harrow Lane")
        follow(page.get_by_role("link", name="Allow it"))
        expect(page.get_by_role("region", name="What it would change")).to_be_visible()
        put_in_force(page, "Put it in force", "asked the maker", "/shared-identifiers")
        entry = correction(page, "asked the maker")
        expect(entry).to_contain_text(f"{SHARED} is evidence")
        expect(shared).to_have_count(0)

        follow(entry.get_by_role("link", name="Revoke"))
        put_in_force(page, "Revoke it", "he was wrong", "/shared-identifiers")
        expect(shared).to_have_count(1)


def test_who_is_no_admin_is_offered_no_correction(visitor: Visitor, site: Site) -> None:
    """A steward sees customers and values, and what others said of them."""
    key = site.create_key("anna", "--scope", "steward")
    with site.served() as home:
        page = visitor(home).go("/customers")
        sign_in(page, key.token)
        expect(page.get_by_role("table", name="Customers")).to_be_visible()
        expect(page.locator("a[href*=correct], form[action*=correct]")).to_have_count(0)
        page.goto(f"{home}/shared-identifiers")
        expect(page.locator("a[href*=correct], form[action*=correct]")).to_have_count(0)
        page.goto(f"{home}/customers/correct?kind=different_customers&one=cw_rmm:c2f0a6d1&other=ninjaone:5")
        expect(page.get_by_role("main")).to_contain_text("needs a key with the scope admin")
