"""The list of the console's pages, by which each is looked at in every way."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.end_to_end.console.browser import WAIT, Visit, follow


class ConsolePage(NamedTuple):
    """
    A page of the demo: the path to begin with, the heading that it has, and the links to follow from there to it.

    `route` is the path in the console that answers at last, where it is not the path to begin with.
    """

    path: str
    heading: str
    follow: tuple[str, ...] = ()
    route: str = ""

    @property
    def answered_by(self) -> str:
        """The route of the console, such as `/devices/{device_id}`."""
        return self.route or urlsplit(self.path).path

    def open(self, visit: Visit) -> None:
        """Go there; every page has a title, one heading of the first rank, and the box to search."""
        visit.go(self.path)
        for selector in self.follow:
            follow(visit.page.locator(selector).first)
        assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", self.answered_by), urlsplit(visit.page.url).path), visit.page.url
        assert self.heading in visit.page.locator("h1").inner_text()  # of which there is one, or this fails
        assert visit.page.title().endswith(" - Samebox")
        assert visit.page.get_by_label("Search for any identifier").is_visible()


DEVICE = "/devices/{device_id}"
REVIEW = "/reviews/{ref}"
REPORT = "/reports/{name}"

PAGES = {
    "overview": ConsolePage("/", "Overview"),
    "search-empty": ConsolePage("/search", "Find a device"),
    "search-several": ConsolePage("/search?q=lt-008", "Devices for"),
    "search-no-evidence": ConsolePage("/search?q=To+be+filled+by+O.E.M.", "Devices for"),
    "device-server": ConsolePage("/search?q=fno-files01", "FNO-FILES01", route=DEVICE),
    "device-laptop": ConsolePage("/search?q=TPE-LT-008", "TPE-LT-008", route=DEVICE),
    "device-says-nothing": ConsolePage("/search?q=Reception+PC", "Reception PC", route=DEVICE),
    "device-decided": ConsolePage("/search?q=ACD-DT-021", "ACD-DT-021", route=DEVICE),
    "device-under-review": ConsolePage("/", "", ("[aria-label='Open reviews'] a.name",), DEVICE),
    "reviews": ConsolePage("/reviews", "Reviews: "),
    "review": ConsolePage("/reviews", "", ("main a.button.main",), REVIEW),
    "reviews-alike": ConsolePage(
        "/reviews?reason=serial_mistyped",
        "like review",
        ("main a.button.main", "nav.steps a[href*=alike]"),
        f"{REVIEW}/alike",
    ),
    "customers": ConsolePage("/customers", "Customers"),
    "customer-correction": ConsolePage(
        "/customers",
        "Different customers?",
        ("[aria-label=Customers] a[href*=different_customers]",),
        "/customers/correct",
    ),
    "policy-entry": ConsolePage(
        "/customers", "Revoke a correction", ("[aria-label=Corrections] a",), "/policy-entries/{entry_id}"
    ),
    "recalibration": ConsolePage(
        "/policy",
        "Correction",
        ("[aria-label='What people put in force lately'] a",),
        "/recalibrations/{recalibration_id}",
    ),
    "shared-identifiers": ConsolePage("/shared-identifiers", "Shared identifiers"),
    "shared-identifier-holders": ConsolePage(
        "/shared-identifiers", "records hold", ("td.number a[href*=holders]",), "/shared-identifiers/holders"
    ),
    "shared-identifier-correction": ConsolePage(
        "/shared-identifiers", "Allow ", ("a[href*='kind=allow']",), "/shared-identifiers/correct"
    ),
    "reports": ConsolePage("/reports", "Reports"),
    "report-duplicates": ConsolePage("/reports/duplicates", "Duplicate", route=REPORT),
    "report-coverage": ConsolePage("/reports/coverage", "Coverage", route=REPORT),
    "report-counts": ConsolePage("/reports/counts", "Counts", route=REPORT),
    "report-companies": ConsolePage("/reports/companies", "ompanies", route=REPORT),
    "syncs": ConsolePage("/syncs", "Syncs"),
    "sync": ConsolePage("/syncs", "", ("[aria-label=Runs] tbody a",), "/syncs/{sync_id}"),
    "sync-held": ConsolePage("/syncs", "ninjaone", ("a:has-text('what is held')",), "/syncs/{sync_id}"),
    "quarantine": ConsolePage("/quarantine", "Quarantine"),
    "calibration": ConsolePage("/calibration", "Calibration"),
    "policy": ConsolePage("/policy", "Policy"),
    "policy-trial": ConsolePage("/policy", "What this policy would do", ("form.try button",), "/policy/try"),
    "decide": ConsolePage("/decide?left=cw_manage:4711&right=cw_automate:4702", "One box or two"),
    "decide-choose": ConsolePage("/decide?left=cw_manage:4711&find=lt-00", "Which device"),
    "decision": ConsolePage(
        "/reviews", "different", ("[aria-label='Your latest answers'] th a",), "/decisions/{decision_id}"
    ),
    "not-found": ConsolePage("/devices/none", "Not found", route=DEVICE),
}
"""Name -> page, after `use_once`. `sign-in` is apart: a service without keys has none."""

ELSEWHERE = {
    "/sign-in": "asks for a key where there is one; test_access looks at it",
    "/search/suggest": "what the box offers, for its script; test_typing_ahead looks at that",
    "/reports/coverage.svg": "a picture on the page of a report",
    "/reports/{name}.{form}": "files to take away; test_reporting opens them",
    "/static/{name}": "styles and scripts of all pages",
}
"""Route of the console that is not in the list -> why."""


def use_once(visit: Visit) -> None:
    """Answer a review and correct a customer, so that there is something on the pages of a decision and of an entry."""
    page = visit.go("/reviews")
    follow(page.get_by_role("link", name="Answer them one by one"))
    follow(page.get_by_role("button", name="Different boxes (n)"))
    page = visit.go("/customers/correct?kind=different_customers&one=cw_manage:250&other=cw_manage:270")
    page.get_by_label("Why do you know").fill("a law firm and a publisher")
    page.get_by_role("button", name="Put it in force").click()
    expect(page.get_by_role("table", name="Corrections")).to_contain_text("a law firm and a publisher", timeout=WAIT)
