"""Make a report: read the store as of one moment, and say from which feeds and when it was made."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any, Generic

from pydantic import Field

from service.core.errors import NeedsUnboundKey
from service.reports.context import ReportContext, ReportRequest
from service.reports.definition import Made, Report, ReportFilter, RowT, TotalsT
from service.reports.rules import ReportRules
from service.reports.sources import FeedSource
from service.store import state
from service.store.ingested import agreements, forgotten_users
from service.store.ingested.known_names import require_provider, require_value
from service.store.resolved import changes, counts
from service.store.resolved.rules import policy_digest
from service.store.stewardship import reviews
from service.store.world import World


@dataclass(frozen=True)
class Head:
    """How a report was made."""

    report: Annotated[str, Field(description="Name of the report.", examples=["duplicates"])]
    title: Annotated[str, Field(description="Its title.", examples=["Duplicates"])]
    generated_at: Annotated[
        datetime, Field(description="When it was read from the store, UTC.", examples=["2026-11-23T12:00:00Z"])
    ]
    position: Annotated[
        int | None,
        Field(
            description="The last change in the feed that it knows of; null for a key that is bound to customers.",
            examples=[4711],
        ),
    ]
    narrowed_to: Annotated[
        str | None, Field(description="What it is narrowed to; null: nothing.", examples=["company Acme Inc."])
    ]
    sources: Annotated[list[FeedSource], Field(description="The providers that it rests on, and how fresh they are.")]
    warnings: Annotated[
        list[str],
        Field(description="Why numbers may be wrong.", examples=[["cw_rmm is held: its last run would remove 900"]]),
    ]
    notes: Annotated[
        list[str],
        Field(
            description="What numbers rest on beside the records of the providers.",
            examples=[["billed quantities are of the active agreements of cw_manage (31), read 2026-11-30 06:00 UTC"]],
        ),
    ]


@dataclass
class MadeReport(Generic[RowT, TotalsT]):
    """
    A report, how it was made, its rows, which can be read once, and its totals, which are known after the last.

    Reports with the same `tag` have the same rows. A caller who may see a part of the store is given none: it would
    change with what others store.
    """

    report: Report[RowT, TotalsT]
    head: Head
    rows: Iterator[RowT]
    totals: Callable[[], TotalsT]
    tag: str | None = None


@contextmanager
def made_report(
    world: World, rules: ReportRules, report: Report[RowT, TotalsT], wanted: ReportRequest
) -> Iterator[MadeReport[RowT, TotalsT]]:
    """
    Make a report; its rows can be read within the context, and writers are not held up meanwhile.

    Raises:
        BadRequest: The report cannot be narrowed to this.
        UnknownValue: A customer, provider or type is not known; the nearest is named.
        NeedsUnboundKey: The report is about the whole store, and the caller may see a part of it.
    """
    if world.visibility is not None and not report.answers_bound_keys:
        raise NeedsUnboundKey(f"the report {report.name} is about the whole store, and this key is bound to customers")
    report.require_filters(wanted)
    with world.store.reading() as connection:
        context = ReportContext(connection, world.policy_in(connection), rules, world.now(), wanted, world.visibility)
        _require_known(context)
        made = report.make(context)
        yield MadeReport(report, _head(report, context, made), made.rows, made.totals, _tag(report, context))


def totals_of(world: World, rules: ReportRules, report: Report[RowT, TotalsT]) -> TotalsT:
    """Return what the rows of a report add up to. Raises: what `made_report` does."""
    with made_report(world, rules, report, ReportRequest()) as made:
        deque(made.rows, maxlen=0)
        return made.totals()


def _require_known(context: ReportContext) -> None:
    """Of a bound key's names nothing is told, because others may have them."""
    if context.visibility is None:
        require_provider(context.connection, context.wanted.provider)
        require_value(context.connection, "company", context.wanted.company)
        require_value(context.connection, "type", context.wanted.type)


def _head(report: Report[Any, Any], context: ReportContext, made: Made[Any, Any]) -> Head:
    is_bound = context.visibility is not None
    sources = list(context.sources.values())
    return Head(
        report=report.name,
        title=report.title,
        generated_at=context.now,
        position=None if is_bound else changes.last(context.connection),
        narrowed_to=_narrowed(context.wanted),
        sources=sources,
        warnings=[*feed_warnings(sources), *made.warnings],
        notes=list(made.notes),
    )


def _tag(report: Report[Any, Any], context: ReportContext) -> str | None:
    """The day is part of it, because what is active and what is late follows from it."""
    if context.visibility is not None:
        return None
    stored = changes.last(context.connection), state.version(context.connection)
    people = counts.standing_decisions(context.connection), reviews.counts(context.connection)
    rows = counts.quarantined(context.connection), forgotten_users.count(context.connection)
    billed = agreements.reads(context.connection)
    asked = report.name, asdict(context.wanted), asdict(context.rules), policy_digest(context.policy)
    made_of = *asked, context.now.date(), *stored, *people, *rows, billed, list(map(asdict, context.sources.values()))
    return blake2b(json.dumps(made_of, sort_keys=True, default=_sorted).encode(), digest_size=12).hexdigest()


def _sorted(value: object) -> object:
    """A set has another order in each process."""
    return sorted(value) if isinstance(value, Set) else str(value)


def _narrowed(wanted: ReportRequest) -> str | None:
    said = [f"{each.label} {value}" for each in ReportFilter if (value := getattr(wanted, each)) is not None]
    return ", ".join(said) or None


def feed_warnings(sources: Sequence[FeedSource]) -> Iterator[str]:
    """Yield a sentence for each feed that numbers should not rest on."""
    for source in sources:
        if not source.is_reliable:
            yield f"{source.provider} is {source.state.label}: {source.state.sentence}"
