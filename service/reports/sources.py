"""How fresh and complete the feeds are that a report rests on: a number from a late or held feed is marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field
from sqlalchemy import Connection

from matching.codes import Code
from service.reports.rules import FeedRole, ReportRules
from service.store.access.visibility import Visibility
from service.store.ingested import syncs
from service.store.ingested.syncs import SYNCS, SyncMode, SyncStatus
from service.store.resolved import counts, visible
from service.store.world import World
from service.syncs.synclog import held_run

ENDED = (SyncStatus.SUCCEEDED, SyncStatus.FAILED, SyncStatus.HELD, SyncStatus.INTERRUPTED)


class FeedState(Code):
    """Whether what a provider lists can be relied on."""

    CURRENT = "current", "current", "It was read lately, and whole."
    LATE = "late", "late", "It was last read longer ago than `Reports:LateFeedHours` says."
    HELD = "held", "held", "Its last run would have removed too many records, and waits for a person."
    EMPTY = "empty", "empty", "It lists nothing: a feed that did not come, not a fleet that is gone."
    FAILING = "failing", "failing", "Its last run failed or was interrupted; what it listed before stands."


@dataclass(frozen=True)
class FeedSource:
    """A provider, and the run from which what it lists was made."""

    provider: Annotated[str, Field(description="The provider.", examples=["cw_rmm"])]
    role: Annotated[FeedRole, Field(description="What it is for.")]
    state: Annotated[FeedState, Field(description="Whether what it lists can be relied on.")]
    records: Annotated[int, Field(description="Records that it lists.", examples=[1200])]
    read_at: Annotated[
        datetime | None,
        Field(
            description="When its last run that succeeded ended; null for one that is pushed or imported.",
            examples=["2026-11-23T12:00:00Z"],
        ),
    ]
    sync_id: Annotated[str | None, Field(description="That run.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])]

    @property
    def is_reliable(self) -> bool:
        """Whether a number may rest on it without a mark."""
        return self.state is FeedState.CURRENT

    @property
    def sentence(self) -> str:
        """Say how fresh it is."""
        when = f", last read {self.read_at:%Y-%m-%d %H:%M} UTC" if self.read_at else ""
        return f"{self.provider} ({self.role.label}): {self.records:,} records{when}, {self.state.label}"


def feed_sources(world: World, rules: ReportRules) -> dict[str, FeedSource]:
    """Return the providers by name, each with how fresh and complete what it listed is. Raises: StoreError."""
    with world.store.reading() as connection:
        return {each.provider: each for each in sources(connection, rules, world.now(), world.visibility)}


def sources(
    connection: Connection, rules: ReportRules, now: datetime, visibility: Visibility | None
) -> Iterator[FeedSource]:
    """
    Yield the providers in order of name.

    Whoever may see some records is told how many of these each provider lists, and nothing of its runs.
    """
    if visibility is not None:
        seen = visible.counts(connection, visibility)
        for provider in sorted({each.provider for each in visibility.customers}):
            state = FeedState.CURRENT if seen.get(provider) else FeedState.EMPTY
            yield FeedSource(provider, rules.role(provider), state, seen.get(provider, 0), None, None)
        return
    records = counts.records(connection)
    for provider in sorted({*records, *syncs.providers(connection)}):
        yield _source(connection, rules, now, provider, records.get(provider, 0))


def _source(connection: Connection, rules: ReportRules, now: datetime, provider: str, records: int) -> FeedSource:
    modes = (*SYNCS, SyncMode.FEED)
    done = syncs.latest(connection, provider, (SyncStatus.SUCCEEDED, SyncStatus.HELD), modes)
    last = syncs.latest(connection, provider, ENDED, modes)
    read_at = done.finished_at if done else None
    state = FeedState.CURRENT
    if not records:
        state = FeedState.EMPTY
    elif held_run(connection, provider):
        state = FeedState.HELD
    elif last and last.status is not SyncStatus.SUCCEEDED:
        state = FeedState.FAILING
    elif read_at and read_at < now - timedelta(hours=rules.late_feed_hours):
        state = FeedState.LATE
    return FeedSource(provider, rules.role(provider), state, records, read_at, done.id if done else None)
