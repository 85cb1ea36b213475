"""
The change feeds of callers who see the records of some customers alone: one for each list of customers.

With each feed is kept what it has published of every device that its callers see: the visible records, and the golden
values that follow from these. What differs from that after the store has changed is what the feed tells next
(`service.resolution.customer_changes`). Its changes are kept by `changes`, under the number of the feed.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, exists, func, insert, select

from matching.model import Key
from service.store.access.visibility import Customer, Visibility
from service.store.database import rows
from service.store.database.bound_lists import is_key, one_of
from service.store.database.canonical_json import canonical_json, digest
from service.store.database.feed_tables import (
    customer_change_companies,
    customer_changes,
    customer_feeds,
    feed_customers,
    published_devices,
)
from service.store.database.types import company_key
from service.store.resolved import changes

NO_FEED = 0
"""The number of no feed: it has no changes."""


class CustomerFeed(NamedTuple):
    """The number of a feed, and the name of its list in cursors, which no other feed has or had."""

    id: int
    list_name: str


class FeedEnd(NamedTuple):
    """The name of a feed's list, and the number of its last change, 0 before the first: what a cursor is made of."""

    list_name: str
    seq: int


class PublishedDevice(NamedTuple):
    """What a feed has published of a device: golden values in JSON, and its records as a JSON list of `provider:id`."""

    feed: int
    device_id: str
    golden: str
    records: str

    @property
    def keys(self) -> list[Key]:
        """Return what names its records."""
        return list(map(Key.parse, json.loads(self.records)))

    @property
    def company_key(self) -> str | None:
        """Return the company by which the device is found."""
        company = json.loads(self.golden).get("company")
        return None if company is None else company_key(str(company))


_PUBLISHED = select(*rows.columns(published_devices, PublishedDevice))
_OF_DEVICES = _PUBLISHED.where(one_of(published_devices.c.device_id, "ids"))
_SEEING = select(feed_customers).where(is_key(feed_customers.c.provider, feed_customers.c.company_id))
_ANY = select(exists().where(customer_feeds.c.id > NO_FEED))
_LAST = select(func.coalesce(func.max(customer_feeds.c.id), NO_FEED))


def any_made(connection: Connection) -> bool:
    """Whether there is any feed."""
    return bool(connection.execute(_ANY).scalar())


def ids(connection: Connection) -> list[int]:
    """Return the numbers of all feeds."""
    return list(connection.execute(select(customer_feeds.c.id).order_by(customer_feeds.c.id)).scalars())


def feed_of(connection: Connection, visibility: Visibility | None) -> CustomerFeed | None:
    """Return the feed of a caller: None for one who sees all, who has the feed of all."""
    if visibility is None:
        return None
    query = select(customer_feeds).where(customer_feeds.c.digest == _digest(visibility))
    row = connection.execute(query).one_or_none()
    if row is None:
        return CustomerFeed(NO_FEED, changes.LIST)
    return CustomerFeed(row.id, f"{changes.LIST} {digest(f'{row.digest} {row.made_at.isoformat()}')[:16]}")


def end(connection: Connection, visibility: Visibility | None) -> FeedEnd:
    """Return where a caller's feed ends."""
    own = feed_of(connection, visibility)
    if own is None:
        return FeedEnd(changes.LIST, changes.last(connection))
    return FeedEnd(own.list_name, changes.last(connection, own.id))


def make(connection: Connection, visibility: Visibility, at: datetime) -> int | None:
    """Make the feed of some customers, and return its number; None where there is one."""
    own = feed_of(connection, visibility)
    if own and own.id != NO_FEED:
        return None
    feed = int(connection.execute(_LAST).scalar_one()) + 1
    connection.execute(insert(customer_feeds), {"id": feed, "digest": _digest(visibility), "made_at": at})
    customers = [(*each, feed) for each in sorted(visibility.customers)]
    rows.insert_rows(connection, feed_customers, ("provider", "company_id", "feed"), customers)
    return feed


def drop(connection: Connection, visibility: Visibility) -> None:
    """Delete the feed of some customers with all that it has published; nothing where there is none."""
    own = feed_of(connection, visibility)
    if own is None or own.id == NO_FEED:
        return
    for table in (customer_change_companies, customer_changes, published_devices, feed_customers):
        connection.execute(delete(table).where(table.c.feed == own.id))
    connection.execute(delete(customer_feeds).where(customer_feeds.c.id == own.id))


def seeing(connection: Connection, customers: Collection[Customer]) -> dict[Customer, set[int]]:
    """Return the feeds that are about each of some customers; customers of no feed are absent."""
    found: defaultdict[Customer, set[int]] = defaultdict(set)
    if customers:
        for row in connection.execute(_SEEING, {"keys": sorted(customers)}):
            found[Customer(row.provider, row.company_id)].add(row.feed)
    return dict(found)


def published(connection: Connection, device_ids: Iterable[str]) -> dict[int, list[PublishedDevice]]:
    """Return what each feed has published of some devices; feeds that have published nothing of them are absent."""
    found: defaultdict[int, list[PublishedDevice]] = defaultdict(list)
    for row in connection.execute(_OF_DEVICES, {"ids": sorted(device_ids)}):
        found[row.feed].append(PublishedDevice._make(row))
    return dict(found)


def companies(connection: Connection, feed: int) -> list[str]:
    """Return the companies of the devices of a feed, in order."""
    found = (
        PublishedDevice._make(row) for row in connection.execute(_PUBLISHED.where(published_devices.c.feed == feed))
    )
    return sorted({key for key in (each.company_key for each in found) if key is not None})


def write(connection: Connection, before: Iterable[PublishedDevice], now: Iterable[PublishedDevice]) -> None:
    """Turn what was published into what is published now, touching only rows that differ."""
    rows.write_difference(connection, published_devices, before, now)


def _digest(visibility: Visibility) -> str:
    said: list[Any] = [list(each) for each in sorted(visibility.customers)]
    return digest(canonical_json(said))
