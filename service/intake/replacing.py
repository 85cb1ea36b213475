"""Replace all records of a provider by a feed that is sent as a whole: all of it is stored, or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from matching.records import PROVIDER_RULE, is_provider_name
from service.core.errors import BadRequest, FeedHeld, ServiceError, Unparsable
from service.ingest.admission import Inadmissible, Rejection, admit
from service.resolution.applying import apply
from service.resolution.recalibration import MAX_CHANGE, recalibrate
from service.store.ingested import records, syncs
from service.store.ingested.records import Entry
from service.store.ingested.syncs import Run, SyncMode, SyncStatus
from service.store.resolved import changes
from service.store.world import World
from service.syncs.concluding import shrinks_too_much
from service.syncs.runs import require_free

MOST_NAMED = 100
"""Rows of a refused feed that are named one by one."""

GONE = "is no longer in its feed"


class FeedRefused(ServiceError):
    """Rows of a feed that cannot be stored, the first of them by place; nothing was stored."""

    status = 422

    def __init__(self, refused: int, wrong: Sequence["WrongRow"]) -> None:
        super().__init__(f"{refused:,} rows of the feed cannot be stored, so nothing was; `errors` names the first")
        self.wrong = wrong


class WrongRow(NamedTuple):
    """A row of a feed that cannot be stored: its place, counted from 0, a JSON Pointer into it, and the reason."""

    place: int
    pointer: str
    reason: str


@dataclass(frozen=True)
class WholeFeed:
    """All records of a provider."""

    provider: str
    entries: list[Entry]


@dataclass(frozen=True)
class Replaced:
    """The run that replaced a feed, and the number of the last change of the change feed when all was stored."""

    run: Run
    seq: int


@dataclass(frozen=True)
class FeedRules:
    """How much a feed may remove, and how many devices a calibration after it may change (`core.settings`)."""

    max_shrink: float
    accept_shrink: bool = False
    max_change: float = MAX_CHANGE


def read_feed(provider: str, raws: Iterable[object]) -> WholeFeed:
    """
    Read the rows of a provider's feed; a row may leave the provider out.

    Raises:
        BadRequest: No provider may have that name.
        FeedRefused: A row cannot be stored.
    """
    if not is_provider_name(provider):
        raise BadRequest(PROVIDER_RULE)
    entries: list[Entry] = []
    wrong: list[WrongRow] = []
    refused = 0
    for place, raw in enumerate(raws):
        try:
            entries.append(_entry(provider, raw))
        except Inadmissible as error:
            refused += 1
            if refused <= MOST_NAMED:
                wrong.append(WrongRow(place, error.pointer, error.reason))
    if wrong:
        raise FeedRefused(refused, wrong)
    return WholeFeed(provider, entries)


def replace_feed(world: World, feed: WholeFeed, rules: FeedRules) -> Replaced:
    """
    Store the records of a feed, and remove those of its provider that it does not hold.

    Of rows with one key the later stands (`matching.records.latest`).

    Raises:
        Busy: The provider is being synced.
        FeedHeld: It would remove too many records; nothing was stored.
        StoreError: The database failed; nothing was stored.
    """
    started = world.now()
    with world.store.writing() as connection:
        require_free(connection, feed.provider, started, world.processes)
        run = Run(world.new_id(), feed.provider, SyncMode.FEED, SyncStatus.SUCCEEDED, started)
        context = world.change(connection, {"sync": run.id, "provider": feed.provider})
        came = records.standing(feed.entries, context.at)
        known = records.keys_of(connection, feed.provider)
        gone = sorted(known - came.keys())
        _require_no_shrink(feed.provider, len(gone), len(known), rules)
        upserted = apply(connection, list(came.values()), context).upserted
        # what is gone comes after what came, because a device outlives a record
        apply(connection, (), world.change(connection, {**(context.cause or {}), "gone": GONE}), gone=gone)
        run = replace(
            run,
            finished_at=world.now(),
            read=len(feed.entries),
            new=len(upserted.new),
            changed=len(upserted.changed),
            same=len(upserted.same),
            gone=len(gone),
        )
        syncs.add(connection, run)
    recalibrate(world, max_change=rules.max_change)
    with world.store.reading() as connection:
        return Replaced(run, changes.last(connection))


def _require_no_shrink(provider: str, lost: int, stored: int, rules: FeedRules) -> None:
    if rules.accept_shrink or not (shrinks_too_much(lost, stored, rules.max_shrink) or (lost and lost == stored)):
        return
    raise FeedHeld(
        f"{provider}: the feed would remove {lost:,} of {stored:,} records, more than Sync:MaxShrink"
        f" ({rules.max_shrink:g}) allows, or all of them; nothing was stored. If they are really gone, send it again"
        " with accept_shrink=true",
        would_remove=lost,
        stored=stored,
    )


def _entry(provider: str, raw: object) -> Entry:
    """Return a row as it can be stored. Raises: Inadmissible."""
    if isinstance(raw, Mapping):
        raw = {"provider": provider, **raw}
    record = admit(raw).record
    if record["provider"] != provider:
        raise Inadmissible("/provider", f"a record of another provider than {provider}", Rejection.INVALID)
    try:
        return records.entry(record)
    except Unparsable as error:
        raise Inadmissible("", error.reason, Rejection.TOO_LARGE) from None
