"""What a row says in words; whole rows are in `test_counts`."""

from datetime import UTC, datetime

from service.reports.catalogue.billing import findings
from service.reports.catalogue.billing.billed import UnreadLine
from service.reports.catalogue.billing.comparing import empty_row
from service.reports.catalogue.billing.counting import DeviceGroup, NamedDevice
from service.reports.catalogue.billing.products import BilledProduct


def group(active: int, gone: int) -> DeviceGroup:
    """Return the laptops of a customer: those that are active came on days of November, and the others of October."""
    made = DeviceGroup("=acme", "Laptop", 1.0, devices=active + gone, active=active)
    for number in range(1, active + 1):
        made.newest.add(NamedDevice((-number,), f"NEW-{number}", f"a:{number}", datetime(2026, 11, number, tzinfo=UTC)))
    for number in range(1, gone + 1):
        made.gone.add(NamedDevice((number,), f"OLD-{number}", f"b:{number}", datetime(2026, 10, number, tzinfo=UTC)))
    return made


def named(difference: float, *groups: DeviceGroup) -> tuple[str, str | None, str | None]:
    """Return what is said of the devices behind a difference, and the cells that name them."""
    row = empty_row(None)
    row.difference, row.active = difference, sum(each.active for each in groups)
    return findings.name_devices(row, groups), row.names, row.records


def test_as_many_devices_are_named_in_words_as_there_are_too_many() -> None:
    """At most three, and one where weights make less of it; the cell has all."""
    assert named(1, group(5, 1)) == (
        "; the newest: NEW-5 (first seen 2026-11-05)",
        "NEW-5, NEW-4, NEW-3, NEW-2, NEW-1",
        "a:5, a:4, a:3, a:2, a:1",
    )
    assert named(0.2, group(2, 0))[0] == "; the newest: NEW-2 (first seen 2026-11-02)"
    assert named(9, group(5, 1))[0].count("first seen") == 3


def test_devices_of_all_types_of_a_product_are_named() -> None:
    """In one order."""
    assert named(-2, group(1, 2), group(0, 1))[1] == "OLD-1, OLD-1, OLD-2"


def test_where_no_device_explains_what_is_billed_that_is_said() -> None:
    """There is nothing to look for in the fleet: the invoice is wrong, or a device was never seen at all."""
    assert named(-2, group(1, 0)) == ("; no device of theirs that is not active explains it", None, None)


def test_a_line_is_quoted_where_it_can_be() -> None:
    """A line of which nothing could be made has a number alone."""
    assert findings.unread(UnreadLine(4, "it has no product", "Total,,6")) == (
        "line 4 cannot be read: it has no product ('Total,,6')"
    )
    assert findings.unread(UnreadLine(4, "why", "")) == "line 4 cannot be read: why"


def test_what_is_unknown_is_told_without_a_guess_where_nothing_is_near() -> None:
    """And what to do about it."""
    billed = BilledProduct("=zebra", "Zebra", "Seat", ("Seat",))

    assert findings.unknown_customer(billed, None).startswith("no customer is named 'Zebra': write")
    assert findings.unknown_product(billed, None) == (
        "no device is of the type 'Seat': name in Reports:Products the types that 'Seat' bills"
    )
