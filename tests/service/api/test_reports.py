"""Reports over HTTP: the same rows for programs and spreadsheets."""

import csv
import io

from service.reports.catalogue import REPORTS
from tests.service.api.conftest import Client


def test_every_report_is_listed_with_its_columns(client: Client) -> None:
    """What is listed can be asked for, and has the columns that it says."""
    listed = client.get("/v1/reports").json()["data"]

    assert [report["name"] for report in listed] == list(REPORTS)
    for report in listed:
        rows = client.get(f"/v1/reports/{report['name']}").json()["rows"]
        assert all(list(row) == report["columns"] for row in rows)


def as_cell(value: object) -> str:
    """Return a value of the JSON document as CSV has it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_both_formats_say_the_same(client: Client) -> None:
    """The CSV file has the header, rows and cells of the JSON one, and a name to be saved under."""
    for name in REPORTS:
        whole = client.get(f"/v1/reports/{name}").json()
        answer = client.get(f"/v1/reports/{name}.csv")

        rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["content-disposition"] == f'attachment; filename="samebox-{name}-2026-11-23.csv"'
        assert [{key: value.removeprefix("'") for key, value in row.items()} for row in rows] == [
            {key: as_cell(value) for key, value in row.items()} for row in whole["rows"]
        ]
        assert whole["generated_at"] == "2026-11-23T12:00:00Z"


def test_a_name_like_a_formula_is_harmless(client: Client) -> None:
    """One of the fleet's configurations is called like a formula; a spreadsheet shows it."""
    text = client.get("/v1/reports/duplicates.csv").text

    assert ",'=ACME-LT-0421," in text


def test_a_report_that_is_none(client: Client) -> None:
    """An unknown report or format is answered with those that there are."""
    for name in ("stock", "stock.csv", "coverage.pdf"):
        unknown = client.get(f"/v1/reports/{name}")
        assert (unknown.status_code, "duplicates, coverage" in unknown.json()["detail"]) == (404, True)
