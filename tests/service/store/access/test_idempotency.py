"""First answers are kept for a day, each for its caller and key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.store.access import idempotency
from service.store.access.idempotency import KEPT, KeptAnswer
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANSWER = KeptAnswer("helpdesk", "k-1", "a" * 64, 202, "http://x/v1/syncs/1", '{"data":[]}', NOON)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store that keeps one answer."""
    with Sandbox(tmp_path).store.writing() as connection:
        idempotency.add(connection, ANSWER)
        yield connection


def test_an_answer_is_found_by_its_caller_and_key_for_a_day(connection: Connection) -> None:
    """Another caller's key is another one."""
    assert idempotency.find(connection, "helpdesk", "k-1", NOON + KEPT - timedelta(seconds=1)) == ANSWER
    assert idempotency.find(connection, "helpdesk", "k-1", NOON + KEPT) is None
    assert idempotency.find(connection, "console", "k-1", NOON) is None
    assert idempotency.find(connection, "helpdesk", "k-2", NOON) is None


def test_old_answers_go_when_one_is_kept(connection: Connection) -> None:
    """The table does not grow for ever, and a key that was used long ago may be used again."""
    again = ANSWER._replace(request_hash="b" * 64, location=None, stored_at=NOON + KEPT)
    idempotency.add(connection, again)

    assert idempotency.find(connection, "helpdesk", "k-1", NOON + KEPT) == again
