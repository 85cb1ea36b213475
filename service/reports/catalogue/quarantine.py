"""
List the rows of which no record could be made: devices may be missing as long as they are there.

The rows are what strangers sent. They are shown on one line, cut, and without what changes how a text is read.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from service.ingest.redaction import excerpt
from service.reports.context import ReportContext
from service.reports.definition import Made, Report, ReportFilter
from service.store.ingested import quarantine


@dataclass(slots=True)
class QuarantineReportRow:
    """One row that could not be read or stored."""

    provider: Annotated[
        str,
        Field(title="Provider", description="Who sent it; `import` where a file does not say.", examples=["ninjaone"]),
    ]
    record_id: Annotated[
        str | None,
        Field(title="Record", description="Its id there; empty where the row has none.", examples=["A-17"]),
    ]
    reason: Annotated[
        str, Field(title="Why", description="Why no record could be made of it.", examples=["serial: must be a text"])
    ]
    since: Annotated[
        datetime,
        Field(title="Since", description="When it first came like this.", examples=["2026-11-23T12:00:00Z"]),
    ]
    excerpt: Annotated[
        str,
        Field(
            title="What it holds",
            description="Its beginning on one line, passwords hidden; `samebox quarantine` shows all.",
            examples=['{"id":"A-17","serial":["x"]}'],
        ),
    ]


@dataclass
class QuarantinedOfProvider:
    """The rows of one provider."""

    provider: Annotated[str, Field(description="The provider.", examples=["ninjaone"])]
    rows: Annotated[int, Field(description="Its rows.", examples=[3])]


@dataclass
class QuarantineTotals:
    """How many rows there are."""

    rows: Annotated[int, Field(description="Rows of which no record could be made.", examples=[5])]
    providers: Annotated[list[QuarantinedOfProvider], Field(description="The same by provider, in order of name.")]


def quarantined(context: ReportContext) -> Made[QuarantineReportRow, QuarantineTotals]:
    """Return the rows in quarantine, by provider, the latest first."""
    counted: Counter[str] = Counter()
    return Made(_rows(context, counted), lambda: _totals(counted))


def _rows(context: ReportContext, counted: Counter[str]) -> Iterator[QuarantineReportRow]:
    wanted = context.wanted
    for each in quarantine.beginnings(context.connection, wanted.provider, wanted.since):
        counted[each.provider] += 1
        yield QuarantineReportRow(
            provider=each.provider,
            record_id=excerpt(each.record_id, ()) or None,
            reason=excerpt(each.reason, ()),
            since=each.first_at,
            excerpt=excerpt(each.payload, ()),
        )


def _totals(counted: Counter[str]) -> QuarantineTotals:
    found = [QuarantinedOfProvider(provider, rows) for provider, rows in sorted(counted.items())]
    return QuarantineTotals(counted.total(), found)


QUARANTINE = Report(
    name="quarantine",
    title="Quarantine",
    description="Rows of which no record could be made, each with the reason.",
    explanation=(
        "Each row came from a provider and could not be read, so its device may be missing from every other report."
        " Have it put right where it comes from: it leaves the quarantine with the next sync that reads it."
    ),
    row=QuarantineReportRow,
    totals=QuarantineTotals,
    make=quarantined,
    filters=frozenset({ReportFilter.PROVIDER, ReportFilter.SINCE}),
    answers_bound_keys=False,
)
