"""Devices: look them up by identifier, list them, get one."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, field_serializer
from sqlalchemy import Connection

from matching.records import future_time
from matching.values.spelling import shown
from service.core.errors import Moved, NotFound
from service.core.paging import FIRST_PAGE, LARGEST_PAGE, Page, PageRequest
from service.core.shapes import GoldenValues, ShownAs
from service.devices.searching import IdentifierQuery, LookupKind, search
from service.resolution.visible_devices import all_visible
from service.store.resolved import device_records, provenance
from service.store.resolved import devices as stored
from service.store.resolved.device_filters import Filters
from service.store.resolved.device_records import RecordOfDevice
from service.store.resolved.devices import DeviceRow
from service.store.world import World

MOST_FOUND = 1000
"""Devices in one answer: a placeholder may sit on a whole fleet."""

MOST_HOLDERS = 10_000
"""Records that are looked at for them."""


class SuppressedView(BaseModel):
    """A value that is no evidence, and why."""

    kind: str = Field(description="Kind of the evidence that it would be.", examples=["serial"])
    value: str = Field(description="The value.", examples=["To be filled by O.E.M."])
    reason: str = Field(description="Why it is no evidence.", examples=["placeholder"])

    @field_serializer("value")
    def _as_shown(self, value: str) -> str:
        return shown(self.kind, value)


class RecordView(BaseModel):
    """One provider's row behind a device."""

    provider: str = Field(description="Who lists it.", examples=["cw_manage"])
    id: str = Field(description="Its id there.", examples=["4711"])
    payload: dict[str, Any] = Field(description="The record, values as written.")
    seen_at: datetime | None = Field(
        description="When the provider last saw the device; null if it does not say, or names a time in the future.",
        examples=["2026-11-20T08:00:00Z"],
    )
    first_seen_at: datetime = Field(description="When the record first came in.")
    returned_at: datetime = Field(description="When the record last came in.")
    suppressed: list[SuppressedView] = Field(description="Values of it that are no evidence.")


class ProvenanceView(BaseModel):
    """Where a golden value came from."""

    provider: str = Field(description="Whose record has the value.", examples=["cw_rmm"])
    record_id: str = Field(description="That record's id there.", examples=["A-17"])
    last_seen: str | None = Field(
        description="When that provider last saw the device, in UTC; null if it does not say.",
        examples=["2026-11-20T08:00:00Z"],
    )
    rule: str = Field(description="Why this value was chosen.", examples=["the most recent"])
    others: list[tuple[str, str]] = Field(description="Values that lost, each with a record that carries it.")


class DeviceView(BaseModel):
    """A device: its golden record, where each value came from, and the records behind it."""

    id: str = Field(description="The device's id.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    values: Annotated[dict[str, Any], ShownAs(GoldenValues)] = Field(
        description="The golden record: one value a field; unknown fields are absent."
    )
    provenance: dict[str, ProvenanceView] = Field(description="Field -> where its value came from.")
    records: list[RecordView] = Field(description="Every provider's rows for this device, in order of key.")
    created_at: datetime = Field(description="When it was made.")
    updated_at: datetime = Field(description="When it last changed; that it was seen again is no change.")


def lookup(world: World, identifier: str, kind: LookupKind | None = None) -> list[DeviceView]:
    """
    Return the devices that hold an identifier, in any notation; at most `MOST_FOUND`.

    Without a kind it is looked for as everything that it may be, and the likeliest come first.

    Raises:
        BadRequest: Nothing to look for.
    """
    with world.store.reading() as connection:
        found = search(
            connection, world.policy_in(connection), IdentifierQuery(identifier, kind), MOST_FOUND, MOST_HOLDERS
        )
        rows = stored.by_ids(connection, found.device_ids)
        return _views(connection, [rows[device_id] for device_id in found.device_ids])


def devices_by_id(world: World, device_ids: Sequence[str]) -> list[DeviceView]:
    """Return some devices in the order of their ids as given; unknown ids are left out."""
    with world.store.reading() as connection:
        rows = stored.by_ids(connection, device_ids)
        return _views(connection, [rows[device_id] for device_id in device_ids if device_id in rows])


def device(connection: Connection, device_id: str) -> DeviceView:
    """Return a live device. Raises: NotFound; Moved."""
    return _views(connection, [device_row(connection, device_id)])[0]


def device_row(connection: Connection, device_id: str) -> DeviceRow:
    """Return the row of a live device. Raises: NotFound; Moved."""
    if row := stored.by_ids(connection, [device_id]).get(device_id):
        return row
    retired = stored.retired(connection, device_id)
    if retired and retired.successor:
        raise Moved(device_id, retired.successor)
    why = f"; it was retired on {retired.at:%Y-%m-%d}: {retired.why}" if retired else ""
    raise NotFound(f"no device {device_id[:100]!r}{why}")


def devices(  # noqa: PLR0913 - a parameter a filter
    world: World,
    page: PageRequest = FIRST_PAGE,
    *,
    company: str | None = None,
    type: str | None = None,
    provider: str | None = None,
    q: str | None = None,
) -> Page[DeviceView]:
    """
    Return a page of devices, always in the same order.

    `company` and `type` are compared without case; `q` is a part of a name, hostname, serial or company.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
    """
    filters = Filters(company, type, provider, q)
    with world.store.reading() as connection:
        [after] = page.after(stored.LIST, str) or [""]
        rows = stored.page(connection, filters, after, page.limit + 1)
        found = _views(connection, rows[: page.limit])
    return page.page(stored.LIST, found, lambda view: (view.id,), is_last=len(rows) <= page.limit)


def all_devices(world: World) -> Iterator[DeviceView]:
    """Yield every visible device as of one moment, in order of id; writers are not held up meanwhile."""
    with world.store.reading() as connection:
        if world.visibility is not None:
            for found in all_visible(connection, world.policy_in(connection), world.visibility):
                yield from _grouped(list(found.rows.values()), found.records)
            return
        after = ""
        while rows := stored.page(connection, Filters(), after, LARGEST_PAGE):
            yield from _views(connection, rows)
            after = rows[-1].id


def _views(connection: Connection, rows: Sequence[DeviceRow]) -> list[DeviceView]:
    """Return views of device rows, in their order, with one query for all their records."""
    return _grouped(rows, device_records.of_devices(connection, [row.id for row in rows]))


def _grouped(rows: Sequence[DeviceRow], own: Sequence[RecordOfDevice]) -> list[DeviceView]:
    views = defaultdict(list)
    for row in own:
        views[row.device_id].append(record_view(row))
    return [_device_view(row, views[row.id]) for row in rows]


def _device_view(row: DeviceRow, views: list[RecordView]) -> DeviceView:
    return DeviceView(
        id=row.id,
        values=json.loads(row.golden),
        provenance=provenance_views(row.provenance),
        records=views,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def provenance_views(text: str) -> dict[str, ProvenanceView]:
    """Return the stored provenance of a device, field by field."""
    return {field: ProvenanceView(**source._asdict()) for field, source in provenance.read(text).items()}


def record_view(row: RecordOfDevice) -> RecordView:
    """Return a stored record as it is shown."""
    payload = json.loads(row.payload)
    in_future = future_time(payload, row.changed_at)
    return RecordView(
        provider=row.provider,
        id=row.record_id,
        payload=payload,
        seen_at=None if in_future else row.seen_at,
        first_seen_at=row.first_seen_at,
        returned_at=row.returned_at,
        suppressed=json.loads(row.suppressed) + ([in_future._asdict()] if in_future else []),
    )
