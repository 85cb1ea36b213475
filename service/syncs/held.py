"""What waits for a person at a held sync: the records that did not come, and would go."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.model import Record
from service.store.ingested import unreturned
from service.store.world import World
from service.syncs.synclog import SyncView, held_run, shown

FIRST = 100
"""Records that are listed."""


@dataclass(frozen=True)
class HeldRemovals:
    """
    The records of a provider that did not come in the sync that is held, and not since.

    `first` are the first of `count`, by id; `stored` counts all records of the provider.
    """

    run: SyncView
    count: int
    stored: int
    first: Sequence[Record]


def held_removals(world: World, provider: str) -> HeldRemovals | None:
    """Return what would go if the sync of a provider were let through; None where none is held. Raises: StoreError."""
    with world.store.reading() as connection:
        run = held_run(connection, provider)
        if run is None:
            return None
        found = unreturned.since(connection, provider, run.started_at, FIRST)
    return HeldRemovals(shown(run), found.missing, found.stored, found.first)
