"""The command `db`."""

import io

import pytest

from service.store.schema import REVISIONS
from tests.service.conftest import Run

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_a_backup_is_a_database_like_any_other(fleet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was copied is found in the copy, and a second copy does not overwrite the first unasked."""
    assert fleet("db", "backup", "copy.db").err.endswith("copy.db is a whole copy of samebox.db\n")
    again = fleet("db", "backup", "copy.db")
    monkeypatch.setenv("Database__Url", "sqlite:///copy.db")

    assert again.code == 1
    assert "copy.db exists; name another file, or add --force" in again.err
    assert "5CG1234ABC" in fleet("lookup", "5cg1234abc").out


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
