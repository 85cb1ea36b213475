"""API keys: shown once, kept as a hash, refused once revoked."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from service.access import keys
from service.core.errors import BadRequest, NotFound, Unauthorised
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def zeros(count: int) -> bytes:
    """Return predictable bytes."""
    return bytes(range(count))


def test_a_key_is_verified_by_its_token_and_stored_without_it(tmp_path: Path) -> None:
    """Who reads the database file cannot ask the service."""
    world = Sandbox(tmp_path)

    key_id, token = keys.create(world, "console", zeros)

    assert re.fullmatch(r"sbx_[A-Za-z0-9_-]{43}", token)
    assert keys.verify(world, token).id == key_id
    assert token[4:] not in str(world.rows("SELECT * FROM api_keys"))
    assert token[4:].encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert token[4:] not in str(world.rows("SELECT * FROM api_keys"))


@pytest.mark.parametrize("token", ["", "sbx_", "sbx_" + "A" * 43, "x" * 10_000, "\udcff"])
def test_an_unknown_token_is_refused(tmp_path: Path, token: str) -> None:
    """Whatever it looks like."""
    with pytest.raises(Unauthorised):
        keys.verify(Sandbox(tmp_path), token)


def test_a_revoked_key_is_refused_and_stays_listed(tmp_path: Path) -> None:
    """It can be revoked once; the list shows when."""
    world = Sandbox(tmp_path)
    key_id, token = keys.create(world, "console", zeros)

    keys.revoke(world.changed(now=lambda: NOON), key_id)

    with pytest.raises(Unauthorised):
        keys.verify(world, token)
    with pytest.raises(NotFound):
        keys.revoke(world, key_id)
    assert [key.revoked_at for key in keys.list_keys(world)] == [NOON]


def test_the_last_use_is_noted_to_the_minute(tmp_path: Path) -> None:
    """Not at every request: a write a request would make readers wait for writers."""
    world = Sandbox(tmp_path)
    _, token = keys.create(world.changed(now=lambda: NOON), "console", zeros)

    for seconds in (0, 30, 59, 61):
        moment = NOON + timedelta(seconds=seconds)
        keys.verify(world.changed(now=partial(datetime.fromtimestamp, moment.timestamp(), UTC)), token)
        last = keys.list_keys(world)[0].last_used_at
        assert last == NOON + timedelta(seconds=61 if seconds == 61 else 0)


def test_a_key_is_verified_while_a_sync_is_writing(tmp_path: Path) -> None:
    """The note of its use is lost then, the caller is not kept waiting."""
    world = Sandbox(tmp_path)
    key_id, token = keys.create(world, "console", zeros)

    with world.store.writing():
        assert keys.verify(world, token).id == key_id


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb"])
def test_a_key_needs_a_name_that_prints(tmp_path: Path, name: str) -> None:
    """Or nobody knows later what to revoke."""
    with pytest.raises(BadRequest, match="name"):
        keys.create(Sandbox(tmp_path), name, zeros)
