"""What every command is given: settings, a database, who is logged in, and ids."""

import time
from datetime import timedelta
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest

from service.cli.session import login, new_id, world_of
from service.core.settings import DatabaseSettings, Settings
from service.reports.summary import summary
from tests.service.conftest import Run

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_every_wrong_setting_is_a_line(run: Run, tmp_path: Path) -> None:
    """Key, what is wrong and an example; exit code 1 and no trace."""
    (tmp_path / "appsettings.json").write_text('{"Databse": {}, "Server": {"Port": "many"}}')
    ran = run("check")

    assert ran.code == 1
    assert ran.out == ""
    assert {line.split()[1] for line in ran.err.splitlines()} == {"Databse", "Server:Port"}
    assert all(line.startswith("samebox: ") for line in ran.err.splitlines())


def test_the_settings_file_can_be_named(run: Run, tmp_path: Path) -> None:
    """`--settings` stands before the command; a missing file is told."""
    (tmp_path / "other.json").write_text('{"Database": {"Url": "sqlite:///elsewhere.db"}}')
    upgraded, missing = run("--settings", "other.json", "db", "upgrade"), run("--settings", "none.json", "check")

    assert upgraded.code == 0
    assert (tmp_path / "elsewhere.db").exists()
    assert (missing.code, missing.err) == (1, "samebox: none.json: cannot be read: No such file or directory\n")


def test_a_database_of_another_kind_is_refused_in_a_line(run: Run, tmp_path: Path) -> None:
    """What is wrong and where to look."""
    (tmp_path / "samebox.db").write_bytes(b"this is no database, whatever its name says" * 100)
    ran = run("lookup", "x")

    assert ran.code == 1
    assert ran.err == "samebox: database: samebox.db is no SQLite database; look at Database:Url\n"


def test_a_new_database_is_made_with_its_tables(tmp_path: Path) -> None:
    """The first command needs no other before it; its clock is UTC."""
    settings = Settings(database=DatabaseSettings(url=f"sqlite:///{tmp_path}/new.db"))
    with world_of(settings) as world:
        assert summary(world).devices == 0
        assert world.now().utcoffset() == timedelta(0)

    assert (tmp_path / "new.db").exists()


def test_ids_are_uuids_that_hold_the_time() -> None:
    """RFC 9562, version 7: the milliseconds since 1970 come first, so that ids sort by time; no two are the same."""
    ids = [UUID(new_id()) for _ in range(100)]

    assert len(set(ids)) == 100
    assert {(each.version, each.variant) for each in ids} == {(7, RFC_4122)}
    assert abs((ids[0].int >> 80) - time.time_ns() // 1_000_000) < 3_600_000  # within the hour: clocks may be set


def test_a_user_without_a_name_is_called_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container runs under a number that no list of users knows; decisions name it all the same."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 987654321)

    assert login() == "user 987654321"
