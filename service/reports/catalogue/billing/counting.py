"""
Count the devices of each customer and type, in one pass, and keep a few that would explain a difference.

What is held does not grow with the fleet, but with customers times types.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from matching.evidence.identity import is_live
from service.reports.catalogue.billing.customers import CustomerNames
from service.reports.context import ReportContext, ReportRequest
from service.reports.devices import ReportedDevice, ReportedRecord, devices
from service.reports.rules import FeedRole

MOST_NAMED = 50
"""Devices that a cell names."""

NEVER = datetime.min.replace(tzinfo=UTC)


class NamedDevice(NamedTuple):
    """A device by its place in a list, its name, one of its records, and when it was first or last seen."""

    place: tuple[Any, ...]
    name: str
    record: str
    at: datetime | None


class Shortlist:
    """The first devices of a list that is never held whole, in order of their places."""

    def __init__(self) -> None:
        self._kept: list[NamedDevice] = []
        self._last: tuple[Any, ...] | None = None

    def has_room_for(self, place: tuple[Any, ...]) -> bool:
        """Whether a device at this place may be among the first."""
        return self._last is None or place < self._last

    def add(self, device: NamedDevice) -> None:
        """Keep a device as long as it is among the first."""
        self._kept.append(device)
        if len(self._kept) >= 2 * MOST_NAMED:
            self._kept = self.first
            self._last = self._kept[-1].place

    @property
    def first(self) -> list[NamedDevice]:
        """The first devices, at most `MOST_NAMED`."""
        return sorted(self._kept)[:MOST_NAMED]


@dataclass
class DeviceGroup:
    """
    The devices of one customer and type; `customer` is what `CustomerNames.of` says, `type` is as it is written.

    `newest` are those that are active, `gone` those that are not.
    """

    customer: str | None
    type: str | None
    weight: float
    devices: int = 0
    active: int = 0
    providers: set[str] = field(default_factory=set)
    newest: Shortlist = field(default_factory=Shortlist)
    gone: Shortlist = field(default_factory=Shortlist)


@dataclass
class CountedDevices:
    """
    The groups by customer and type in lower case; customers by the name that most of their devices have.

    `types` are those of all devices, in lower case, also of those that are not counted.
    """

    groups: dict[tuple[str | None, str | None], DeviceGroup]
    names: dict[str, str]
    types: set[str]


def count_devices(context: ReportContext, customers: CustomerNames, *, are_named: bool) -> CountedDevices:
    """
    Count the devices that are wanted.

    Args:
        are_named: Whether those that would explain a difference are kept.
    """
    counts = CountedDevices({}, {}, set())
    known = _KnownNames(customers)
    provider = context.wanted.provider
    for device in devices(replace(context, wanted=ReportRequest())):
        type_ = device.text("type")
        type_key = type_.casefold() if type_ else None
        if type_key:
            counts.types.add(type_key)
        customer = known.customer(device.text("company"))
        if provider and all(each.provider != provider for each in device.records):
            continue
        if (group := counts.groups.get((customer, type_key))) is None:
            group = counts.groups[customer, type_key] = DeviceGroup(customer, type_, context.rules.weight(type_))
        _count(context, group, device, are_named=are_named)
    counts.names = known.names()
    return counts


def first_of(lists: Iterable[Shortlist]) -> list[NamedDevice]:
    """Return the first devices of several lists."""
    return list(islice(merge(*(each.first for each in lists)), MOST_NAMED))


class _KnownNames:
    """The customer of each device, which is worked out once a name, and how most of its devices write it."""

    def __init__(self, customers: CustomerNames) -> None:
        self._customers = customers
        self._of: dict[str | None, str | None] = {}
        self._uses: Counter[str | None] = Counter()

    def customer(self, name: str | None) -> str | None:
        if name not in self._of:
            self._of[name] = self._customers.of(name)
        self._uses[name] += 1
        return self._of[name]

    def names(self) -> dict[str, str]:
        found: dict[str, tuple[int, str]] = {}
        for name, uses in self._uses.items():
            customer = self._of[name]
            if customer is not None and name is not None:
                found[customer] = min(found.get(customer, (0, "")), (-uses, name))
        return {customer: name for customer, (_, name) in found.items()}


def _count(context: ReportContext, group: DeviceGroup, device: ReportedDevice, *, are_named: bool) -> None:
    is_active = device.is_active(context)
    group.devices += 1
    group.active += is_active
    group.providers.update(each.provider for each in device.records)
    if not are_named:
        return
    kept = group.newest if is_active else group.gone
    at = min(each.row.first_seen_at for each in device.records) if is_active else device.face.last_seen_at
    place = _place(context, device, at, is_active=is_active)
    if kept.has_room_for(place):
        kept.add(NamedDevice(place, _name(device), _record(context, device), at))


def _place(context: ReportContext, device: ReportedDevice, at: datetime | None, *, is_active: bool) -> tuple[Any, ...]:
    """Active devices newest first; of the others first what the PSA lists as in use, then what was gone first."""
    if is_active and at:
        return -at.timestamp(), device.id
    return not _is_listed_by_psa(context, device), at or NEVER, device.id


def _is_listed_by_psa(context: ReportContext, device: ReportedDevice) -> bool:
    """Whether the PSA lists it as in use: then it is what somebody bills."""
    return any(is_live(each.record, context.policy) for each in _of_psa(context, device))


def _of_psa(context: ReportContext, device: ReportedDevice) -> Iterator[ReportedRecord]:
    return (each for each in device.records if context.rules.role(each.provider) is FeedRole.PSA)


def _name(device: ReportedDevice) -> str:
    return device.text("name") or device.text("hostname") or device.text("serial") or device.records[0].name


def _record(context: ReportContext, device: ReportedDevice) -> str:
    """The configuration of the PSA that is in use, else any of it, else any record."""
    own = list(_of_psa(context, device)) or device.records
    if len(own) == 1:
        return own[0].name
    return next((each for each in own if is_live(each.record, context.policy)), own[0]).name
