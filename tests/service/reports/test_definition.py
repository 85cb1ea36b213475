"""The columns of a report follow from the fields of its rows."""

import pytest

from service.core.errors import BadRequest
from service.reports.catalogue import REPORTS
from service.reports.context import ReportRequest
from service.reports.definition import CellType, Report
from tests.service.reports.formats.lines import LINES, NOON, Line

TYPES = ["text", "integer", "decimal", "money", "time", "boolean", "link"]


def test_a_column_is_what_the_field_says() -> None:
    """Its title and meaning are said beside the field, its type follows from the annotation."""
    first, *_ = LINES.columns

    assert (first.name, first.type, first.title, first.meaning) == ("name", "text", "Name", "What it is called.")
    assert [column.type for column in LINES.columns] == [CellType(name) for name in TYPES]


def test_cells_come_in_the_order_of_the_columns() -> None:
    """Whatever writes a report needs no name of a field."""
    assert LINES.cells(Line("a", 2)) == ("a", 2, None, None, None, None, None)


def test_a_filter_that_a_report_has_not_is_refused() -> None:
    """It would answer with everything, as if it had been heeded."""
    LINES.require_filters(ReportRequest(company="acme"))
    with pytest.raises(BadRequest, match="the report lines has no filter since; it has company, provider, type"):
        LINES.require_filters(ReportRequest(since=NOON))


def test_an_option_that_a_report_has_not_is_refused() -> None:
    """Options are what a single report takes."""
    REPORTS["coverage"].require_filters(ReportRequest(options={"suggest": True}))
    with pytest.raises(BadRequest, match="the report lines has no option suggest"):
        LINES.require_filters(ReportRequest(options={"suggest": True}))


@pytest.mark.parametrize("report", REPORTS.values(), ids=list(REPORTS))
def test_every_column_tells_what_it_means(report: Report[object, object]) -> None:
    """Whoever gets the file alone finds a title and a sentence for each."""
    assert [column.name for column in report.columns if not column.title or not column.meaning.endswith(".")] == []
    assert all(text.endswith(".") for text in (report.description, report.explanation))
