"""The command `demo`, without serving; `tests/end_to_end/test_demo.py` has it whole."""

from pathlib import Path

import pytest

from tests.service.conftest import Run

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_the_database_of_the_demo_answers_other_commands(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The reports that it writes are those of its database, in the folder that was named."""
    ran = run("demo", "--no-serve", "--keep", "kept")
    monkeypatch.setenv("Database__Url", "sqlite:///kept/demo.db")

    assert ran.code == 0, ran.err
    assert "The database is kept/demo.db" in ran.out
    assert run("report", "duplicates").out == (tmp_path / "kept" / "reports" / "duplicates.csv").read_bytes().decode()
    assert run("lookup", "4711", "--kind", "cw_manage_device_id").code == 0


def test_a_folder_that_cannot_be_made_is_named(run: Run, tmp_path: Path) -> None:
    """One line that says what to give instead, and no report of anything."""
    (tmp_path / "taken").write_text("a file")
    ran = run("demo", "--no-serve", "--keep", "taken/inside")

    assert (ran.code, ran.out) == (1, "")
    assert "samebox: the folder taken/inside cannot be made: Not a directory; name another with --keep\n" in ran.err
