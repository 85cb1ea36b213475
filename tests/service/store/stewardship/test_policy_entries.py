"""What people added to the policy stands until it is revoked, and is never deleted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from matching.calibration.companies import Alignment, Ground
from matching.policy import PolicyEntry, PolicyEntryKind
from service.store.stewardship import policy_entries
from service.store.stewardship.policy_entries import StoredPolicyEntry
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 2, tzinfo=UTC)

ONE = StoredPolicyEntry(
    "e-1", PolicyEntry(PolicyEntryKind.SAME_CUSTOMER, "a:1", "b:1"), "anna", "asked the customer", NOON
)
DENIED = StoredPolicyEntry("e-2", PolicyEntry(PolicyEntryKind.DENY, "mac", "3C5282000001"), "ben", "a dock", LATER)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store with two entries."""
    with Sandbox(tmp_path).store.writing() as connection:
        for each in (DENIED, ONE):
            policy_entries.add(connection, each)
        yield connection


def test_what_is_revoked_stands_no_longer_and_is_kept(connection: Connection) -> None:
    """With who revoked it, when and why; the earliest come first."""
    assert policy_entries.standing(connection) == [ONE, DENIED]

    policy_entries.revoke(connection, "e-1", "eve", "was a mistake", LATER)

    gone = replace(ONE, revoked_at=LATER, revoked_by="eve", revoked_why="was a mistake")
    assert policy_entries.standing(connection) == [DENIED]
    assert policy_entries.every(connection) == [gone, DENIED]
    assert policy_entries.by_id(connection, "e-1") == gone
    assert policy_entries.by_id(connection, "e-3") is None


def test_who_said_that_two_companies_are_one_is_the_reason(connection: Connection) -> None:
    """Where an entry says so, and not where the settings or the records do."""
    grounds = policy_entries.grounds(connection)

    assert grounds.sentence(Alignment("a:1", "b:1", Ground.OPERATOR)) == "a person said so (anna, 2026-11-01)"
    assert grounds.sentence(Alignment("a:1", "b:2", Ground.OPERATOR)) == "the operator's map"
    assert grounds.sentence(Alignment("a:1", "b:1", Ground.EQUAL_NAMES)) == "equal names"
