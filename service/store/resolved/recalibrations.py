"""What people put in force from the console: one row each, written before the devices are resolved anew."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, insert, select, update

from matching.codes import Code
from service.store.database.policy_tables import recalibrations
from service.store.database.types import storable


class RecalibrationKind(Code):
    """What a person put in force."""

    CORRECTION = "correction", "correction", "A person added to the policy."
    REVOCATION = "revocation", "correction revoked", "A person took back what somebody had added to the policy."
    ACCEPTANCE = "acceptance", "calibration accepted", "A person put a held calibration in force."


@dataclass(frozen=True)
class StoredRecalibration:
    """One of them. `what` is what was put in force, in words; one that has no end is under way, or its process died."""

    id: str
    kind: RecalibrationKind
    what: str
    by: str
    started_at: datetime
    finished_at: datetime | None = None
    devices_changed: int | None = None
    error: str | None = None


_ALL = select(recalibrations)


def add(connection: Connection, new: StoredRecalibration) -> None:
    """Store one that begins."""
    row = {"id": new.id, "kind": new.kind.value, "what": storable(new.what), "by": storable(new.by)}
    connection.execute(insert(recalibrations), {**row, "started_at": new.started_at})


def finish(connection: Connection, recalibration_id: str, at: datetime, outcome: int | str) -> None:
    """Note how many devices have other records since; or, as a text, why nothing was changed."""
    column = "error" if isinstance(outcome, str) else "devices_changed"
    value = storable(outcome) if isinstance(outcome, str) else outcome
    mine = recalibrations.c.id == recalibration_id
    connection.execute(update(recalibrations).where(mine).values({"finished_at": at, column: value}))


def find(connection: Connection, recalibration_id: str) -> StoredRecalibration | None:
    """Return one of them."""
    row = connection.execute(_ALL.where(recalibrations.c.id == recalibration_id)).one_or_none()
    return _stored(row) if row else None


def latest(connection: Connection, count: int) -> list[StoredRecalibration]:
    """Return the latest of them, the last one first."""
    statement: Select[tuple[object, ...]] = _ALL.order_by(
        recalibrations.c.started_at.desc(), recalibrations.c.id.desc()
    ).limit(count)
    return list(map(_stored, connection.execute(statement)))


def _stored(row: Row[tuple[object, ...]]) -> StoredRecalibration:
    kind = RecalibrationKind(row.kind)
    ended = row.finished_at, row.devices_changed, row.error
    return StoredRecalibration(row.id, kind, row.what, row.by, row.started_at, *ended)
