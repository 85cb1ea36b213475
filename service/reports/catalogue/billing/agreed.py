"""
What agreements bill, as syncs read it from the PSA, in the place of a list that somebody sends.

What is billed is not known where no reading ever ended. Where the last one failed, or is long ago, the numbers are
those of the last that succeeded, and each is marked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from service.reports.catalogue.billing.billed import BilledLine, BilledList, UnreadLine
from service.reports.catalogue.billing.products import types_of
from service.reports.context import ReportContext
from service.store.ingested import agreements, known_names, leases
from service.store.ingested.agreements import AgreementRead, BilledAddition
from service.syncs.agreements import lease_name

MOST_NAMED = 5
"""Products that a note names."""


@dataclass(frozen=True)
class Agreed:
    """
    What agreements bill; `billed` is None where it is not known.

    `providers` are those whose agreements it is. `mark` says of each number why it may be out of date; `notes` and
    `warnings` are for the head of the report.
    """

    providers: frozenset[str]
    billed: BilledList | None
    mark: str | None = None
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()


def agreed(context: ReportContext) -> Agreed | None:
    """
    Return what agreements bill; None where none are read.

    A caller who may see some customers gets what is billed to these, and nothing of how the reading went.
    """
    visibility, reads = context.visibility, _reads(context)
    if not reads:
        return None
    providers = frozenset(each.provider for each in reads)
    if context.wanted.provider:
        note = "narrowed to a provider, devices are counted alone: agreements bill those of all providers"
        return Agreed(providers, None, notes=[note])
    late, warnings = _late(context, reads), late_agreements(context)
    if any(each.read_at is None for each in reads):
        return Agreed(providers, None, warnings=warnings)
    additions = agreements.billed(context.connection, None if visibility is None else visibility.customers)
    mark = ", ".join(f"the agreements of {each.provider} were last read {_at(each.read_at)}" for each in late)
    notes = [_note(each, is_bound=visibility is not None) for each in reads]
    if visibility is None:
        notes += _not_compared(context, additions)
    return Agreed(providers, _listed(additions), mark or None, notes, warnings)


def late_agreements(context: ReportContext) -> list[str]:
    """Return a sentence for each provider whose agreements may be out of date, or were never read to their end."""
    return [_warning(each, why) for each, why in _late(context, _reads(context)).items()]


def _reads(context: ReportContext) -> list[AgreementRead]:
    visibility = context.visibility
    shown = None if visibility is None else {each.provider for each in visibility.customers}
    return [each for each in agreements.reads(context.connection) if shown is None or each.provider in shown]


def _late(context: ReportContext, reads: Iterable[AgreementRead]) -> dict[AgreementRead, str]:
    """Those that may be out of date, each with the reason."""
    return {each: why for each in reads if (why := _why_late(context, each))}


def _why_late(context: ReportContext, read: AgreementRead) -> str | None:
    """Why what was read may be out of date."""
    if read.error:
        return "the last reading failed" + (f": {read.error}" if context.visibility is None else "")
    if read.read_at is None or read.read_at < read.begun_at:
        lease = leases.find(context.connection, lease_name(read.provider))
        if read.read_at is None or not lease or lease.expires_at <= context.now:
            return f"the reading that began {_at(read.begun_at)} has not come to its end"
    if read.read_at < context.now - timedelta(hours=context.rules.late_feed_hours):
        return "that is longer ago than Reports:LateFeedHours says"
    return None


def _warning(read: AgreementRead, why: str) -> str:
    if read.read_at is None:
        return f"what is billed is not known: the agreements of {read.provider} were never read to their end; {why}"
    return f"billed quantities may be out of date: agreements of {read.provider}, last read {_at(read.read_at)}; {why}"


def _note(read: AgreementRead, *, is_bound: bool) -> str:
    many = "" if is_bound else f" ({read.active:,})"
    return f"billed quantities are of the active agreements of {read.provider}{many}, read {_at(read.read_at)}"


def _not_compared(context: ReportContext, additions: Iterable[BilledAddition]) -> Iterator[str]:
    """What is billed and has no type of devices: most of it is no device, and some may lack its setting."""
    known = set(known_names.types(context.connection))
    billed: dict[str, Decimal] = {}
    for each in additions:
        types = types_of(each.product, context.rules.products)
        if types is not None and not known.intersection(map(str.casefold, types)):
            billed[each.product] = billed.get(each.product, Decimal()) + (each.quantity or 0)
    if billed:
        largest = sorted(billed, key=lambda product: (-billed[product], product))
        more = ", ..." if len(largest) > MOST_NAMED else ""
        named = ", ".join(f"{product!r} ({float(billed[product]):g})" for product in largest[:MOST_NAMED])
        yield (
            f"products that are compared with no device, because none is of their type: {named}{more}; name in"
            " Reports:Products the types of those that bill devices"
        )


def _listed(additions: Sequence[BilledAddition]) -> BilledList:
    lines = [
        BilledLine(each.id, each.company, each.product, each.quantity, each.price, f"{each.provider}:{each.company_id}")
        for each in additions
        if each.quantity is not None
    ]
    unread = [
        UnreadLine(
            each.id,
            each.unread or "",
            f"{each.company}, {each.product}",
            f"addition {each.id} of the agreement {each.agreement!r}",
        )
        for each in additions
        if each.quantity is None
    ]
    return BilledList(tuple(lines), tuple(unread), is_agreed=True)


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
