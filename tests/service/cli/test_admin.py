"""The commands `keys` and `db`."""

import io
import json

import pytest

from service.store.schema import REVISIONS
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_a_key_is_shown_once_and_can_be_revoked(run: Run) -> None:
    """The token stands alone on standard output, and nothing shows it again."""
    made = run("keys", "create", "helpdesk")
    [key] = json.loads(run("keys", "list", "--json").out)
    listed = run("keys", "list")
    revoked, again = run("keys", "revoke", key["id"]), run("keys", "revoke", key["id"])
    token = made.out.strip()

    assert token.startswith("sbx_")
    assert made.out == f"{token}\n"
    assert "shown once" in made.err
    assert token not in made.err + listed.out + json.dumps(key)
    assert (key["name"], key["revoked_at"]) == ("helpdesk", None)
    assert "helpdesk" in listed.out
    assert (revoked.code, again.code) == (0, 1)


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


def test_a_store_without_keys_says_how_to_make_one(run: Run) -> None:
    """Standard output is empty, for a program as an empty list."""
    assert run("keys", "list") == (0, "", "samebox: there is no key; `samebox keys create NAME` makes one\n")
    assert json.loads(run("keys", "list", "--json").out) == []
