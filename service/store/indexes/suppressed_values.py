"""What the calibration in force rules out as evidence: values on several boxes, and fields that are not trusted."""

import json
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from matching.calibration.calibrate import Calibration
from matching.calibration.trust import UntrustedField
from matching.model import Key, Kind, SharedValue
from service.store.database.canonical_json import canonical_json, digest
from service.store.database.rows import columns, write_difference
from service.store.database.tables import shared_values
from service.store.database.tables import untrusted_fields as untrusted
from service.store.database.types import storable


class _SharedValueRow(NamedTuple):
    id: str
    kind: str
    value: str
    reason: str
    holders: str


class _UntrustedFieldRow(NamedTuple):
    provider: str
    kind: str
    pairs: int
    agreeing: int


_SHARED = select(*columns(shared_values, _SharedValueRow))
_UNTRUSTED = select(*columns(untrusted, _UntrustedFieldRow)).order_by(untrusted.c.provider, untrusted.c.kind)


def mirror(connection: Connection, calibration: Calibration) -> int:
    """Show what a calibration found, touching only rows that differ; return how many."""
    values = map(_SharedValueRow._make, connection.execute(_SHARED))
    fields = map(_UntrustedFieldRow._make, connection.execute(_UNTRUSTED))
    trusts = (_UntrustedFieldRow(each.provider, each.kind, each.pairs, each.agreeing) for each in calibration.untrusted)
    count = write_difference(connection, shared_values, values, map(_shared_value, calibration.shared))
    return count + write_difference(connection, untrusted, fields, trusts)


def count(connection: Connection) -> int:
    """Return the number of shared values."""
    return int(connection.execute(select(func.count()).select_from(shared_values)).scalar_one())


def untrusted_fields(connection: Connection) -> list[UntrustedField]:
    """Return the fields that are not taken at their word, with the measurement."""
    rows = connection.execute(_UNTRUSTED)
    return [UntrustedField(provider, Kind(kind), pairs, agreeing) for provider, kind, pairs, agreeing in rows]


def shared(connection: Connection) -> list[SharedValue]:
    """Return the values that are on several boxes, each with the records that hold it."""
    rows = connection.execute(_SHARED.order_by(shared_values.c.id))
    return [
        SharedValue(Kind(row.kind), row.value, row.reason, tuple(map(Key.parse, json.loads(row.holders))))
        for row in rows
    ]


def _shared_value(shared: SharedValue) -> _SharedValueRow:
    return _SharedValueRow(
        id=digest(canonical_json([shared.kind, shared.value])),
        kind=str(shared.kind),
        value=storable(shared.value),
        reason=shared.reason,
        holders=canonical_json([str(key) for key in shared.holders]),
    )
