"""The cells of a report on a page."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from service.console.report_tables import FIRST, KEPT_READ, CellLink, ReadReports, cells_of, read_report, shown_columns
from service.reports.catalogue.counts import BILLED
from service.reports.context import ReportRequest
from service.reports.definition import CellType, Column, Made, Report, WebAddress
from service.reports.making import MadeReport


@dataclass
class Row:
    """A row of a report of these tests."""

    company: str | None
    hostname: str | None
    note: str | None
    count: float
    records: str | None
    link: WebAddress | None
    device_id: str


@dataclass
class Totals:
    """Its totals."""

    rows: int
    wrong: int


ROW = Row("Acme", "acme-1", None, 1.0, "cw_rmm:A/1, p:2, and 12 more", "https://psa.example/1", "id 1")


def read(*rows: Row, main: tuple[str, ...] = ()) -> Any:
    """Return a report over some rows as a page shows it."""
    return read_report(made_of(*rows, main=main), ReportRequest())


def made_of(*rows: Row, main: tuple[str, ...] = (), tag: str | None = None) -> Any:
    """Return a report of these rows."""
    report = Report(
        "r", "R", "D.", "E.", Row, Totals, lambda _: Made(iter(()), lambda: Totals(0, 0)), main_columns=main
    )
    return MadeReport(report, None, iter(rows), lambda: Totals(len(rows), 0), tag)  # type: ignore[arg-type]


def test_cells_lead_where_they_name_something() -> None:
    """The name to the device, each record to its own, an address to its page; an empty column is left out."""
    found = read(ROW, main=("hostname", "company", "note", "count", "records"))
    cells = {each.column.name: each for each in found.rows[0]}

    assert list(cells) == ["hostname", "company", "count", "records", "link"]
    assert cells["hostname"].links == [CellLink("acme-1", "/devices/id%201")]
    assert cells["count"].value == "1"
    assert cells["records"].links == [
        CellLink("cw_rmm:A/1", "/search?q=cw_rmm%3AA%2F1"),
        CellLink("p:2", "/search?q=p%3A2"),
    ]
    assert cells["records"].value == "and 12 more"
    assert cells["link"].links == [CellLink("open", "https://psa.example/1")]


def test_an_address_that_is_no_page_leads_nowhere() -> None:
    """No script is behind a link."""
    row = Row("Acme", None, None, 1.0, None, "javascript:alert(1)", "1")
    [cells] = read(row, main=("hostname", "company")).rows

    assert [each.links for each in cells if each.column.name == "link"] == [()]
    assert cells[0].links == [CellLink("(no name)", "/devices/1")]


def test_a_report_without_a_name_leads_to_its_devices() -> None:
    """By a column of its own."""
    report: Any = Report(
        "r", "R", "D.", "E.", Row, Totals, lambda _: Made(iter(()), lambda: Totals(0, 0)), ("company",)
    )

    assert [each.name for each in shown_columns(report, ReportRequest())] == ["company", "link", "device_id"]


@pytest.mark.parametrize(
    ("names", "records", "value", "links"),
    [
        ("A, B", "p:1, p:2", None, ["A", "B"]),
        ("A, B, and 1,200 more", "p:1, p:2, and 1,200 more", "and 1,200 more", ["A", "B"]),
        ("A, with a comma", "p:1", "A, with a comma", []),
    ],
)
def test_devices_behind_a_number_lead_to_their_records(
    names: str, records: str, value: str | None, links: list[str]
) -> None:
    """Unless it is not known which name is whose."""
    row = SimpleNamespace(names=names, records=records)
    [cell] = cells_of(row, [Column("names", CellType.TEXT, "Devices", "")])

    assert cell.value == value
    assert [each.text for each in cell.links] == links


@pytest.mark.parametrize("count", [FIRST, FIRST + 1])
def test_all_rows_are_counted_and_the_first_are_kept(count: int) -> None:
    """Totals that are nothing are named alone."""
    found = read(*[ROW] * count)

    assert (found.count, len(found.rows)) == (count, FIRST)
    assert [each.title for each in found.numbers] == ["rows"]
    assert found.zeros == ["wrong"]


def test_a_report_that_was_read_is_not_read_again_while_its_tag_is_the_same() -> None:
    """What changed has another tag; one without a tag is somebody's own, and is read each time."""
    reports = ReadReports()

    def counted(rows: int, tag: str | None) -> int:
        return reports.read(made_of(*[ROW] * rows, tag=tag), ReportRequest()).count

    assert [counted(3, "a"), counted(5, "a"), counted(5, "b"), counted(7, "a")] == [3, 3, 5, 3]
    assert [counted(3, None), counted(5, None)] == [3, 5]
    given = ReportRequest(options={BILLED: ["a line of an invoice"]})
    assert [reports.read(made_of(*[ROW] * rows, tag="invoice"), given).count for rows in (3, 5)] == [3, 5]
    for n in range(KEPT_READ - 1):
        counted(1, f"other {n}")
    assert (counted(9, "a"), counted(9, "b")) == (3, 9)
