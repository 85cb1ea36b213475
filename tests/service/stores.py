"""
Stores for tests, closed when the module of tests that opened them is over.

A module whose tests have to hold on both databases says so in one line, `pytestmark = on_both`; each `World` is then
made on SQLite, and again on PostgreSQL, and commands work on the same. A store that is dropped while it is open leaves
its connections to the garbage collector, which warns, and here warnings are errors.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from service.core.private_files import write_private
from service.store.engine import Store, open_store
from tests.service import postgres

DATABASES = ("sqlite", "postgresql")

on_both = pytest.mark.usefixtures("database")
"""Runs a test on SQLite and on PostgreSQL (the fixture is in `conftest`)."""

_chosen = ["sqlite"]
_opened: list[Store] = []
_made: list[str] = []


@contextmanager
def made_on(database: str) -> Iterator[str]:
    """Let stores be made on one database meanwhile; skips the test where that cannot be."""
    if database == "postgresql":
        postgres.server()
    _chosen[0] = database
    try:
        yield database
    finally:
        _chosen[0] = "sqlite"


def chosen() -> str:
    """Return the database on which stores are made now."""
    return _chosen[0]


def place_in(folder: Path) -> str:
    """
    Return the address of the store of a folder: the one it has, or a new one with all tables.

    Another process that is given the folder finds the same store.
    """
    file, note = folder / "samebox.db", folder / "samebox.url"
    if note.exists():
        return note.read_text()
    if _chosen[0] == "postgresql":
        note.write_text(url := postgres.new_database())
        _made.append(url)
        return url
    if not file.exists():
        write_private(file, _new_file())
    return f"sqlite:///{file}"


@contextmanager
def copy_of(folder: Path) -> Iterator[Path]:
    """Give a folder with a copy of the store of another one, which nobody has open; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        copy, note = Path(name), folder / "samebox.url"
        if not note.exists():
            shutil.copyfile(folder / "samebox.db", copy / "samebox.db")
            yield copy
            return
        (copy / note.name).write_text(url := postgres.copied(note.read_text()))
        try:
            yield copy
        finally:
            postgres.drop_database(url)


@cache
def _new_file() -> bytes:
    """Return the file of an empty database with all tables; making it takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/new.db")
        store.make_ready()
        store.engine.dispose()
        return Path(folder, "new.db").read_bytes()


def opened(url: str) -> Store:
    """Open a store for a test."""
    store = open_store(url)
    _opened.append(store)
    return store


def close_all() -> None:
    """Close every store that tests have opened so far, and drop what was made for them on a server."""
    while _opened:
        _opened.pop().engine.dispose()
    while _made:
        postgres.drop_database(_made.pop())
