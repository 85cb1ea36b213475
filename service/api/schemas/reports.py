"""Schemas of the list of reports."""

from pydantic import BaseModel, Field


class ReportInfo(BaseModel):
    """A report that can be asked for."""

    name: str = Field(examples=["duplicates"])
    description: str
    columns: list[str]
    formats: list[str] = Field(examples=[["json", "csv"]])


class Reports(BaseModel):
    """The reports that there are."""

    data: list[ReportInfo]
