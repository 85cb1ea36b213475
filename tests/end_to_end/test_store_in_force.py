"""Commands and the store in force: those that read make none, and those that write wait for their turn."""

import threading
from pathlib import Path

import pytest

from service.store.engine import open_store
from tests.end_to_end.commands import PATIENCE, rest_of, start
from tests.service.conftest import RECORDS, ndjson

READING = [
    "devices",
    "lookup x",
    "explain a:1 b:2",
    "history x",
    "report duplicates",
    "changes",
    "reviews",
    "decisions",
    "syncs",
    "quarantine",
    "keys list",
    "decide revoke x --why y",
    "db backup copy.db",
    "db downgrade base --yes",
]


@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_makes_no_store(command: str, tmp_path: Path) -> None:
    """In the wrong folder it says where it looked and what makes a store, and no file appears."""
    process = start(tmp_path, *command.split())
    shown, said = process.communicate(timeout=PATIENCE)

    assert (process.returncode, shown) == (1, "")
    assert said == (
        f"samebox: there is no store at {tmp_path.resolve()}/samebox.db (Database:Url); `samebox sync` or `samebox "
        "import FILE` makes one, and `samebox demo` makes one to try\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_holds_nothing_is_no_store(tmp_path: Path) -> None:
    """Somebody made it with `touch`; it stays empty."""
    (tmp_path / "samebox.db").touch()
    process = start(tmp_path, "syncs")
    _, said = process.communicate(timeout=PATIENCE)

    assert (process.returncode, said.startswith("samebox: there is no store at ")) == (1, True)
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir()] == [("samebox.db", 0)]


def test_a_command_that_waits_for_another_writer_says_so(tmp_path: Path) -> None:
    """The other one goes on until the line is there; then the command does its work."""
    store = open_store(f"sqlite:///{tmp_path}/samebox.db")
    store.make_ready()
    with store.writing():
        process = start(tmp_path, "import", ndjson(tmp_path / "feed.ndjson", *RECORDS))
        hanging = threading.Timer(PATIENCE, process.kill)
        hanging.start()
        assert process.stderr
        said = process.stderr.readline()
    rest_of(process)
    hanging.cancel()
    store.engine.dispose()

    assert said == "samebox: another writer has the database; waiting up to 30 s; Ctrl-C ends\n"
    assert process.returncode == 0
    assert process.stdout
    process.stdout.close()
    process.stderr.close()
