"""What is no evidence, as the calibration in force has it: values on several boxes, and fields that are not trusted."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, func, select

from matching.calibration.calibrate import Calibration
from matching.calibration.trust import UntrustedField
from matching.model import Kind, SharedValue
from service.store.canonical_json import canonical_json, digest
from service.store.rows import Row, keyed, read_all, write_difference
from service.store.tables import shared_values
from service.store.tables import untrusted_fields as untrusted
from service.store.types import storable


def mirror(connection: Connection, calibration: Calibration) -> int:
    """Show what a calibration found, touching only rows that differ; return how many."""
    fields = (dict(asdict(trust), kind=str(trust.kind)) for trust in calibration.untrusted)
    wanted: dict[Any, Iterable[Row]] = {
        shared_values: map(_shared_value, calibration.shared),
        untrusted: fields,
    }
    return sum(
        write_difference(connection, table, read_all(connection, table), keyed(table, found))
        for table, found in wanted.items()
    )


def count(connection: Connection) -> int:
    """Return the number of shared values."""
    return int(connection.execute(select(func.count()).select_from(shared_values)).scalar_one())


def untrusted_fields(connection: Connection) -> list[UntrustedField]:
    """Return the fields that are not taken at their word, with the measurement."""
    rows = connection.execute(select(untrusted).order_by(untrusted.c.provider, untrusted.c.kind))
    return [UntrustedField(provider, Kind(kind), pairs, agreeing) for provider, kind, pairs, agreeing in rows]


def _shared_value(shared: SharedValue) -> Row:
    return {
        "id": digest(canonical_json([shared.kind, shared.value])),
        "kind": str(shared.kind),
        "value": storable(shared.value),
        "reason": shared.reason,
        "holders": canonical_json([str(key) for key in shared.holders]),
    }
