"""The change feed: what happened to devices, in order, never rewritten."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from service.store.rows import insert_rows, to_json
from service.store.tables import changes

What = Literal["created", "changed", "merged", "split", "retired"]


@dataclass(frozen=True)
class Change:
    """One thing that happened to one device."""

    device_id: str
    what: What
    detail: Mapping[str, Any]


def append(
    connection: Connection, happened: Iterable[Change], at: datetime, because: Mapping[str, Any] | None = None
) -> None:
    """Add to the feed. Writers come one at a time, so the order of `seq` is the order of commits."""
    cause = {"because": because} if because else {}
    insert_rows(
        connection,
        changes,
        (
            {"at": at, "device_id": each.device_id, "what": each.what, "detail": to_json({**each.detail, **cause})}
            for each in happened
        ),
    )
