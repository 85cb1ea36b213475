"""The end of a sync: what has arrived becomes records and devices, in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from matching.model import Key
from service.core.errors import ProviderChanged, Unparsable
from service.core.progress import Progress, silent
from service.ingest.protocol import Adapter, Batch
from service.resolution.applying import apply
from service.store.database.canonical_json import canonical_json
from service.store.ingested import arrivals, leases, quarantine, records, syncs
from service.store.ingested.arrivals import Arrival
from service.store.ingested.quarantine import Unread
from service.store.ingested.records import Entry
from service.store.ingested.syncs import Run, SyncMode, SyncStatus
from service.store.world import World
from service.syncs.retention import forget_old
from service.syncs.runs import SyncOptions, require_turn

FEWEST_LOST = 5
"""Records whose loss holds a sync back, at the least: in a small fleet every device is a large share."""


@dataclass(frozen=True)
class Intake:
    """Rows as they came: those that can be stored, one a key; those that cannot; and the ends of records, with why."""

    entries: Mapping[Key, Entry]
    unread: Sequence[Unread]
    gone: Mapping[Key, str]


def arrived(batch: Batch, provider: str) -> list[Arrival]:
    """Return the rows of a page as they are kept until the end; what cannot be stored counts as what cannot be read."""
    unread = [Unread(*row) for row in batch.quarantined]
    found = []
    for record in batch.records:
        try:
            found.append(Arrival(record["id"], records.entry(record).payload))
        except Unparsable as error:
            unread.append(Unread(provider, error.record_id, error.reason, None))
    found += [Arrival(row.record_id, quarantine.payload_of(row), reason=row.reason) for row in unread]
    return found + [Arrival(record_id, canonical_json(None), gone=why) for record_id, why in batch.gone.items()]


def vanished(world: World, run: Run) -> tuple[list[str], int]:
    """
    Return the ids of stored records that a complete sweep did not bring, and how many are stored.

    A row that cannot be read has not vanished; one without an id may be any of them, so then none has.

    Raises:
        ProviderChanged: No record came where some are stored: that is taken for a fault.
        StoreError: The database failed.
    """
    with world.store.reading() as connection:
        known = records.keys_of(connection, run.provider)
        came = _intake(connection, run, world.now())
    if known and not came.entries:
        raise ProviderChanged(run.provider, f"no record came where {len(known)} are stored; nothing was removed")
    if any(not row.record_id for row in came.unread):
        return [], len(known)
    unread = {Key(run.provider, row.record_id) for row in came.unread}
    return sorted(key.id for key in known - came.entries.keys() - unread - came.gone.keys()), len(known)


def too_many(run: Run, lost: int, stored: int, options: SyncOptions) -> str | None:
    """Why so many records must not go without a person's word; None if they may."""
    share = options.rules.max_shrink
    if options.accept_shrink or not shrinks_too_much(lost, stored, share):
        return None
    return (
        f"{run.provider}: would lose {lost:,} of {stored:,} records, more than Sync:MaxShrink ({share:g}) allows; "
        f"they stay, all else is stored. If they are really gone: {accepting(run)}"
    )


def shrinks_too_much(lost: int, stored: int, share: float) -> bool:
    """Whether the loss of so many of a provider's stored records waits for a person's word."""
    return lost >= FEWEST_LOST and lost > share * stored


def accepting(run: Run) -> str:
    """Return the command by which a person lets a sync through that is held."""
    return f"samebox sync --accept-shrink {run.provider}"


def conclude(  # noqa: PLR0913 - a run, what was asked of it, and who is shown it
    world: World,
    run: Run,
    adapter: Adapter,
    options: SyncOptions,
    *,
    held: str | None = None,
    progress: Progress = silent,
) -> Run:
    """
    Turn what has arrived into records, bring the devices up to date, and end the run; `held`: why none may go.

    `progress` is called with the records resolved so far, where all are.

    Raises:
        TurnLost: Another run has the provider; nothing was stored.
        StoreError: The database failed; nothing was stored.
    """
    with world.store.writing() as connection:
        require_turn(connection, run, world.now())
        cause = {"sync": run.id, "provider": run.provider}
        context = world.change(connection, cause)
        came = _intake(connection, run, context.at)
        known = records.keys_of(connection, run.provider)
        gone = {key: why for key, why in came.gone.items() if key in known and key not in came.entries}
        held = held or too_many(run, len(gone), len(known), options)
        entries, unread = _with_quarantined(connection, run, came, adapter)
        quarantine.replace(connection, run.provider, unread, world.now())
        applied = apply(connection, list(entries.values()), context, progress=progress)
        # what is gone comes after what came, because a device outlives a record
        for why, keys in sorted(_by_reason({} if held else gone).items()):
            apply(connection, (), world.change(connection, {**cause, "gone": why}), gone=keys)
        arrivals.drop(connection, run.provider)
        leases.release(connection, run.id)
        ended = replace(
            run,
            status=SyncStatus.HELD if held else SyncStatus.SUCCEEDED,
            finished_at=world.now(),
            cursor=None,
            new=len(applied.upserted.new),
            changed=len(applied.upserted.changed),
            same=len(applied.upserted.same),
            gone=0 if held else len(gone),
            quarantined=len(came.unread),
            error=held,
        )
        syncs.update(connection, ended)
        forget_old(connection, options.rules, ended.finished_at or context.at)
        return ended


def _intake(connection: Connection, run: Run, at: datetime) -> Intake:
    entries: list[Entry] = []
    unread: list[Unread] = []
    gone: dict[Key, str] = {}
    for each in arrivals.read(connection, run.id):
        if each.reason is not None:
            unread.append(Unread(run.provider, each.record_id, each.reason, json.loads(each.payload)))
        elif each.gone is not None:
            gone[Key(run.provider, each.record_id)] = each.gone
        else:
            entries.append(records.entry(json.loads(each.payload)))
    return Intake(records.standing(entries, at), unread, gone)


def _by_reason(gone: Mapping[Key, str]) -> dict[str, list[Key]]:
    reasons: dict[str, list[Key]] = {}
    for key in sorted(gone):
        reasons.setdefault(gone[key], []).append(key)
    return reasons


def _with_quarantined(
    connection: Connection, run: Run, came: Intake, adapter: Adapter
) -> tuple[dict[Key, Entry], list[Unread]]:
    """
    What came, and after an incremental sync the quarantined rows that it did not bring: each is read once more.

    One that can be read by now, because the program has learnt it, is a record like any other.
    """
    entries, unread = dict(came.entries), list(came.unread)
    if run.mode == SyncMode.FULL:
        return entries, unread
    ids = {key.id for key in (*came.entries, *came.gone)} | {row.record_id for row in came.unread}
    for row in quarantine.of(connection, run.provider):
        if row.record_id in ids - {""}:
            continue
        entry = _read_again(row, adapter)
        if entry is None:
            unread.append(row)
        else:
            entries.setdefault(entry.key, entry)
    return entries, unread


def _read_again(row: Unread, adapter: Adapter) -> Entry | None:
    if not isinstance(row.payload, dict) or adapter.unselected(row.payload):
        return None
    try:
        return records.entry(adapter.parse(row.payload))
    except Unparsable:
        return None
