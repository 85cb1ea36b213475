"""The command `keys`."""

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import typer

from service.cli.keys import duration, moment
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


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


def test_a_key_is_made_for_what_the_options_say(run: Run) -> None:
    """Read without options; the list shows scopes, providers and expiry."""
    run("keys", "create", "helpdesk")
    bound = ("--scope", "ingest", "--scope", "read", "--provider", "rmm_alpha", "--provider", "rmm_beta")
    made = run("keys", "create", "agent", *bound, "--expires", "2099-03-01")
    reader, agent = json.loads(run("keys", "list", "--json").out)
    listed = run("keys", "list")

    assert (reader["scopes"], reader["providers"], reader["expires_at"]) == (["read"], None, None)
    assert (agent["scopes"], agent["providers"]) == (["read", "ingest"], ["rmm_alpha", "rmm_beta"])
    assert agent["expires_at"] == "2099-03-01T00:00:00Z"
    assert "it has the scope ingest, read, and expires at 2099-03-01 00:00 UTC" in made.err
    assert all(word in listed.out for word in ("read, ingest", "rmm_alpha", "2099-03-01"))


def test_a_key_is_bound_to_the_customers_that_are_named(run: Run) -> None:
    """The list shows them; who made the key is told what it sees."""
    made = run("keys", "create", "acme", "--customer", "cw_manage:250", "--customer", "cw_rmm:acme-1")
    [key] = json.loads(run("keys", "list", "--json").out)
    listed = run("keys", "list")

    assert key["customers"] == ["cw_manage:250", "cw_rmm:acme-1"]
    assert "it sees records of cw_manage:250, cw_rmm:acme-1, and no others" in made.err
    assert "cw_manage:250" in listed.out


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (["--customer", "cw_manage"], 1, "a customer is written provider:company_id"),
        (["--customer", "cw_manage: "], 1, "a customer is written provider:company_id"),
        (["--scope", "admin", "--customer", "cw_manage:250"], 1, "cannot be bound to customers"),
        (["--scope", "ingest"], 1, "names the providers"),
        (["--provider", "rmm_alpha"], 1, "not bound"),
        (["--scope", "owner"], 2, "'owner' is not one of 'read', 'ingest', 'steward', 'admin'"),
        (["--expires", "tomorrow"], 2, "write minutes, hours, days or weeks"),
        (["--expires", "2020-01-01"], 1, "cannot expire in the past"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(run: Run, options: list[str], code: int, sentence: str) -> None:
    """And nothing is shown that looks like a token."""
    run("db", "upgrade")
    refused = run("keys", "create", "agent", *options)

    assert (refused.code, refused.out) == (code, "")
    assert sentence in re.sub(r"\s+", " ", refused.err)
    assert json.loads(run("keys", "list", "--json").out) == []


def test_a_rotated_key_shows_its_new_token_once(run: Run) -> None:
    """The message says what becomes of the old one."""
    old = run("keys", "create", "agent").out
    [key] = json.loads(run("keys", "list", "--json").out)

    kept = run("keys", "rotate", key["id"], "--keep-old", "24h", "--expires", "90d")
    [after] = json.loads(run("keys", "list", "--json").out)
    ended = run("keys", "rotate", key["id"])
    unknown = run("keys", "rotate", "none")

    assert re.fullmatch(r"sbx_[\w-]{43}\n", kept.out)
    assert len({old, kept.out, ended.out}) == 3
    assert "the token before it expires at" in kept.err
    assert "the token before it has ended" in ended.err
    assert after["former_until"] < after["expires_at"]
    assert (after["id"], after["name"], after["scopes"]) == (key["id"], "agent", ["read"])
    assert (unknown.code, unknown.out) == (1, "")


def test_a_store_without_keys_says_how_to_make_one(run: Run) -> None:
    """Standard output is empty, for a program as an empty list."""
    run("db", "upgrade")
    assert run("keys", "list") == (0, "", "samebox: there is no key; `samebox keys create NAME` makes one\n")
    assert json.loads(run("keys", "list", "--json").out) == []


def test_keys_made_before_scopes_are_told_until_they_are_revoked(run: Run) -> None:
    """`keys list` and `check` say that they may do everything, and how to end that."""
    run("keys", "create", "console")
    with sqlite3.connect("samebox.db") as database:  # as the migration leaves a key of the version before
        database.execute("UPDATE api_keys SET scopes = NULL")
    database.close()
    [key] = json.loads(run("keys", "list", "--json").out)
    told = f"1 key that was made before there were scopes may do everything: console ({key['id']}); make narrower"

    listed, checked = run("keys", "list"), run("check")
    step = json.loads(run("check", "--json").out)["parts"][-1]["warnings"]
    run("keys", "revoke", key["id"])

    assert told in listed.err
    assert "made before scopes" in re.sub(r"\s+", " ", listed.out)
    assert (told in " ".join(checked.out.split()), checked.code) == (True, 0)
    assert [line.partition(";")[0] for line in step] == [told.partition(";")[0]]
    assert "before there were scopes" not in run("keys", "list").err + run("check").out


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("90d", NOON + timedelta(days=90)),
        (" 12w", NOON + timedelta(weeks=12)),
        ("30m", NOON + timedelta(minutes=30)),
        ("2027-03-01", datetime(2027, 3, 1, tzinfo=UTC)),
        ("2027-03-01T08:00:00+02:00", datetime(2027, 3, 1, 6, tzinfo=UTC)),
    ],
)
def test_a_time_is_a_duration_or_a_date(text: str, at: datetime) -> None:
    """What names no zone is UTC."""
    assert moment(text, NOON) == at


@pytest.mark.parametrize("text", ["", "d", "-1d", "1y", "1.5h", "9999999d", "999999w", "2027-13-01", "٣d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    """With the way to write one, and no traceback."""
    with pytest.raises(typer.BadParameter):
        moment(text, NOON)


def test_a_duration_has_one_unit() -> None:
    """Minutes, hours, days or weeks."""
    assert [duration(text) for text in ("90m", "36h", "1d", "2w")] == [
        timedelta(minutes=90),
        timedelta(hours=36),
        timedelta(days=1),
        timedelta(days=14),
    ]
