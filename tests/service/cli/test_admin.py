"""The command `db`."""

import io
import os
import re
import sqlite3
from pathlib import Path

import pytest

from service.store.schema import REVISIONS
from tests.service.conftest import Run, mode_of
from tests.service.sandbox import Sandbox, record
from tests.service.stores import made_on, on_both, place_in
from tests.service.upgrades.former import mark

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_a_backup_is_a_database_like_any_other(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was copied is found in the copy, and a second copy does not overwrite the first unasked."""
    assert fleet("db", "backup", "copy.db").err.endswith("copy.db is a whole copy of samebox.db\n")
    again = fleet("db", "backup", "copy.db")
    monkeypatch.setenv("Database__Url", "sqlite:///copy.db")

    assert again.code == 1
    assert "copy.db exists; name another file, or add --force" in again.err
    assert "5CG1234ABC" in fleet("lookup", "5cg1234abc").out


def copies(folder: Path) -> list[Path]:
    """Return the copies that upgrades made beside the database."""
    return sorted(folder.glob("samebox-*.db"))


@pytest.mark.usefixtures("no_umask")
def test_an_upgrade_copies_the_database_first(fleet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy has the old revision in its name and its tables, can be upgraded itself, and is its owner's alone."""
    fleet("db", "downgrade", "0009", "--yes")
    upgraded = fleet("db", "upgrade")
    [copy] = copies(tmp_path)
    revision = sqlite3.connect(copy)
    was = revision.execute("SELECT version_num FROM alembic_version").fetchall()
    revision.close()

    assert re.fullmatch(r"samebox-0009-\d{8}T\d{6}Z\.db", copy.name)
    assert (upgraded.code, was, mode_of(copy)) == (0, [("0009",)], 0o600)
    assert f"{copy.name} is a whole copy of samebox.db as it was, at revision 0009\n" in upgraded.err
    found = fleet("lookup", "5cg1234abc").out
    monkeypatch.setenv("Database__Url", f"sqlite:///{copy}")
    assert "run: samebox db upgrade" in fleet("lookup", "5cg1234abc").err
    assert fleet("db", "upgrade", "--no-backup").code == 0
    assert fleet("lookup", "5cg1234abc").out == found
    assert copies(tmp_path) == [copy]


def test_an_upgrade_with_nothing_to_do_or_to_lose_copies_nothing(run: Run, tmp_path: Path) -> None:
    """A new database holds nothing, one that is up to date stays as it is."""
    for _ in range(2):
        assert run("db", "upgrade") == (0, "", "samebox: samebox.db is up to date\n")

    assert copies(tmp_path) == []


def test_other_rules_are_an_upgrade_as_well(fleet: Run, tmp_path: Path) -> None:
    """Search terms, blocking keys and devices change by it, though the tables stay."""
    mark(Sandbox(tmp_path), "engine = 1, defaults = ''")

    assert fleet("db", "upgrade").code == 0
    assert [copy.name[:13] for copy in copies(tmp_path)] == [f"samebox-{REVISIONS[-1]}-"]


def test_a_copy_that_fails_stops_the_upgrade(run: Run, tmp_path: Path) -> None:
    """The operator learns why, and how to go on without; nothing has changed, and no half of a copy is left."""
    world = Sandbox(tmp_path)
    world.take_in(*(record(f"a:{n}", odd="x" * 100_000) for n in range(40)))
    world.store.downgrade("0009")
    world.store.engine.dispose()
    content = bytearray(world.file.read_bytes())
    content[4096 * 50 : 4096 * 400] = os.urandom(4096 * 350)
    world.file.write_bytes(content)
    refused = run("db", "upgrade")

    assert refused.code == 1
    assert "samebox: samebox.db is damaged, and so is the copy: " in refused.err
    assert refused.err.endswith(". Nothing is upgraded; --no-backup upgrades without a copy\n")
    assert "run: samebox db upgrade" in run("syncs").err
    assert copies(tmp_path) == []


@on_both
@pytest.mark.parametrize(
    "command",
    ["lookup x", "serve", "check", "db upgrade", "db backup copy.db", "db downgrade 0001 --yes", "keys list", "syncs"],
)
def test_a_database_of_a_newer_version_is_refused_by_all_that_open_it(command: str, run: Run, tmp_path: Path) -> None:
    """An older program would misread the tables: it names both revisions, and what to do."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    refused = run(*command.split())

    said = " ".join((refused.err + refused.out).split())  # what is wrong is the result of `check`
    assert refused.code == 1
    assert f"at revision 9999, are newer than this program, which knows {REVISIONS[-1]} at the most" in said
    assert "install a newer samebox" in said


def test_postgresql_is_upgraded_without_a_copy(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its backups are the server's, and the command says so."""
    with made_on("postgresql"):
        monkeypatch.setenv("Database__Url", place_in(tmp_path))
        mark(Sandbox(tmp_path), "engine = 1, defaults = ''")
        upgraded = run("db", "upgrade")

    assert upgraded.code == 0
    assert "is not copied before its upgrade: PostgreSQL makes its own backups\n" in upgraded.err


def test_the_tables_go_back_a_version_only_when_that_is_confirmed(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the older tables do not hold is lost, so it is asked for; the way back up is told."""
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert fleet("db", "downgrade", "0001").code == 1
    unknown = fleet("db", "downgrade", "0999", "--yes").err
    assert unknown == f"samebox: no revision '0999'; there are base, {', '.join(REVISIONS)}\n"
    assert REVISIONS[:2] == ("0001", "0002")
    assert fleet("lookup", "5cg1234abc").code == 0

    assert fleet("db", "downgrade", "0001", "--yes").code == 0
    assert "run: samebox db upgrade" in fleet("lookup", "5cg1234abc").err
    assert fleet("db", "upgrade").code == 0
    assert fleet("lookup", "5cg1234abc").code == 0
