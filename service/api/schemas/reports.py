"""Schemas of the list of reports, and of each report as JSON."""

from typing import Any, Literal, Self, get_type_hints

from pydantic import BaseModel, Field, create_model

from service.reports.catalogue import REPORTS
from service.reports.definition import CellType, Column, Report, ReportFilter
from service.reports.formats import Format
from service.reports.making import Head


class ReportColumn(BaseModel):
    """A column of a report."""

    name: str = Field(description="Its name, as in CSV and JSON.", examples=["serial"])
    title: str = Field(description="Its title for people.", examples=["Serial"])
    type: CellType = Field(description="What its cells hold.")
    meaning: str = Field(description="What it means.", examples=["Serial number of the device."])

    @classmethod
    def of(cls, column: Column) -> Self:
        """Return the view of a column."""
        return cls(name=column.name, title=column.title, type=column.type, meaning=column.meaning)


class ReportInfo(BaseModel):
    """A report that can be asked for."""

    name: str = Field(description="Its name in the path.", examples=["duplicates"])
    title: str = Field(description="Its title for people.", examples=["Duplicates"])
    description: str = Field(description="What it shows.", examples=["Records that are listed more than once."])
    explanation: str = Field(
        description="What its rows mean, and what to do with them.", examples=["Each row is a record to retire."]
    )
    columns: list[str] = Field(description="The names of its columns in order.", examples=[["device_id", "company"]])
    cells: list[ReportColumn] = Field(description="Its columns in order, with what they hold and mean.")
    filters: list[ReportFilter] = Field(description="What it can be narrowed to.")
    formats: list[Format] = Field(description="What it can be had as.", examples=[["json", "csv", "xlsx"]])


class Reports(BaseModel):
    """The reports that there are."""

    data: list[ReportInfo] = Field(description="The reports.")


def _document(report: Report[Any, Any]) -> type[BaseModel]:
    """Return the shape of a report as JSON: its head, its rows and its totals."""
    members: dict[str, Any] = {
        **{field: (hint, ...) for field, hint in get_type_hints(Head, include_extras=True).items()},
        "report": (Literal.__getitem__(report.name), Field(description="Name of the report.", examples=[report.name])),
        "rows": (list[report.row], Field(description="The rows, in the order of the report.")),  # type: ignore[name-defined]
        "totals": (report.totals, Field(description="What they add up to, with those that are not listed.")),
    }
    name = "".join(map(str.capitalize, report.name.split("-"))) + "Report"
    return create_model(name, __doc__=f"The report `{report.name}` as JSON.", **members)


DOCUMENTS = {name: _document(report) for name, report in REPORTS.items()}
"""Name of a report -> its shape as JSON."""
