"""Schemas of the list of reports."""

from pydantic import BaseModel, Field

from service.reports.formats import Format


class ReportInfo(BaseModel):
    """A report that can be asked for."""

    name: str = Field(description="Its name in the path.", examples=["duplicates"])
    description: str = Field(description="What it shows.", examples=["Records that are listed more than once."])
    columns: list[str] = Field(description="Its columns in order.", examples=[["device_id", "company"]])
    formats: list[Format] = Field(description="What it can be had as.", examples=[["json", "csv"]])


class Reports(BaseModel):
    """The reports that there are."""

    data: list[ReportInfo] = Field(description="The reports.")
