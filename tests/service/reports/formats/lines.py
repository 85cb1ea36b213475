"""A report of a few lines, made without a store."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from service.reports.context import ReportContext
from service.reports.definition import Made, Money, Report, WebAddress
from service.reports.making import Head, MadeReport
from service.reports.rules import FeedRole
from service.reports.sources import FeedSource, FeedState

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(slots=True)
class Line:
    """A column of each type."""

    name: Annotated[str | None, Field(title="Name", description="What it is called.")]
    count: Annotated[int, Field(title="Count", description="How many.")] = 0
    share: float | None = None
    price: Money | None = None
    at: datetime | None = None
    is_active: bool | None = None
    page: WebAddress | None = None


@dataclass
class LineTotals:
    """What lines add up to."""

    lines: int
    note: str | None = None


def _nothing(_: ReportContext) -> Made[Line, LineTotals]:
    return Made(iter(()), lambda: LineTotals(0))


LINES = Report("lines", "Lines", "Some lines.", "They mean nothing.", Line, LineTotals, _nothing)

HEAD = Head(
    report="lines",
    title="Lines",
    generated_at=NOON,
    position=7,
    narrowed_to="customer Acme",
    sources=[FeedSource("cw_rmm", FeedRole.RMM, FeedState.HELD, 12, NOON, "run-1")],
    warnings=["cw_rmm is held"],
    notes=["billed quantities are of last week"],
)


def made_of(lines: Iterable[Line]) -> MadeReport[Line, LineTotals]:
    """Return a report of some lines; its totals count those that were read."""
    totals = LineTotals(0)

    def counted() -> Iterable[Line]:
        for line in lines:
            totals.lines += 1
            yield line

    return MadeReport(LINES, HEAD, iter(counted()), lambda: totals)
