"""The pages of the reports, and the files that they give."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from service.access.keys import Rights
from service.access.scopes import Scope
from service.console.pages.reports import PURPOSES
from service.core.settings import Settings
from service.reports.catalogue import REPORTS
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.console.conftest import OURS, Browser, browsing, form_token_of, main_of, token_of, words
from tests.service.reports.fleets import record, world_of

HOSTILE = "<script>alert(1)</script>"
BOX: dict[str, Any] = {"company": "Acme", "type": "Laptop", "serial": "5CG1234ABC", "hostname": "acme-lt-1"}
FLEET: list[dict[str, Any]] = [
    {**BOX, "provider": "cw_manage", "id": "1", "name": HOSTILE, "status": "Active"},
    {**BOX, "provider": "cw_manage", "id": "2", "name": "=ACME-2", "status": "Active"},
    {**BOX, "provider": "cw_rmm", "id": "A-1", "last_seen": "2026-11-22T08:00:00Z"},
    {"provider": "cw_rmm", "id": "A-2", "company": "Beta", "type": "Server", "hostname": "beta-srv", "serial": "VMX9"},
]
LOGIN = {"company_id": "acme", "api_public_key": "a", "api_private_key": "b", "api_client_id": "c"}
MANAGE = {"base_url": "https://api-psa.example/v4_6_release/apis/3.0", **LOGIN}
PSA = Settings.model_validate({"providers": {"connect_wise_manage": MANAGE}})
BILLED = "company,product,quantity,price\nAcme,Laptop,3,10\nBeta,Server,1,5\n"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser before a console over the fleet above."""
    with browsing(world_of(tmp_path_factory.mktemp("store"), *FLEET), keys_required=False, settings=PSA) as browser:
        yield browser


def sheet(answer: httpx.Response) -> list[list[Any]]:
    """Return the rows of a workbook."""
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.content))["Rows"].rows]


def test_each_report_has_its_place() -> None:
    """Once, under what it is for."""
    assert sorted(name for names in PURPOSES.values() for name in names) == sorted(REPORTS)


def test_the_list_leads_to_every_report(reports: Browser) -> None:
    """With its sentence; each page is there, and every page of the console leads to the list."""
    html = reports.page("/reports")

    for report in REPORTS.values():
        assert f'href="/reports/{report.name}"' in html
        assert report.title in main_of(reports.page(f"/reports/{report.name}"))
    assert "Questions that are left to a person" in main_of(html)
    assert '<a href="/reports">Reports</a>' in reports.page("/")


def test_a_report_shows_its_totals_and_first_rows(reports: Browser) -> None:
    """The first name leads to the device, a record to its own, a link to the PSA; what a provider wrote is text."""
    html = reports.page("/reports/duplicates")
    said = main_of(html)
    page = reports.page("/reports/coverage?all=true")

    assert "Rows (1)" in said
    assert "surplus 2 Records beyond one a device." in said
    assert 'href="/devices/id-' in html
    assert "/search?q=cw_manage%3A" in html
    assert 'href="https://psa.example' in html
    assert "2026-11-23 12:00 UTC" in said
    assert HOSTILE in main_of(page)
    assert "<script>" not in page


def test_a_report_is_narrowed_by_its_form(reports: Browser) -> None:
    """The files get what the page has; what is not known is said with the nearest; empty fields narrow nothing."""
    html = reports.page("/reports/coverage?company=Beta&provider=&type=&all=true")
    unknown = reports.get("/reports/coverage?company=Bet")
    no_time = reports.get("/reports/new?since=yesterday")

    assert "narrowed to customer Beta" in main_of(html)
    assert "beta-srv" in main_of(html)
    assert "acme-lt-1" not in main_of(html)
    assert 'value="Beta"' in html
    assert 'href="/reports/coverage.csv?company=Beta&amp;all=true"' in html
    assert "checked" in html
    assert (unknown.status_code, no_time.status_code) == (400, 422)
    assert "did you mean 'beta'" in words(unknown.text)
    assert "write a day as 2026-11-01" in words(no_time.text).lower()
    assert reports.get("/reports/nothing").status_code == 404
    assert reports.get("/reports/quarantine?company=Acme").status_code == 400


def test_a_report_is_taken_away_as_a_file(reports: Browser) -> None:
    """As the API writes it, with its filters, under a name with the date; no cell is run as a formula."""
    xlsx = reports.get("/reports/new.xlsx?since=2026-01-01&company=Acme")
    text = reports.get("/reports/new.csv?since=2026-01-01")
    document = reports.get("/reports/new.json?since=2026-01-01").json()
    rows = sheet(xlsx)

    assert xlsx.headers["content-disposition"] == 'attachment; filename="samebox-new-2026-11-23.xlsx"'
    assert text.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row[rows[0].index("Customer")] for row in rows[1:]] == ["Acme"]
    assert {row["company"] for row in csv.DictReader(io.StringIO(text.text))} == {"Acme", "Beta"}
    assert document["totals"]["new"] == 2
    assert document["rows"] == reports.get("/v1/reports/new?since=2026-01-01T00:00:00Z").json()["rows"]
    assert reports.get("/reports/new.pdf").status_code == 422


