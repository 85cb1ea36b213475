"""Rows of which no record could be made are kept once each, with the time at which they first came."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.store.ingested import quarantine
from service.store.ingested.quarantine import Unread
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ONE, TWO = Unread("a", "1", "no serial", {"odd": [1, "ß"]}), Unread("a", "", "no id", "not an object")
OTHER = Unread("b", "1", "no serial", None)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give an empty store."""
    with Sandbox(tmp_path).store.writing() as connection:
        yield connection


def by_id(rows: list[Unread]) -> list[Unread]:
    """Return rows in an order of their own."""
    return sorted(rows, key=lambda row: row.record_id)


def test_a_pull_leaves_what_it_could_not_read_and_nothing_of_earlier_ones(connection: Connection) -> None:
    """It says whether anything changed; a row that comes again keeps its time, and other providers theirs."""
    assert quarantine.replace(connection, "a", [ONE], NOON)
    assert quarantine.replace(connection, "b", [OTHER], NOON)
    assert not quarantine.replace(connection, "a", [ONE], LATER)
    assert quarantine.replace(connection, "a", [ONE, TWO], LATER)
    assert by_id(quarantine.of(connection, "a")) == [TWO, ONE]
    assert {row.record_id: row.first_at for row in quarantine.page(connection, "a", "", 10)} == {"1": NOON, "": LATER}

    assert quarantine.replace(connection, "a", [], LATER)
    assert (quarantine.of(connection, "a"), quarantine.of(connection, "b")) == ([], [OTHER])


def test_an_import_adds_to_what_is_there(connection: Connection) -> None:
    """A row is kept once, however often it comes."""
    quarantine.add(connection, [ONE], NOON)
    quarantine.add(connection, [ONE, TWO, TWO, OTHER], LATER)

    assert by_id(quarantine.of(connection, "a")) == [TWO, ONE]
    assert quarantine.of(connection, "b") == [OTHER]
    assert [row.first_at for row in quarantine.page(connection, None, "", 10) if row.reason == "no serial"].count(
        NOON
    ) == 1


def test_pages_go_on_after_an_id(connection: Connection) -> None:
    """Of one provider or of all; the order is always the same."""
    quarantine.add(connection, [ONE, TWO, OTHER], NOON)
    whole = quarantine.page(connection, None, "", 10)

    assert [quarantine.page(connection, None, after, 1) for after in ("", whole[0].id, whole[1].id)] == [
        [row] for row in whole
    ]
    assert quarantine.page(connection, None, whole[2].id, 1) == []
    assert {row.provider for row in quarantine.page(connection, "b", "", 10)} == {"b"}


def test_no_row_is_too_odd_to_be_kept(connection: Connection) -> None:
    """What JSON cannot say is said as text; of what is nested too deeply all but the payload is kept."""
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    quarantine.add(connection, [Unread("a", "1\0", "odd\0", {"x": float("nan")}), Unread("a", "2", "deep", deep)], NOON)

    assert by_id(quarantine.of(connection, "a")) == [
        Unread("a", "1", "odd", {"x": "NaN"}),
        Unread("a", "2", "deep", None),
    ]
    assert json.loads(quarantine.payload_of(ONE)) == ONE.payload


def test_beginnings_are_cut_and_the_latest_come_first(connection: Connection) -> None:
    """By provider; a text that fills the table is not read to its end."""
    long = Unread("b", "1", "no id", {"name": "x" * 5000})
    quarantine.add(connection, [long, Unread("a", "3", "no id", {})], NOON)
    quarantine.add(connection, [Unread("b", "2", "no id", {})], LATER)

    found = list(quarantine.beginnings(connection))

    assert [(each.provider, each.record_id) for each in found] == [("a", "3"), ("b", "2"), ("b", "1")]
    assert len(found[-1].payload) == quarantine.LONGEST_BEGINNING
    assert [each.record_id for each in quarantine.beginnings(connection, "b", LATER)] == ["2"]
    assert list(quarantine.beginnings(connection, "b\0")) == []
