"""
Devices as a caller sees them who may see some records (`visibility`), as if there were no others.

Which records are one device is what the store says; golden values, times and counts are made anew from the visible
records.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration
from matching.calibration.suppression import suppress
from matching.evidence.identity import Identity, identify
from matching.model import Device, Record
from matching.policy import Policy
from matching.results.golden import golden_record
from service.core.errors import NotFound
from service.core.paging import LARGEST_PAGE
from service.resolution.composing import composed
from service.store.access.visibility import Customer, Visibility, company_id_of
from service.store.database.types import indexable, storable
from service.store.resolved import calibrations, visible
from service.store.resolved.calibrations import Version
from service.store.resolved.device_filters import Filters
from service.store.resolved.device_records import RecordOfDevice
from service.store.resolved.devices import DeviceRow


@dataclass(frozen=True)
class VisibleDevices:
    """Some devices by id, in order, each as if it had its visible records alone, and these, in order of key."""

    rows: Mapping[str, DeviceRow]
    records: Sequence[RecordOfDevice]


class _Part(NamedTuple):
    """A visible record of a device: as it is stored, as it counts, and what it says of hardware."""

    row: RecordOfDevice
    record: Record
    identity: Identity


def devices_of(
    connection: Connection, policy: Policy, visibility: Visibility, device_ids: Iterable[str]
) -> VisibleDevices:
    """Return those of some devices that have a visible record."""
    rows = visible.of_devices(connection, visibility, device_ids)
    said = [row.record for row in rows]
    identities = _usable([identify(record, policy) for record in said], calibrations.in_force(connection))
    own: defaultdict[str, list[_Part]] = defaultdict(list)
    for row, record, identity in zip(rows, said, identities, strict=True):
        own[row.device_id].append(_Part(row, record, identity))
    return VisibleDevices({device_id: _row(own[device_id], policy) for device_id in sorted(own)}, rows)


def device_of(connection: Connection, policy: Policy, visibility: Visibility, device_id: str) -> VisibleDevices:
    """Return one device. Raises: NotFound, also for one without a visible record and for a retired id."""
    found = devices_of(connection, policy, visibility, [device_id])
    if not found.rows:
        raise NotFound(f"no device {device_id[:100]!r}")
    return found


def all_visible(connection: Connection, policy: Policy, visibility: Visibility) -> Iterator[VisibleDevices]:
    """Yield all devices that have a visible record, in order of id, some at a time."""
    ids = visible.device_ids(connection, visibility)
    for start in range(0, len(ids), LARGEST_PAGE):
        yield devices_of(connection, policy, visibility, ids[start : start + LARGEST_PAGE])


def matching_devices(
    connection: Connection, policy: Policy, visibility: Visibility, filters: Filters
) -> Iterator[DeviceRow]:
    """Yield the rows of the devices that the filters let pass, in order of id."""
    for found in all_visible(connection, policy, visibility):
        providers: defaultdict[str, set[str]] = defaultdict(set)
        customers: defaultdict[str, set[Customer]] = defaultdict(set)
        for each in found.records:
            providers[each.device_id].add(each.provider)
            if filters.customer and (company_id := company_id_of(each.record)):
                customers[each.device_id].add(Customer(each.provider, company_id))
        for row in found.rows.values():
            is_theirs = filters.customer is None or filters.customer in customers[row.id]
            if is_theirs and _passes(row, providers[row.id], filters):
                yield row


def _usable(identities: Sequence[Identity], known: tuple[Version, Calibration] | None) -> Sequence[Identity]:
    return suppress(identities, known[1].value_reasons, known[1].field_reasons) if known else identities


def _row(parts: Sequence[_Part], policy: Policy) -> DeviceRow:
    golden = golden_record([(part.record, part.identity) for part in parts], policy)
    records = [part.row for part in parts]
    made = composed(Device(tuple(row.key for row in records), golden))
    return DeviceRow(
        id=records[0].device_id,
        golden=made.golden,
        provenance=made.provenance,
        company_key=made.company_key,
        type_key=made.type_key,
        search_text=made.search_text,
        created_at=min(row.first_seen_at for row in records),
        updated_at=max(row.changed_at for row in records),
        is_active=made.is_active,
        last_seen_at=made.last_seen_at,
        has_conflict=made.has_conflict,
    )


def _passes(row: DeviceRow, providers: set[str], filters: Filters) -> bool:
    """Whether a device is let through by what `store.device_filters` narrows a list by; reviews are not looked at."""
    texts = filters.company, filters.type, filters.text, filters.provider, filters.without_provider
    if any("\0" in text for text in texts if text):
        return False
    return (
        (filters.company is None or row.company_key == indexable(filters.company.casefold()))
        and (filters.type is None or row.type_key == indexable(filters.type.casefold()))
        and (filters.provider is None or filters.provider in providers)
        and (filters.without_provider is None or filters.without_provider not in providers)
        and (filters.text is None or _holds(row, storable(filters.text.casefold())))
        and (filters.active is None or row.is_active is filters.active)
        and (filters.has_conflict is None or row.has_conflict is filters.has_conflict)
        and _is_in_time(row, filters)
    )


def _holds(row: DeviceRow, text: str) -> bool:
    return text in row.search_text or text in (row.company_key or "")


def _is_in_time(row: DeviceRow, filters: Filters) -> bool:
    seen = row.last_seen_at
    return (
        (filters.seen_before is None or (seen is not None and seen < filters.seen_before))
        and (filters.seen_after is None or (seen is not None and seen > filters.seen_after))
        and (filters.updated_since is None or row.updated_at >= filters.updated_since)
    )
