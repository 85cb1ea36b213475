"""What every command is given: the settings, the store, the clock and the source of ids."""

import gc
import getpass
import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from service.core.errors import NoStore
from service.core.settings import Settings, load_settings
from service.store.access.actors import Actor
from service.store.engine import Store, open_store
from service.store.world import World

WAITING = logging.getLogger("samebox.waiting")
"""What waits is logged: a command shows it as a line, and `serve` in its log."""

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs to read.")]


@dataclass
class Session:
    """
    One run of the command line, filled by the global options.

    `kept` is what takes long to free and may stay until the process ends.
    """

    settings_file: Path | None = None
    debug: bool = False
    kept: list[object] = field(default_factory=list)

    @cached_property
    def settings(self) -> Settings:
        """The settings in force. Raises: SettingsError."""
        return load_settings(self.settings_file, os.environ)

    def keep(self, what: object) -> None:
        """Hold something until the process ends, and spare the garbage collector looking at it."""
        self.kept.append(what)
        gc.freeze()

    @contextmanager
    def world(self, *, create: bool = False) -> Iterator[World]:
        """
        Open the store in force. A command that only reads makes none: in the wrong folder, it would find it empty.

        Args:
            create: Make the store if there is none, for a command that fills it.

        Raises:
            NoStore: There is none, and none is to be made.
            SettingsError, StoreError.
        """
        with world_of(self.settings, create=create) as world:
            yield world


@contextmanager
def world_of(settings: Settings, *, create: bool = True) -> Iterator[World]:
    """
    Open the store of some settings, and close it at the end; if there is none, it is made or refused.

    Raises: NoStore, SettingsError, StoreError.
    """
    from service.ingest.registry import policy_of  # noqa: PLC0415 - adapters take long to import, and `match` needs none

    with opened(settings) as store:
        if not create:
            require_made(store)
        store.make_ready()
        yield World(store, policy_of(settings), now, new_id, actor=Actor(login()))


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """Open a database, whatever it holds, and say so when a writer has to wait. Raises: SettingsError."""
    store = open_store(settings.database.url, tell_wait)
    try:
        yield store
    finally:
        store.engine.dispose()


def require_made(store: Store) -> None:
    """Require that there is a store; the question makes none. Raises: NoStore, StoreError."""
    if not store.is_made():
        place = store.file.resolve() if store.file else store.name
        raise NoStore(
            f"there is no store at {place} (Database:Url); `samebox sync` or `samebox import FILE` makes one, and "
            "`samebox demo` makes one to try"
        )


def tell_wait(seconds: float) -> None:
    """Say that another writer has the database: a sync of a large fleet writes for seconds."""
    WAITING.warning("another writer has the database; waiting up to %.0f s; Ctrl-C ends", seconds)


def session_of(context: typer.Context) -> Session:
    """Return the session of this run."""
    return context.ensure_object(Session)


def login() -> str:
    """Return the name of the log-in; a container's user may have none."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "someone on this machine"


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return a UUID that sorts by the time of its making (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    number = milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    return str(UUID(int=number))
