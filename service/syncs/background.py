"""Background syncs of the service. When the service ends, they end as interrupted, and the next sync continues them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread
from typing import Any, NamedTuple

from service.core.errors import ServiceError, Unprocessable
from service.core.settings import Settings
from service.ingest.registry import SETTINGS, adapters
from service.store.world import World
from service.syncs.runs import SyncOptions, begin
from service.syncs.syncing import carry_out

logger = logging.getLogger(__name__)


class Prepared(NamedTuple):
    """Runs that are noted: their ids, and what lets them work once the note is stored."""

    ids: list[str]
    launch: Callable[[], None]


class Background:
    """One thread, made when it is first needed, in which syncs run."""

    def __init__(self, world: World, settings: Settings) -> None:
        self._world, self._settings = world, settings
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def providers(self) -> list[str]:
        """The providers that are configured, which can be synced."""
        return [each.name for each in adapters(self._settings)]

    def prepare(self, world: World, providers: Sequence[str], options: SyncOptions) -> "Prepared":
        """
        Note a run for each of these providers, or for all that are configured; none works before it is launched.

        Args:
            world: Where the runs are noted: in its transaction, where it is within one.
            providers: Names of providers; all that are configured where there is none.
            options: What is asked of the syncs.

        Raises:
            Unprocessable: A name that is no provider, or one that is not configured.
            Busy: One of them is being synced; then none is begun.
            StoreError: The database failed.
        """
        chosen = adapters(self._settings, providers)
        if not chosen:
            raise Unprocessable(f"no provider is configured; set one of {', '.join(SETTINGS.values())}")
        runs = begin(world, chosen, options)

        def launch() -> None:
            work = carry_out(self._world.acting(world.actor), list(zip(chosen, runs, strict=True)), options)
            asyncio.run_coroutine_threadsafe(work, self._running()).add_done_callback(_tell)

        return Prepared([run.id for run in runs], launch)

    def stop(self, patience: float) -> None:
        """End what runs, as interrupted; give up after `patience` seconds: the next sync then finds it so."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop:
            with suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(_end_all(), loop).result(patience)
            loop.call_soon_threadsafe(loop.stop)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                Thread(target=_run, args=(self._loop,), name="syncs", daemon=True).start()
            return self._loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _end_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _tell(done: "Future[Any]") -> None:
    """A run's row says what became of it, unless it is the database that failed."""
    if not done.cancelled() and (error := done.exception()):
        if not isinstance(error, ServiceError):
            raise error
        logger.error("a sync ended: %s", error)
