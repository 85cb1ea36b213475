"""From a provider to devices: pull everything, then store it in one transaction."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from matching.model import Key, Record
from matching.policy import Policy
from service.errors import ProviderChanged, ProviderError, Unparsable
from service.ingest.protocol import Adapter, Progress, Pulled, Quarantined, pull
from service.recalibration import MAX_CHANGE
from service.resolution import apply, recalibrate
from service.store import quarantine, records, syncs
from service.store.engine import Store
from service.store.quarantine import Unread
from service.store.records import Entry
from service.store.syncs import Run

IMPORT = "import"
"""Stands for the provider where files of several providers come in together."""


@dataclass(frozen=True)
class SyncOutcome:
    """What a sync did with what it read; `error` is None when it succeeded, and else nothing was stored."""

    provider: str
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    quarantined: int = 0
    error: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class _Intake:
    """Rows as they came: those that can be stored, one a key, and those that cannot."""

    read: int
    entries: dict[Key, Entry]
    unread: list[Unread]


@dataclass(frozen=True)
class _Run:
    """One run and what it depends on."""

    provider: str
    mode: str
    started: datetime
    policy: Policy
    now: Callable[[], datetime]
    new_id: Callable[[], str]


async def sync(  # noqa: PLR0913, PLR0917 - who, into what, and the world as arguments
    store: Store,
    adapters: Sequence[Adapter],
    policy: Policy,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    progress: Progress,
    *,
    max_change: float = MAX_CHANGE,
) -> list[SyncOutcome]:
    """
    Pull all providers at once and store each as soon as it has arrived.

    A provider that fails changes nothing, and its outcome says why; the others go on.

    Raises:
        StoreError: The database failed; what was stored before stays.
    """
    turn = asyncio.Lock()

    async def one(adapter: Adapter) -> SyncOutcome:
        started = now()
        try:
            pulled = await pull(adapter, progress)
            async with turn:  # in a thread, so that other pulls are not taken for hanging meanwhile
                world = store, pulled, policy, now, new_id
                return await asyncio.to_thread(store_pull, *world, started=started, max_change=max_change)
        except ProviderError as error:
            run = _Run(adapter.name, "full", started, policy, now, new_id)
            return await asyncio.to_thread(_fail, store, run, str(error))

    return list(await asyncio.gather(*map(one, adapters)))


def store_pull(  # noqa: PLR0913 - what, into what, and the world as arguments
    store: Store,
    pulled: Pulled,
    policy: Policy,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    *,
    started: datetime | None = None,
    max_change: float = MAX_CHANGE,
) -> SyncOutcome:
    """
    Replace one provider's records by what it lists now, and bring the devices up to date.

    A record that no longer comes is removed, unless it may be among the rows that could not be read.

    Raises:
        ProviderChanged: The feed is empty where records are stored: that is taken for a fault.
        StoreError: The database failed; nothing was stored.
    """
    run = _Run(pulled.provider, "full", started or now(), policy, now, new_id)
    intake = _take_in(pulled.records, pulled.quarantined)
    with store.writing() as connection:
        gone = _vanished(records.keys_of(connection, pulled.provider), intake, pulled.provider)
        quarantine.replace(connection, pulled.provider, intake.unread, now())
        outcome = _settle(connection, run, intake, gone)
    recalibrate(store, policy, now, new_id, max_change=max_change)
    return outcome


def import_records(  # noqa: PLR0913 - what, into what, and the world as arguments
    store: Store,
    incoming: Iterable[Record],
    policy: Policy,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    *,
    quarantined: Iterable[Quarantined] = (),
    max_change: float = MAX_CHANGE,
) -> SyncOutcome:
    """
    Add records, or replace those with the same key; nothing is removed.

    Of rows with one key the later stands (`matching.records.latest`). `quarantined` are lines of which no record
    could be made: `import` for the provider, file and line for the id.

    Raises:
        StoreError: The database failed; nothing was stored.
    """
    run = _Run(IMPORT, IMPORT, now(), policy, now, new_id)
    intake = _take_in(incoming, quarantined)
    with store.writing() as connection:
        quarantine.add(connection, intake.unread, now())
        outcome = _settle(connection, run, intake, frozenset())
    recalibrate(store, policy, now, new_id, max_change=max_change)
    return outcome


def _take_in(incoming: Iterable[Record], quarantined: Iterable[Quarantined]) -> _Intake:
    unread = [Unread(*row) for row in quarantined]
    entries = []
    for record in incoming:
        try:
            entries.append(records.entry(record))
        except Unparsable as error:
            unread.append(Unread(record["provider"], error.record_id, error.reason, None))
    return _Intake(len(entries) + len(unread), records.standing(entries), unread)


def _vanished(known: frozenset[Key], intake: _Intake, provider: str) -> frozenset[Key]:
    """The stored records that the feed has dropped. A row that could not be read may be any of them if it has no id."""
    if known and not intake.entries:
        raise ProviderChanged(provider, f"no record came where {len(known)} are stored; nothing was removed")
    if any(not row.record_id for row in intake.unread):
        return frozenset()
    return known - intake.entries.keys() - {Key(row.provider, row.record_id) for row in intake.unread}


def _settle(connection: Connection, run: _Run, intake: _Intake, gone: frozenset[Key]) -> SyncOutcome:
    """Store what came in and note the run."""
    entries = list(intake.entries.values())
    upserted = apply(connection, entries, run.policy, run.now(), run.new_id, gone=gone).upserted
    outcome = SyncOutcome(
        provider=run.provider,
        read=intake.read,
        new=len(upserted.new),
        changed=len(upserted.changed),
        same=len(upserted.same),
        gone=len(gone),
        quarantined=len(intake.unread),
    )
    return _noted(connection, run, outcome)


def _fail(store: Store, run: _Run, error: str) -> SyncOutcome:
    with store.writing() as connection:
        return _noted(connection, run, SyncOutcome(run.provider, error=error))


def _noted(connection: Connection, run: _Run, outcome: SyncOutcome) -> SyncOutcome:
    """Write the run's row; return the outcome with the time it took."""
    finished = run.now()
    timed = replace(outcome, seconds=(finished - run.started).total_seconds())
    counts = {name: value for name, value in asdict(timed).items() if name != "seconds"}
    counts["mode"], counts["status"] = run.mode, "failed" if outcome.error else "succeeded"
    syncs.add(connection, Run(run.new_id(), started_at=run.started, finished_at=finished, **counts))
    return timed
