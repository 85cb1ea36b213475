"""Billing: reports read, narrowed and taken away; each file is opened."""

import csv
import io
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from service.reports.catalogue import REPORTS
from tests.end_to_end.console.browser import Visit

Row = tuple[object, ...]


def download(page: Page, label: str, folder: Path) -> Path:
    """Click on what gives a file, and return the file."""
    with page.expect_download() as given:
        page.get_by_role("link", name=label, exact=True).or_(page.get_by_role("button", name=label)).first.click()
    file = folder / given.value.suggested_filename
    given.value.save_as(file)
    return file


def rows_of(workbook: Path) -> list[Row]:
    """Return the rows of a workbook as a spreadsheet has them, the titles first."""
    with closing(load_workbook(workbook, read_only=True)) as book:
        return [tuple(row) for row in book["Rows"].iter_rows(values_only=True)]


def count_on(page: Page) -> int:
    """Return how many rows the page of a report says that there are."""
    heading = page.locator("#rows").inner_text()
    return int(re.findall(r"([\d,]+)", heading)[-1].replace(",", ""))


@pytest.mark.parametrize("name", REPORTS)
def test_each_report_is_taken_away_in_each_format_and_opened(visit: Visit, tmp_path: Path, name: str) -> None:
    """With as many rows as the page says, and the titles of the page among its columns."""
    page = visit.go("/reports")
    page.locator(f"a[href='/reports/{name}']").first.click()
    count = count_on(page)
    workbook = download(page, "XLSX", tmp_path)
    table = download(page, "CSV", tmp_path)
    document = download(page, "JSON", tmp_path)

    titles, *rows = rows_of(workbook)
    written = list(csv.reader(io.StringIO(table.read_text("utf-8-sig"))))
    found: dict[str, Any] = json.loads(document.read_bytes())
    assert len(rows) == len(written) - 1 == len(found["rows"]) == count
    shown = page.locator("table.cards thead").first.locator("th").all_inner_texts() if count else []
    assert {*shown} <= {str(title) for title in titles} or name == "coverage"


def test_a_report_is_narrowed_and_its_file_with_it(visit: Visit, tmp_path: Path) -> None:
    """To a customer: the page, its sums and the workbook have that customer's rows alone."""
    page = visit.go("/reports/coverage")
    everything = count_on(page)
    page.get_by_label("Customer").fill("Quillmark Verlag GmbH")
    page.get_by_role("button", name="Show").click()
    narrowed = count_on(page)
    assert 0 < narrowed < everything
    rows = rows_of(download(page, "XLSX", tmp_path))

    assert len(rows) - 1 == narrowed
    assert all(any("quillmark" in str(cell).casefold() for cell in row) for row in rows[1:])


def test_counts_are_laid_beside_an_invoice_and_taken_away(visit: Visit, demo: Path, tmp_path: Path) -> None:
    """Billed, found and the difference on the page; the workbook has the same rows."""
    page = visit.go("/reports/counts")
    page.get_by_text("Compare with what is billed", exact=True).click()
    page.get_by_label("A CSV file").set_input_files(demo / "invoice.csv")
    page.get_by_role("button", name="Compare").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Alder Creek")
    count = count_on(page)
    titles, *rows = rows_of(download(page, "Take it as XLSX", tmp_path))

    assert len(rows) == count
    [at] = [place for place, title in enumerate(titles) if str(title).startswith("Difference")]
    assert any(isinstance(row[at], int | float) and row[at] for row in rows)
