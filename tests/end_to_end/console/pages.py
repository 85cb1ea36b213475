"""The list of the console's pages, by which each is looked at in every way."""

from typing import NamedTuple

from tests.end_to_end.console.browser import Visit


class ConsolePage(NamedTuple):
    """A page of the demo: the path to begin with, the links to follow from there, and the heading that it has then."""

    path: str
    heading: str
    follow: tuple[str, ...] = ()

    def open(self, visit: Visit) -> None:
        """Go there; every page has a title, one heading of the first rank, and the box to search."""
        visit.go(self.path)
        for selector in self.follow:
            visit.page.locator(selector).first.click()
        assert self.heading in visit.page.locator("h1").inner_text()  # of which there is one, or this fails
        assert visit.page.title().endswith(" - Samebox")
        assert visit.page.get_by_label("Search for any identifier").is_visible()


PAGES = {
    "overview": ConsolePage("/", "Overview"),
    "search-empty": ConsolePage("/search", "Find a device"),
    "search-several": ConsolePage("/search?q=lt-008", "Devices for"),
    "search-no-evidence": ConsolePage("/search?q=To+be+filled+by+O.E.M.", "Devices for"),
    "device-server": ConsolePage("/search?q=fno-files01", "FNO-FILES01"),
    "device-laptop": ConsolePage("/search?q=TPE-LT-008", "TPE-LT-008"),
    "device-under-review": ConsolePage("/", "", ("[aria-label='Open reviews'] a.name",)),
    "reviews": ConsolePage("/reviews", "Reviews: "),
    "review": ConsolePage("/reviews", "", ("main a.button.main",)),
    "reviews-alike": ConsolePage("/reviews", "like review", ("main a.button.main", "nav.steps a[href*=alike]")),
    "customers": ConsolePage("/customers", "Customers"),
    "customer-correction": ConsolePage(
        "/customers", "Different customers?", ("[aria-label=Customers] a[href*=different_customers]",)
    ),
    "shared-identifiers": ConsolePage("/shared-identifiers", "Shared identifiers"),
    "shared-identifier-holders": ConsolePage("/shared-identifiers", "records hold", ("td.number a[href*=holders]",)),
    "shared-identifier-correction": ConsolePage("/shared-identifiers", "Allow ", ("a[href*='kind=allow']",)),
    "reports": ConsolePage("/reports", "Reports"),
    "report-duplicates": ConsolePage("/reports/duplicates", "Duplicate"),
    "report-coverage": ConsolePage("/reports/coverage", "Coverage"),
    "report-counts": ConsolePage("/reports/counts", "Counts"),
    "report-companies": ConsolePage("/reports/companies", "ompanies"),
    "syncs": ConsolePage("/syncs", "Syncs"),
    "sync": ConsolePage("/syncs", "", ("[aria-label=Runs] tbody a",)),
    "quarantine": ConsolePage("/quarantine", "Quarantine"),
    "calibration": ConsolePage("/calibration", "Calibration"),
    "policy": ConsolePage("/policy", "Policy"),
    "policy-trial": ConsolePage("/policy", "What this policy would do", ("form.try button",)),
    "decide": ConsolePage("/decide?left=cw_manage:4711&right=cw_automate:4702", "One box or two"),
    "decide-choose": ConsolePage("/decide?left=cw_manage:4711&find=lt-00", "Which device"),
    "not-found": ConsolePage("/devices/none", "Not found"),
}
"""Name -> page. `sign-in` is apart: a service without keys has none."""
