"""From files to devices: what comes becomes records and devices at once, and nothing is removed."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from matching.model import Record
from matching.policy import Policy
from service.core.errors import Unparsable
from service.core.garbage import uncollected
from service.core.workers import ALONE, Team
from service.resolution.applying import Told, apply
from service.resolution.recalibration import MAX_CHANGE, recalibrate
from service.store import quarantine, syncs
from service.store.engine import Store
from service.store.quarantine import Unread
from service.store.records import Entry, any_stored, entry
from service.store.syncs import IMPORT, SUCCEEDED, Run
from service.syncs.syncing import SyncOutcome, outcome_of


def import_rows(  # noqa: PLR0913 - what, into what, and the world as arguments
    store: Store,
    incoming: Iterable[Entry | Unread],
    policy: Policy,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    *,
    max_change: float = MAX_CHANGE,
    team: Team = ALONE,
    told: Told | None = None,
) -> SyncOutcome:
    """
    Add records, or replace those with the same key; keep what could not be read in the quarantine.

    Rows may come as an iterator: they are not held all at once. Of those with one key the later record stands. `told`
    hears how many records are resolved.

    Raises:
        StoreError: The database failed; nothing was stored.
        WorkerFailed: A process of the team failed; nothing was stored.
    """
    started = now()
    intake = _Intake(incoming)
    with uncollected(), store.writing() as connection:
        upserted = apply(connection, intake, policy, now(), new_id, team=team, told=told).upserted
        quarantine.add(connection, intake.unread, now())
        run = Run(
            new_id(),
            IMPORT,
            IMPORT,
            SUCCEEDED,
            started,
            finished_at=now(),
            read=intake.read + len(intake.unread),
            new=len(upserted.new),
            changed=len(upserted.changed),
            same=len(upserted.same),
            quarantined=len(intake.unread),
        )
        syncs.add(connection, run)
    recalibrate(store, policy, now, new_id, max_change=max_change)
    return outcome_of(run)


def has_records(store: Store) -> bool:
    """Whether any record is stored: most that are imported are then there already. Raises: StoreError."""
    with store.reading() as connection:
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
