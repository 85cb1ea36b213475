"""The runs of syncs and imports, as people and programs see them."""

from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from service.core.errors import NotFound
from service.core.paging import FIRST_PAGE, Page, PageRequest, unknown_cursor
from service.ingest.registry import SETTINGS
from service.store.ingested import known_names, syncs
from service.store.ingested.syncs import SYNCS, Run, RunPlace, SyncMode, SyncStatus
from service.store.world import World

RUNS = "syncs"
"""The list of runs, in cursors."""


class SyncView(BaseModel):
    """One run: what was asked for, how it ended, what became of the rows."""

    id: str = Field(description="The run's id.", examples=["0192f0c4-51aa-7d02-8f77-1b2a3c4d5e6f"])
    provider: str = Field(description="Whose records; `import` for files of several providers.", examples=["cw_manage"])
    mode: SyncMode = Field(description="How records were to be brought in.", examples=["full"])
    status: SyncStatus = Field(description="How far it is, or how it ended.", examples=["running"])
    started_at: datetime = Field(description="When it began, UTC.")
    finished_at: datetime | None = Field(
        description="When it ended; null while it runs.", examples=["2026-11-20T08:03:20Z"]
    )
    since: datetime | None = Field(
        description="An incremental sync asked for rows that changed after it.", examples=["2026-11-20T07:00:00Z"]
    )
    resumes: str | None = Field(
        description="The interrupted sync whose rows this one goes on from.", examples=["0192f0c4"]
    )
    expected: int | None = Field(description="Rows that the provider announced, if it does.", examples=[64000])
    read: int = Field(description="Rows read so far.", examples=[64000])
    new: int = Field(description="Records that came for the first time.", examples=[12])
    changed: int = Field(description="Records that came with other values.", examples=[340])
    same: int = Field(description="Records that came as they were.", examples=[63648])
    gone: int = Field(description="Records removed.", examples=[3])
    quarantined: int = Field(description="Rows that could not be read or stored.", examples=[0])
    error: str | None = Field(
        description="Why it failed, was interrupted, or is held.", examples=["cw_manage: answered 503"]
    )
    by: str | None = Field(
        description="Who began it: the name of a key or of a user; null for runs of old versions.", examples=["anna"]
    )
    key_id: str | None = Field(description="The id of that key; null where none was shown.", examples=["k7Qm2xVb"])

    @property
    def seconds(self) -> float | None:
        """How long it took, None while it runs."""
        return round((self.finished_at - self.started_at).total_seconds(), 2) if self.finished_at else None


def sync_run(world: World, run_id: str) -> SyncView:
    """Return one run. Raises: NotFound."""
    with world.store.reading() as connection:
        run = syncs.find(connection, run_id)
    if run is None:
        raise NotFound(f"no sync {run_id[:100]!r}")
    return shown(run)


def sync_runs(world: World, page: PageRequest = FIRST_PAGE, *, provider: str | None = None) -> Page[SyncView]:
    """
    Return a page of runs, of one provider or of all, the latest first.

    Raises:
        UnknownCursor: No page of this list ended with the cursor.
        UnknownValue: The provider is not known.
    """
    start = _start(page)
    with world.store.reading() as connection:
        runs = syncs.page(connection, start, page.limit + 1, provider)
        if not runs and provider not in {syncs.IMPORT, *SETTINGS}:  # one of ours may not have been synced yet
            known_names.require_provider(connection, provider)
    found = [shown(run) for run in runs[: page.limit]]
    return page.page(RUNS, found, lambda view: (view.started_at.isoformat(), view.id), is_last=len(runs) <= page.limit)


def latest_runs(world: World) -> list[SyncView]:
    """Return the last run of each provider that was ever synced, in order of name."""
    with world.store.reading() as connection:
        statuses, modes = tuple(SyncStatus), SYNCS
        found = [syncs.latest(connection, name, statuses, modes) for name in syncs.providers(connection)]
    return [shown(run) for run in found if run]


def held_back(world: World) -> list[SyncView]:
    """Return the syncs whose removals wait for a person, one a provider."""
    with world.store.reading() as connection:
        found = [held_run(connection, name) for name in syncs.providers(connection)]
    return [shown(run) for run in found if run]


def held_run(connection: Connection, provider: str) -> Run | None:
    """Return the last sync of a provider that was held, unless a later full one was let through."""
    held = syncs.latest(connection, provider, (SyncStatus.HELD,), SYNCS)
    full = syncs.latest(connection, provider, (SyncStatus.SUCCEEDED,), (SyncMode.FULL,))
    return held if held and not (full and _began(full) > _began(held)) else None


def _began(run: Run) -> tuple[datetime, str]:
    return run.started_at, run.id


def _start(page: PageRequest) -> RunPlace | None:
    place = page.after(RUNS, str, str)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]), place[1]
    except ValueError:
        raise unknown_cursor() from None


def shown(run: Run) -> SyncView:
    """Return a run as it is shown and sent."""
    return SyncView.model_validate(run, from_attributes=True)
