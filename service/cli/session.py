"""What every command is given: the settings, the store, the clock and the source of ids."""

import gc
import getpass
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

from service.core.settings import Settings, load_settings
from service.store.access.actors import Actor
from service.store.engine import open_store
from service.store.world import World

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
    def world(self) -> Iterator[World]:
        """Open the database in force, made if it is not there. Raises: SettingsError, StoreError."""
        with world_of(self.settings) as world:
            yield world


@contextmanager
def world_of(settings: Settings) -> Iterator[World]:
    """
    Open the database of some settings, make its tables if it is new, and close it at the end.

    Raises: SettingsError, StoreError.
    """
    from service.ingest.registry import policy_of  # noqa: PLC0415 - adapters take long to import, and `match` needs none

    store = open_store(settings.database.url)
    try:
        store.make_ready()
        yield World(store, policy_of(settings), now, new_id, actor=Actor(login()))
    finally:
        store.engine.dispose()


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
