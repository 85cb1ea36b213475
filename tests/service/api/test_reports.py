"""Reports over HTTP: the same rows for programs and spreadsheets."""

import csv
import io
from decimal import Decimal
from pathlib import Path

from service.reports.catalogue import REPORTS
from service.server.turns import Turns
from service.store.ingested import agreements
from service.store.ingested.agreements import BilledAddition
from tests.service.api.conftest import Client, application, asking, seeded_world
from tests.service.reports.fleets import record, world_of


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
    text = client.get("/v1/reports/duplicates.csv?all=true").text

    assert ",'=ACME-LT-0421," in text


def test_a_report_that_is_none(client: Client) -> None:
    """An unknown report or format is answered with those that there are."""
    for name in ("stock", "stock.csv", "coverage.pdf"):
        unknown = client.get(f"/v1/reports/{name}")
        assert (unknown.status_code, "duplicates, coverage" in unknown.json()["detail"]) == (404, True)


def test_counts_are_laid_beside_agreements_where_these_are_read(tmp_path: Path) -> None:
    """Without a list; the tag changes with every reading, and a list that is sent wins."""
    world = seeded_world(tmp_path)
    with asking(application(world)) as client:
        alone = client.get("/v1/reports/counts")
        with world.store.writing() as connection:
            agreements.begin(connection, "cw_manage", world.now())
            laptops = BilledAddition("cw_manage", 7, "Managed", "12", "ACME", "Laptop", Decimal(4), Decimal("10.5"))
            agreements.replace(connection, "cw_manage", world.now(), 1, [laptops])
        beside = client.get("/v1/reports/counts", headers={"If-None-Match": alone.headers["ETag"]})
        sent = client.post("/v1/reports/counts", json=[{**SENT[0], "quantity": 2}])

    assert (alone.json()["totals"]["billed"], alone.json()["notes"]) == (None, [])
    assert (beside.status_code, beside.json()["totals"]["billed"], beside.json()["rows"][0]["lines"]) == (200, 4.0, "7")
    assert beside.json()["notes"][0].startswith(
        "billed quantities are of the active agreements of cw_manage (1), read 20"
    )
    assert (sent.json()["totals"]["billed"], sent.json()["notes"]) == (2.0, [])


INVOICE = "Customer;Item;Qty;Unit Price\nACME;Laptop;4;10,50\nAcme Inc.;Server;none;\nAcmo;Laptop;1;\n"
SENT = [{"company": "ACME", "product": "Laptop", "quantity": 4, "price": 10.5}]


def test_counts_are_laid_beside_a_list_in_every_format(client: Client) -> None:
    """The same rows as JSON and as CSV, a workbook for a spreadsheet, each with a name to be saved under."""
    answers = {
        form: client.post(f"/v1/reports/counts?format={form}", content=INVOICE, headers={"Content-Type": "text/csv"})
        for form in ("json", "csv", "xlsx")
    }

    rows = answers["json"].json()["rows"]
    assert [(row["product"], row["difference"], row["outcome"], row["lines"]) for row in rows] == [
        ("Laptop", -3.0, "more_billed", "2"),
        ("Laptop", None, "unknown_customer", "4"),
        (None, None, "not_read", "3"),
    ]
    assert (rows[0]["money"], rows[0]["company"]) == (-31.5, "Acme Inc.")
    assert answers["csv"].text.count("\r\n") == 4
    assert answers["xlsx"].content.startswith(b"PK")
    for form, answer in answers.items():
        assert answer.headers["content-disposition"] == f'attachment; filename="samebox-counts-2026-11-23.{form}"'


def test_a_program_sends_billed_quantities_as_json(client: Client) -> None:
    """And is told of an item that is wrong; the count of a customer alone is asked for as of any report."""
    told = client.post("/v1/reports/counts?company=acme+inc.&all=true", json=SENT)
    wrong = client.post("/v1/reports/counts", json=[*SENT, {"company": "Acme", "product": "", "quantity": "many"}])

    assert [(row["billed"], row["found"]) for row in told.json()["rows"] if row["product"]] == [(4.0, 1.0)]
    assert wrong.status_code == 422
    assert {each["pointer"] for each in wrong.json()["errors"]} == {"/body/1/product", "/body/1/quantity"}


def test_a_list_that_cannot_be_read_is_refused(client: Client) -> None:
    """With what is missing; a body of another kind is not tried."""
    as_csv = {"Content-Type": "text/csv; charset=utf-8"}
    wrong = client.post("/v1/reports/counts", content="company,product\nAcme,Laptop\n", headers=as_csv)
    no_json = client.post("/v1/reports/counts", content="[", headers={"Content-Type": "application/json"})
    other = client.post("/v1/reports/counts", content="x", headers={"Content-Type": "text/plain"})
    since = client.post("/v1/reports/counts?since=2026-10-01T00:00:00Z", json=SENT)

    assert (wrong.status_code, wrong.json()["code"]) == (400, "malformed-body")
    assert "no column for quantity" in wrong.json()["detail"]
    assert (no_json.status_code, other.status_code, since.status_code) == (400, 415, 400)


def test_suggestions_are_asked_for_by_a_parameter(client: Client) -> None:
    """Of the report that has them, in every format; of another the parameter is refused."""
    as_json = client.get("/v1/reports/coverage", params={"suggest": "true"})
    as_csv = client.get("/v1/reports/coverage.csv", params={"suggest": "true"})
    refused = client.get("/v1/reports/duplicates", params={"suggest": "true"})
    sent = client.post("/v1/reports/counts", params={"suggest": "true"}, json=SENT)

    assert as_json.status_code == 200
    assert as_csv.text.count("\r\n") == 1 + len(as_json.json()["rows"])
    assert as_json.headers["etag"] != client.get("/v1/reports/coverage").headers["etag"]
    assert (refused.status_code, refused.json()["detail"]) == (400, "the report duplicates has no option suggest")
    assert (sent.status_code, sent.json()["detail"]) == (400, "the report counts has no option suggest")


def test_a_report_waits_for_its_turn(tmp_path: Path) -> None:
    """Few are made at a time; who gets no turn is told when to come again, and the list of reports needs none."""
    app = application(world_of(tmp_path, record("cw_manage", "1")))
    app.state.turns = Turns(0.01, reports=0)

    with asking(app) as client:
        answers = [
            client.get(f"/v1/reports{name}") for name in ("", "/duplicates", "/duplicates.csv", "/coverage.xlsx")
        ]

    assert [answer.status_code for answer in answers] == [200, 503, 503, 503]
    assert answers[1].json()["code"] == "readers-busy"
