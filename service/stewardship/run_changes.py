"""The changes that one sync made to devices."""

from dataclasses import replace
from datetime import datetime

from service.stewardship.feed import ChangeView, view
from service.store.resolved import changes
from service.store.resolved.changes import RecordedChange
from service.store.world import World

LOOKED_AT = 2000
"""Changes after the beginning of a sync among which its own are looked for."""


def run_changes(world: World, run_id: str, started_at: datetime, limit: int) -> list[ChangeView]:
    """
    Return the first changes that a sync made to devices, in order.

    Others may have changed devices while it ran; of a sync behind more than `LOOKED_AT` changes of others none are
    found. What the feed has forgotten is missing. Raises: StoreError.
    """
    with world.store.reading() as connection:
        found = changes.after(connection, changes.last_before(connection, started_at), LOOKED_AT)
    own = [each for each in found if (each.change.detail.get("because") or {}).get("sync") == run_id]
    return [view(_without_cause(each)) for each in own[:limit]]


def _without_cause(recorded: RecordedChange) -> RecordedChange:
    """All of them have the same one."""
    detail = {name: value for name, value in recorded.change.detail.items() if name != "because"}
    return replace(recorded, change=replace(recorded.change, detail=detail))
