"""What people decided stands until it is revoked, and is never deleted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from matching.model import Decision, Key, Verdict
from service.store.stewardship import decisions
from service.store.stewardship.decisions import StoredDecision
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 2, tzinfo=UTC)


def said(name: str, left: str, right: str, verdict: Verdict = Verdict.SAME) -> StoredDecision:
    """Return a decision about `provider:id` twice."""
    decision = Decision(verdict, Key.parse(left), Key.parse(right), "anna", "saw both stickers", NOON.isoformat())
    return StoredDecision(name, decision, NOON)


FIRST = said("d-1", "b:1", "c:1")
SECOND = replace(said("d-2", "a:1", "b:1", Verdict.DIFFERENT), proposed=Verdict.SAME)
THIRD = said("d-3", "a:2", "c:1")


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store with three decisions, of which one was revoked."""
    with Sandbox(tmp_path).store.writing() as connection:
        decisions.add(connection, [FIRST, SECOND, THIRD])
        decisions.revoke(connection, "d-3", "bob", "was a mistake", LATER)
        yield connection


def test_only_what_is_not_revoked_stands(connection: Connection) -> None:
    """In order of the pair that it is about, as a batch reads them from a file."""
    assert decisions.stored_standing(connection) == [SECOND, FIRST]
    assert decisions.standing(connection) == [SECOND.decision, FIRST.decision]


def test_a_decision_is_found_by_either_of_its_records(connection: Connection) -> None:
    """Once, also if both are asked for; one that is revoked no longer binds anybody."""
    assert decisions.stored_about(connection, [Key("b", "1")]) == [SECOND, FIRST]
    assert decisions.stored_about(connection, [Key("b", "1"), Key("c", "1")]) == [SECOND, FIRST]
    assert decisions.about(connection, [Key("a", "1")]) == [SECOND.decision]
    assert decisions.about(connection, [Key("a", "2")]) == []
    assert decisions.about(connection, []) == []


def test_a_revoked_decision_is_kept_with_who_revoked_it(connection: Connection) -> None:
    """Pages go on after an id, and show it to who asks for it."""
    revoked = StoredDecision("d-3", THIRD.decision, NOON, LATER, "bob", "was a mistake")

    assert decisions.by_id(connection, "d-3") == revoked
    assert decisions.by_id(connection, "d-4") is None
    assert decisions.page(connection, "", 10, revoked=True) == [FIRST, SECOND, revoked]
    assert decisions.page(connection, "", 10, revoked=False) == [FIRST, SECOND]
    assert decisions.page(connection, "d-1", 1, revoked=True) == [SECOND]
