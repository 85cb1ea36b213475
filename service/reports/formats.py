"""Turn a report into the bytes of a file: JSON for programs, CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import BaseModel, Field


class Format(StrEnum):
    """What a report can be written as."""

    JSON = "json"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """The Content-Type of such a file."""
        return {Format.JSON: "application/json", Format.CSV: "text/csv; charset=utf-8"}[self]


class Row(BaseModel):
    """One line of a report; the fields are its columns, in this order."""


RowT = TypeVar("RowT", bound=Row)
TotalsT = TypeVar("TotalsT", bound=BaseModel)


class Document(BaseModel, Generic[RowT, TotalsT]):
    """A report as JSON: the columns of the CSV file, and what they add up to."""

    report: str = Field(description="Name of the report.", examples=["duplicates"])
    generated_at: datetime = Field(description="When it was read from the store, UTC.")
    totals: TotalsT = Field(description="What the rows add up to.")
    rows: list[RowT] = Field(description="The rows, in an order that does not change.")


def as_json(document: Document[RowT, TotalsT]) -> bytes:
    """Return the whole report as one JSON object."""
    return document.model_dump_json().encode()


def as_csv(columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    """
    Return the rows as CSV (RFC 4180), UTF-8, with a header.

    A text that a spreadsheet would run as a formula gets an apostrophe in front: names come from
    machines that anybody may have named.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_harmless(value) for _, value in row] for row in rows)
    return text.getvalue().encode()


def _harmless(value: object) -> object:
    """Source: OWASP, CSV injection: what makes a cell a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