def test_the_coverage_has_its_picture_and_the_same_as_a_table(reports: Browser) -> None:
    """Without a style that the page forbids; as an image of its own for either colour of a page."""
    html = reports.page("/reports/coverage")
    light, dark = reports.get("/reports/coverage.svg"), reports.get("/reports/coverage.svg?dark=true")
    again = reports.get("/reports/coverage.svg", headers={"If-None-Match": light.headers["etag"]})

    assert "<svg" in html
    assert "style=" not in html
    assert '<th scope="row">cw_manage (PSA) and cw_rmm (RMM)</th>' in html
    assert light.headers["content-type"] == "image/svg+xml"
    assert light.text != dark.text
    assert again.status_code == 304


def test_the_coverage_suggests_where_it_is_asked_to(tmp_path: Path) -> None:
    """The PSA's rows without any identifier, with what they may be."""
    agent = record("cw_rmm", "A-17", serial="5CG1234ABC", hostname="ACME-RECEPTION-01", last_user="ACME\\anna")
    row = record("cw_manage", "1", name="Reception PC", last_user="anna")
    with browsing(world_of(tmp_path, row, agent), keys_required=False) as browser:
        said = main_of(browser.page("/reports/coverage?suggest=true"))

    assert "same last user anna" in said
    assert "samebox decide same cw_manage:1 cw_rmm:A-17" in said


def test_a_count_says_what_it_found(reports: Browser) -> None:
    """Also where no quantity is known to be billed: a row without a number has its reason beside it."""
    said = main_of(reports.page("/reports/counts"))

    assert "Finding" in said
    assert "0 of 1 active" in said or "1 of 1 active" in said


def test_what_is_billed_is_laid_beside_the_counts(reports: Browser) -> None:
    """From a file or as text; the page shows the difference and the devices behind it, and gives it as a workbook."""
    token = form_token_of(reports.page("/reports/counts"))
    file = {"file": ("billed.csv", BILLED.encode("utf-16"))}
    shown = reports.post("/reports/counts", data={"form_token": token}, files=file, headers=OURS)
    said = main_of(shown.text)
    fields = {"form_token": (None, token), "text": (None, BILLED), "form": (None, "xlsx")}
    rows = sheet(reports.post("/reports/counts", files=fields, headers=OURS))
    line = dict(zip(rows[0], rows[1], strict=True))

    assert "Acme Laptop" in said
    assert "2 more billed than found" in said
    assert "company,product,quantity,price\nAcme,Laptop,3,10\nBeta" in shown.text
    assert 'href="/search?q=cw_rmm%3AA-2" rel="noreferrer">beta-srv' in shown.text
    assert (line["Billed"], line["Found"], line["Difference"], line["Money"]) == (3, 1, -2, -20)


@pytest.mark.parametrize(
    ("files", "headers", "status"),
    [
        ({"form_token": (None, "{token}"), "text": (None, BILLED)}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"form_token": (None, "forged"), "text": (None, BILLED)}, OURS, 403),
        ({"form_token": (None, "{token}"), "text": (None, " ")}, OURS, 400),
        ({"form_token": (None, "{token}"), "text": (None, "no list")}, OURS, 400),
        ({"form_token": (None, "{token}"), "text": (None, "x" * 300_000)}, OURS, 413),
    ],
)
def test_a_forged_or_unusable_list_is_refused(
    reports: Browser, files: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    """With a page that says why."""
    token = form_token_of(reports.page("/reports/counts"))
    sent = {name: (None, value.format(token=token)) for name, (_, value) in files.items()}
    answer = reports.post("/reports/counts", files=sent, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_a_bound_key_sees_what_the_api_answers_it(fresh_world: World) -> None:
    """Its reports and rows alone; what is about the whole store is not offered, and is refused."""
    bound = Rights(frozenset({Scope.READ}), customers=frozenset({Customer("cw_rmm", "none")}))
    with browsing(fresh_world, keys_required=True) as browser:
        browser.sign_in(token_of(fresh_world, "bound", bound))
        offered = browser.page("/reports")
        rows = browser.get("/reports/new.json?since=2026-01-01").json()["rows"]
        refused = [browser.get(f"/reports/companies{form}").status_code for form in ("", ".csv")]

    assert 'href="/reports/duplicates"' in offered
    assert 'href="/reports/companies"' not in offered
    assert rows == []
    assert refused == [403, 403]


def test_who_is_not_signed_in_gets_no_report(fresh_world: World) -> None:
    """Neither a page nor a file."""
    with browsing(fresh_world, keys_required=True) as browser:
        answers = [browser.get(path) for path in ("/reports", "/reports/coverage", "/reports/coverage.csv")]

    assert {answer.headers["location"].partition("?")[0] for answer in answers} == {"/sign-in"}
