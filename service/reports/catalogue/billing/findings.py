"""What a row of the report `counts` says in words, and the devices behind it."""

from collections.abc import Iterable, Sequence

from service.reports.catalogue.billing.billed import UnreadLine
from service.reports.catalogue.billing.counting import DeviceGroup, NamedDevice, first_of
from service.reports.catalogue.billing.products import BilledProduct
from service.reports.catalogue.billing.rows import CountOutcome, CountRow

IN_WORDS = 3
"""Devices that a sentence names."""


def counted(row: CountRow) -> str:
    """Say how many devices are active, and what they count where types weigh."""
    weighed = "" if row.found == row.active else f", which count as {row.found:g}"
    return f"{row.active:,} of {row.devices:,} active{weighed}"


def not_counted(row: CountRow) -> str:
    """Say why there is no number."""
    billed = f"{row.billed:g} billed; " if row.product else ""
    return f"{billed}not counted, because {row.marked_because}"


def name_devices(row: CountRow, groups: Sequence[DeviceGroup]) -> str:
    """Put the devices behind a difference into its row; return the first of them in words."""
    difference = row.difference or 0.0
    if difference > 0:
        lists, many, said, seen = [each.newest for each in groups], row.active or 0, "the newest", "first seen"
    else:
        many = sum(each.devices - each.active for each in groups)
        lists, said, seen = [each.gone for each in groups], "not active", "last seen"
    first = first_of(lists)
    row.names = _listed((each.name for each in first), many - len(first))
    row.records = _listed((each.record for each in first), 0)
    if not first:
        return "; no device of theirs that is not active explains it" if difference < 0 else ""
    shown = first[: min(IN_WORDS, max(1, round(abs(difference))))]
    return f"; {said}: {', '.join(_seen(each, seen) for each in shown)}"


def compared(row: CountRow, billed: BilledProduct) -> str:
    """Say how what is found stands to what is billed."""
    size, prices = abs(row.difference or 0.0), billed.prices
    said = {
        CountOutcome.MORE_FOUND: f"{size:g} more found than billed",
        CountOutcome.MORE_BILLED: f"{size:g} more billed than found",
    }.get(row.outcome, "as many found as billed")
    weighed = "" if row.found == row.active else f" ({counted(row)})"
    many = f" (prices differ: {', '.join(f'{each:f}' for each in prices)})" if len(prices) > 1 else ""
    return said + weighed + many


def unknown_customer(billed: BilledProduct, near: str | None) -> str:
    """Say that no customer has the name, which is nearest, and what to do."""
    return (
        f"no customer is named {billed.company!r}{f'; the nearest is {near!r}' if near else ''}: write the customer's"
        f" name, or list 'billed:{billed.company}' with one of its companies in Policy:CompanyMap"
    )


def unknown_product(billed: BilledProduct, near: str | None) -> str:
    """Say that no device is of the product's type, which is nearest, and what to do."""
    types = ", ".join(billed.types or ())
    return (
        f"no device is of the type {types!r}{f'; the nearest is {near!r}' if near else ''}: name in Reports:Products"
        f" the types that {billed.product!r} bills"
    )


def unread(line: UnreadLine) -> str:
    """Say why a line of the list cannot be read."""
    place = line.place or f"line {line.line}"
    return f"{place} cannot be read: {line.reason}" + (f" ({line.excerpt!r})" if line.excerpt else "")


def _seen(device: NamedDevice, seen: str) -> str:
    when = f"{seen} {device.at:%Y-%m-%d}" if device.at else "never seen"
    return f"{device.name} ({when})"


def _listed(texts: Iterable[str], more: int) -> str | None:
    said = ", ".join(texts)
    return (f"{said}, and {more:,} more" if more else said) or None
