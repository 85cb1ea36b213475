"""Read a provider page by page, and at the end turn what was read into records and devices in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from matching.evidence.counting import EvidenceCount, added, count_evidence
from matching.evidence.identity import identify
from service.core.errors import Busy, ProviderError, ProviderUnavailable, StoreError, TurnLost
from service.core.progress import Progress, silent
from service.ingest.evidence_warnings import evidence_warnings
from service.ingest.protocol import Adapter, Batch, FetchedPage, batches, missing_rows, sort
from service.resolution.recalibration import recalibrate
from service.store.ingested.syncs import Run, SyncMode, SyncStatus
from service.store.world import World
from service.syncs.agreements import begin_reading, fail_reading, forget_reading, keep_reading
from service.syncs.concluding import accepting, arrived, conclude, too_many, vanished
from service.syncs.runs import LEASE, SyncOptions, begin, keep, stay, stop

LOOKUPS = 25
"""Vanished records that are asked for between two writes."""

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SyncOutcome:
    """
    What a sync did with what it read; `error` says why it failed, or is held.

    `agreements` counts those that were read for what they bill, after the records; `agreements_error` says why not all.
    `evidence` counts what the records of a full read say; there is none for an incremental or resumed one, which
    brings a part of them. `warnings` are sentences on what came incomplete or empty.
    """

    provider: str
    id: str | None = None
    mode: SyncMode | None = None
    status: SyncStatus = SyncStatus.FAILED
    resumes: str | None = None
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    quarantined: int = 0
    error: str | None = None
    seconds: float = 0.0
    agreements: int | None = None
    agreements_error: str | None = None
    evidence: Sequence[EvidenceCount] = ()
    warnings: Sequence[str] = ()


@dataclass
class _Work:
    """A run under way, and what it needs. Writers of one process take turns, so that none times out at the database."""

    world: World
    adapter: Adapter
    run: Run
    options: SyncOptions
    progress: Progress
    turn: asyncio.Lock
    evidence: Sequence[EvidenceCount] = ()
    warnings: Sequence[str] = ()

    async def write(self, action: Callable[[], T]) -> T:
        """Do something in the database, in a thread, so that other pulls are not taken for hanging meanwhile."""
        async with self.turn:
            return await asyncio.to_thread(action)

    async def keep(self, batch: Batch, **changed: object) -> None:
        """Store a page and how far the run is with it."""
        self.run = replace(self.run, **changed)  # type: ignore[arg-type]  # the fields of a run, by name
        rows = arrived(batch, self.adapter.name)
        await self.write(lambda: keep(self.world, self.run, rows))


async def sync(
    world: World,
    adapters: Sequence[Adapter],
    options: SyncOptions = SyncOptions(),  # noqa: B008 - frozen
    progress: Progress = silent,
) -> list[SyncOutcome]:
    """
    Sync all providers at once; each is stored as soon as it has arrived, whole or not at all.

    One that fails, or that somebody else syncs now, changes nothing, and its outcome says why; the others go on.

    Raises:
        StoreError: The database failed; what was stored before stays.
    """
    turn = asyncio.Lock()

    async def one(adapter: Adapter) -> SyncOutcome:
        try:
            async with turn:
                [run] = await asyncio.to_thread(begin, world, [adapter], options)
        except Busy as error:
            return SyncOutcome(adapter.name, error=str(error))
        return await _carry_out(_Work(world, adapter, run, options, progress, turn))

    return list(await asyncio.gather(*map(one, adapters)))


async def carry_out(
    world: World, pairs: Iterable[tuple[Adapter, Run]], options: SyncOptions, progress: Progress = silent
) -> list[SyncOutcome]:
    """
    Carry out runs that have begun; those that are cancelled end as interrupted, and the next sync goes on there.

    Raises:
        StoreError: The database failed; what was stored before stays.
    """
    turn = asyncio.Lock()
    works = [_Work(world, adapter, run, options, progress, turn) for adapter, run in pairs]
    return list(await asyncio.gather(*map(_carry_out, works)))


async def _carry_out(work: _Work) -> SyncOutcome:
    """Do one run, to one of its ends; whatever stops it on the way, it is noted as interrupted."""
    life = asyncio.create_task(_live(work))
    why, has_ended = "was told to end; the next sync goes on from here", False
    try:
        ended = await _read_and_store(work, life)
        has_ended = True
    except StoreError as error:
        why = str(error)
        raise
    finally:
        life.cancel()
        if not has_ended:  # another process has to learn of it
            with suppress(StoreError):
                _stop(work, SyncStatus.INTERRUPTED, f"{work.adapter.name}: {why}")
    return await _read_agreements(work, ended)


async def _read_agreements(work: _Work, ended: SyncOutcome) -> SyncOutcome:
    """Read what is billed, where that is wanted and due; a failure costs nothing of the run. Raises: StoreError."""
    world, run, reader = work.world, work.run, work.adapter.agreements
    if reader is None:
        await work.write(lambda: forget_reading(world, run.provider))
        return ended
    is_stored = ended.status in {SyncStatus.SUCCEEDED, SyncStatus.HELD}
    if not is_stored or not await work.write(lambda: begin_reading(world, run, work.options.rules)):
        return ended
    life = asyncio.create_task(_live(work))
    error: str | None = f"{run.provider}: the reading of the agreements was told to end"
    try:
        found = await reader.read(work.progress)
        life.cancel()
        await asyncio.shield(work.write(lambda: keep_reading(world, run, found)))
        error = None
        return replace(ended, agreements=found.active)
    except (ProviderError, TurnLost) as failure:
        error = str(failure)
        logger.warning("%s; all else is stored, and what is billed stays as it was last read, if ever", error)
        return replace(ended, agreements_error=error)
    finally:
        life.cancel()
        if error:
            with suppress(StoreError):
                fail_reading(world, run, error)


async def _read_and_store(work: _Work, life: "asyncio.Task[None]") -> SyncOutcome:
    """Do one run, unless somebody else has its provider, or the provider fails. Raises: StoreError."""
    try:
        await _read(work)
        held = await _ask_for_vanished(work) if work.run.mode == SyncMode.FULL else None
        life.cancel()
        ended = outcome_of(await asyncio.shield(work.write(lambda: _conclude(work, held))))
        return replace(ended, evidence=work.evidence, warnings=work.warnings)
    except TurnLost as error:
        return replace(outcome_of(work.run), status=SyncStatus.INTERRUPTED, error=str(error))
    except ProviderError as error:
        goes_on = isinstance(error, ProviderUnavailable)
        work.run = work.run if goes_on else replace(work.run, cursor=None)
        why = str(error)
        return outcome_of(await work.write(lambda: _stop(work, SyncStatus.FAILED, why)))


async def _live(work: _Work) -> None:
    """Give signs of life while the provider is waited for."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 4)
        try:
            await work.write(lambda: stay(work.world, work.run))
        except (StoreError, TurnLost) as error:  # the next write of the run itself says what follows
            logger.info("%s: no sign of life was given: %s", work.adapter.name, error)


