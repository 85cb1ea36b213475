"""Sessions are kept by the hash of their id."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.store.access import sessions
from service.store.access.sessions import StoredSession
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
OLD = StoredSession("a" * 64, "k" * 64, NOON, NOON)
NEW = StoredSession("b" * 64, "k" * 64, LATER, LATER)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store with two sessions."""
    with Sandbox(tmp_path).store.writing() as connection:
        sessions.add(connection, OLD)
        sessions.add(connection, NEW)
        yield connection


def test_a_session_is_found_by_its_hash_alone(connection: Connection) -> None:
    """Neither by that of another one nor by the token it was begun with."""
    assert sessions.find(connection, "a" * 64) == OLD
    assert sessions.find(connection, "A" * 64) is None
    assert sessions.find(connection, "k" * 64) is None


def test_the_use_of_a_session_is_noted_for_it_alone(connection: Connection) -> None:
    """Another session of the same key stays as it was."""
    sessions.touch(connection, "a" * 64, LATER)

    assert sessions.find(connection, "a" * 64) == OLD._replace(seen_at=LATER)
    assert sessions.find(connection, "b" * 64) == NEW


def test_a_session_is_forgotten_by_its_hash_or_by_its_age(connection: Connection) -> None:
    """A session that was begun exactly at the time given is too old as well; one that there is not is no error."""
    sessions.remove(connection, "c" * 64)
    sessions.remove_begun_before(connection, NOON)
    assert sessions.find(connection, "a" * 64) is None
    assert sessions.find(connection, "b" * 64) == NEW
    sessions.remove(connection, "b" * 64)
    assert sessions.find(connection, "b" * 64) is None
