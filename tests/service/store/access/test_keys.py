"""API keys are kept by the hash of their token."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from service.store.access import keys
from service.store.access.keys import ApiKey
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
OLD = ApiKey("k-2", "console", "a" * 64, NOON)
NEW = ApiKey("k-1", "helpdesk", "b" * 64, LATER, scopes=("ingest", "read"), providers=("a", "ü,b"), expires_at=LATER)


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


def test_a_key_is_found_by_its_former_token_too(connection: Connection) -> None:
    """The whole key, so that whoever asks can tell which of the two was shown."""
    rotated = NEW._replace(token_hash="c" * 64, former_hash="b" * 64, former_until=LATER, expires_at=None)

    keys.put_token(connection, rotated)

    assert keys.by_hash(connection, "c" * 64) == keys.by_hash(connection, "b" * 64) == rotated
    assert keys.by_hash(connection, "a" * 64) == OLD


def test_a_revoked_key_is_live_neither_by_id_nor_by_name(connection: Connection) -> None:
    """A key of its name may be made again."""
    assert (keys.live_by_id(connection, "k-1"), keys.has_live_name(connection, "helpdesk")) == (NEW, True)

    keys.revoke(connection, "k-1", LATER)

    assert (keys.live_by_id(connection, "k-1"), keys.has_live_name(connection, "helpdesk")) == (None, False)
    assert keys.live_by_id(connection, "k-2") == OLD
