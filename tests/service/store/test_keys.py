"""API keys are kept by the hash of their token."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from service.store import keys
from service.store.keys import ApiKey
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
OLD, NEW = ApiKey("k-2", "console", "a" * 64, NOON), ApiKey("k-1", "helpdesk", "b" * 64, LATER)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store with two keys."""
    with Sandbox(tmp_path).store.writing() as connection:
        keys.add(connection, NEW)
        keys.add(connection, OLD)
        yield connection


def test_a_key_is_found_by_its_hash_alone(connection: Connection) -> None:
    """The list has the oldest first."""
    assert keys.by_hash(connection, "b" * 64) == NEW
    assert keys.by_hash(connection, "B" * 64) is None
    assert keys.all_keys(connection) == [OLD, NEW]


def test_a_key_is_revoked_once(connection: Connection) -> None:
    """It stays, with the time at which it was; a second attempt and one at an unknown key find nothing to revoke."""
    assert keys.revoke(connection, "k-1", LATER)
    assert not keys.revoke(connection, "k-1", LATER + timedelta(hours=1))
    assert not keys.revoke(connection, "k-3", LATER)

    assert keys.by_hash(connection, "b" * 64) == NEW._replace(revoked_at=LATER)
    assert keys.by_hash(connection, "a" * 64) == OLD


def test_the_use_of_a_key_is_noted(connection: Connection) -> None:
    """Of that key alone."""
    keys.touch(connection, "k-2", LATER)

    assert keys.all_keys(connection) == [OLD._replace(last_used_at=LATER), NEW]


def test_two_keys_cannot_have_one_token(tmp_path: Path) -> None:
    """Who revokes one would not know that the other still opens the door."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        keys.add(connection, OLD)

    with pytest.raises(IntegrityError), world.store.writing() as connection:
        keys.add(connection, NEW._replace(token_hash=OLD.token_hash))
