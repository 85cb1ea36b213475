"""A feed for each list of customers, and what it has told of each device."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.store.access.visibility import Customer, Visibility
from service.store.engine import Store
from service.store.resolved import changes, customer_feeds
from service.store.resolved.changes import Change, ChangeKind
from service.store.resolved.customer_feeds import NO_FEED, FeedEnd, PublishedDevice
from tests.service.stores import on_both, opened, place_in

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ACME = Visibility(frozenset({Customer("a", "1"), Customer("b", "1")}))
ZETA = Visibility(frozenset({Customer("z", "9"), Customer("b", "1")}))
CREATED = Change("id-1", ChangeKind.CREATED, {"records": ["a:1"]})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store with nothing in it."""
    return opened(place_in(tmp_path))


def make(connection: Connection, visibility: Visibility, at: datetime = NOON) -> int:
    """Make a feed that there is not."""
    made = customer_feeds.make(connection, visibility, at)
    assert made
    return made


def test_a_list_of_customers_has_one_feed(store: Store) -> None:
    """In whatever order they are named; who sees all has none of these."""
    with store.writing() as connection:
        assert not customer_feeds.any_made(connection)
        acme, zeta = make(connection, ACME), make(connection, ZETA)
        assert customer_feeds.make(connection, ACME, NOON) is None
        found = [customer_feeds.feed_of(connection, each) for each in (ACME, ZETA, None)]

        assert customer_feeds.any_made(connection)
        assert customer_feeds.ids(connection) == [acme, zeta]
        assert [each and each.id for each in found] == [acme, zeta, None]
        assert customer_feeds.seeing(connection, [Customer("a", "1"), Customer("b", "1"), Customer("b", "2")]) == {
            Customer("a", "1"): {acme},
            Customer("b", "1"): {acme, zeta},
        }


def test_each_feed_counts_its_own_changes(store: Store) -> None:
    """Nothing is told to one of another, nor in the feed of all."""
    with store.writing() as connection:
        acme, zeta = make(connection, ACME), make(connection, ZETA)
        for feed in (acme, acme, zeta):
            changes.append(connection, [CREATED], NOON, companies={"id-1": ["acme"]}, feed=feed)
        changes.append(connection, [CREATED] * 4, NOON)

        assert [changes.last(connection, feed) for feed in (acme, zeta, None)] == [2, 1, 4]
        assert [each.seq for each in changes.after(connection, 0, company="ACME", feed=acme)] == [1, 2]
        assert changes.after(connection, 0, company="ACME") == []
        assert [each.seq for each in changes.after(connection, 0, 1, [ChangeKind.CREATED], feed=acme)] == [1]
        assert [each.seq for each in changes.of_device(connection, "id-1", feed=zeta)] == [1]
        assert changes.forget(connection, NOON + timedelta(hours=1), 10, acme) == 1
        assert [changes.first(connection, feed) for feed in (acme, zeta, None)] == [2, 1, 1]
        assert [each.seq for each in changes.after(connection, 0, company="acme", feed=acme)] == [2]


def test_a_feed_that_is_made_anew_has_another_list(store: Store) -> None:
    """A cursor of the one before would lead past changes."""
    with store.writing() as connection:
        nothing = customer_feeds.end(connection, ACME)
        first = make(connection, ACME)
        changes.append(connection, [CREATED], NOON, companies={"id-1": ["acme"]}, feed=first)
        customer_feeds.write(connection, (), [PublishedDevice(first, "id-1", "{}", "[]")])
        ends = [customer_feeds.end(connection, each) for each in (ACME, None)]
        customer_feeds.drop(connection, ACME)
        customer_feeds.drop(connection, ZETA)
        gone = customer_feeds.end(connection, ACME), customer_feeds.published(connection, ["id-1"])
        again = make(connection, ACME, NOON + timedelta(days=1))
        other = make(connection, ZETA, NOON + timedelta(days=1))
        names = {customer_feeds.end(connection, each).list_name for each in (ACME, ZETA, None)}

        assert nothing == FeedEnd(changes.LIST, 0)
        assert [each.seq for each in ends] == [1, 0]
        assert gone == (nothing, {})
        assert [changes.after(connection, 0, company=name, feed=again) for name in (None, "acme")] == [[], []]
        assert len({*names, *(each.list_name for each in ends)}) == 4
        assert again != other != NO_FEED


@pytest.mark.parametrize(("golden", "companies"), [('{"company":"ACME Inc."}', ["acme inc."]), ("{}", [])])
def test_what_was_told_is_found_by_device(store: Store, golden: str, companies: list[str]) -> None:
    """With its records and company; what differs is written."""
    with store.writing() as connection:
        acme, zeta = make(connection, ACME), make(connection, ZETA)
        before = PublishedDevice(acme, "id-1", "{}", '["a:1"]')
        now = before._replace(golden=golden, records='["a:1","b:1"]')
        customer_feeds.write(connection, (), [before, PublishedDevice(zeta, "id-2", "{}", "[]")])
        customer_feeds.write(connection, [before], [now])

        assert customer_feeds.published(connection, ["id-1", "id-3"]) == {acme: [now]}
        assert list(map(str, now.keys)) == ["a:1", "b:1"]
        assert customer_feeds.companies(connection, acme) == companies
        customer_feeds.write(connection, [now], [])
        assert customer_feeds.published(connection, ["id-1", "id-2"]) == {
            zeta: [PublishedDevice(zeta, "id-2", "{}", "[]")]
        }
