"""What every command is given: settings, a database, who is logged in, and ids."""

from pathlib import Path

import pytest

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