async def _read(work: _Work) -> None:
    """Bring in what the provider has, page by page. Raises: ProviderError, TurnLost, StoreError."""
    adapter, since = work.adapter, work.run.since
    expected = await adapter.expected(since)
    as_of = work.run.as_of or min(work.run.started_at, adapter.heard_at or work.run.started_at)
    await work.keep(Batch(), expected=expected, as_of=as_of)
    read = work.run.read
    rows = batches(
        adapter,
        lambda count: work.progress(adapter.name, count, expected),
        after=work.run.cursor,
        since=since,
        read=read,
    )
    counts: list[EvidenceCount] = []
    async for batch in rows:
        read += batch.rows
        if since is None:
            counts += await asyncio.to_thread(_counted, work.world, batch)
        await work.keep(batch, read=read, cursor=batch.cursor)
    missing = await missing_rows(adapter, read, expected, since)
    work.evidence = () if work.run.resumes else added(counts)
    work.warnings = [*([missing] if missing else []), *evidence_warnings(work.evidence)]
    for each in work.warnings:
        logger.warning("%s", each)


def _counted(world: World, batch: Batch) -> list[EvidenceCount]:
    policy = world.policy
    return count_evidence(identify(record, policy) for record in batch.records)


async def _ask_for_vanished(work: _Work) -> str | None:
    """
    Learn of every record that did not come whether it was deleted, or is only no longer selected.

    Returns why none of them may go: too many to believe, or to ask for.
    """
    missing, stored = await asyncio.to_thread(vanished, work.world, work.run)
    adapter, most = work.adapter, work.options.rules.max_lookups
    if held := too_many(work.run, len(missing), stored, work.options):
        return held
    if adapter.live and len(missing) > most and not work.options.accept_shrink:
        return (
            f"{adapter.name}: {len(missing):,} records did not come, and Sync:MaxLookups ({most:,}) allows fewer to be "
            f"asked for; they stay, all else is stored. If they are really gone: {accepting(work.run)}"
        )
    unasked = dict.fromkeys(missing[most:] if adapter.live else missing, "no longer comes")
    await work.keep(Batch(gone=unasked))
    asked = missing[:most] if adapter.live else []
    for start in range(0, len(asked), LOOKUPS):
        await work.keep(await _looked_up(work, asked, start))
    return None


async def _looked_up(work: _Work, asked: Sequence[str], start: int) -> Batch:
    """What became of some of the vanished records; one that is there after all is a record like any other."""
    rows, deleted = [], {}
    for place, record_id in enumerate(asked[start : start + LOOKUPS], start + 1):
        row = await work.adapter.one(record_id)
        if row is None:
            deleted[record_id] = "was deleted at the provider"
        else:
            rows.append(row)
        work.progress(f"{work.adapter.name}, asked for vanished records", place, len(asked))
    found = sort(work.adapter, FetchedPage(rows), every=False)
    return found._replace(gone={**found.gone, **deleted})


def _conclude(work: _Work, held: str | None) -> Run:
    world = work.world

    def progress(what: str, done: int, expected: int | None = None) -> None:
        work.progress(f"{work.adapter.name}, {what}", done, expected)

    run = conclude(world, work.run, work.adapter, work.options, held=held, progress=progress)
    if run.mode == SyncMode.FULL and run.status == SyncStatus.SUCCEEDED:
        recalibrate(world, max_change=work.options.max_change)
    return run


def _stop(work: _Work, status: SyncStatus, error: str) -> Run:
    return stop(work.world, work.run, status, error)


def outcome_of(run: Run) -> SyncOutcome:
    known = asdict(run)
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0.0
    names = SyncOutcome.__dataclass_fields__.keys() & known.keys()
    return SyncOutcome(**{name: known[name] for name in names}, seconds=seconds)
