"""Import records from files. An import adds and replaces records, and removes none."""

from collections.abc import Iterable, Iterator

from matching.model import Record
from service.core.errors import Unparsable
from service.core.garbage import uncollected
from service.core.progress import Progress, silent
from service.core.workers import NO_WORKERS, WorkerPool
from service.resolution.applying import apply
from service.resolution.recalibration import MAX_CHANGE, recalibrate
from service.store.ingested import quarantine, syncs
from service.store.ingested.quarantine import Unread
from service.store.ingested.records import Entry, any_stored, entry
from service.store.ingested.syncs import IMPORT, Run, SyncMode, SyncStatus
from service.store.world import World
from service.syncs.syncing import SyncOutcome, outcome_of


def import_rows(
    world: World,
    incoming: Iterable[Entry | Unread],
    *,
    max_change: float = MAX_CHANGE,
    pool: WorkerPool = NO_WORKERS,
    progress: Progress = silent,
) -> SyncOutcome:
    """
    Add records, or replace those with the same key; keep what could not be read in the quarantine.

    Rows may come as an iterator: they are not held all at once. Of those with one key the later record stands.
    `progress` is called with the records resolved so far.

    Raises:
        StoreError: The database failed; nothing was stored.
        WorkerFailed: A process of the pool failed; nothing was stored.
    """
    started = world.now()
    intake = _Intake(incoming)
    with uncollected(), world.store.writing() as connection:
        applied = apply(connection, intake, world.change(connection), pool=pool, progress=progress)
        quarantine.add(connection, intake.unread, world.now())
        run = Run(
            world.new_id(),
            IMPORT,
            SyncMode.IMPORT,
            SyncStatus.SUCCEEDED,
            started,
            finished_at=world.now(),
            read=intake.read + len(intake.unread),
            new=len(applied.upserted.new),
            changed=len(applied.upserted.changed),
            same=len(applied.upserted.same),
            quarantined=len(intake.unread),
            by=world.actor.name if world.actor else None,
        )
        syncs.add(connection, run)
    recalibrate(world, max_change=max_change)
    return outcome_of(run)


def has_records(world: World) -> bool:
    """Whether any record is stored: most that are imported are then there already. Raises: StoreError."""
    with world.store.reading() as connection:
        return any_stored(connection)


def row_of(record: Record, *, is_new: bool = False) -> Entry | Unread:
    """Return a record as it can be stored, or as what cannot be; more is worked out ahead if it is probably new."""
    try:
        return entry(record, with_terms=is_new)
    except Unparsable as error:
        return Unread(record["provider"], error.record_id, error.reason, None)


class _Intake:
    """The rows that can be stored, as they come; counts them, and keeps the others."""

    def __init__(self, incoming: Iterable[Entry | Unread]) -> None:
        self._incoming = incoming
        self.read = 0
        self.unread: list[Unread] = []

    def __iter__(self) -> Iterator[Entry]:
        for row in self._incoming:
            if isinstance(row, Entry):
                self.read += 1
                yield row
            else:
                self.unread.append(row)
