"""A world for a test: a real store in a folder, with a clock and ids that can be foreseen, and what tests do to it."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast

from matching.model import Key, Record
from matching.policy import Policy
from service.devices import lookup
from service.devices.lookup import DeviceView
from service.ingest.protocol import Quarantined
from service.intake.importing import import_rows, row_of
from service.intake.pushing import PushResult, delete_record, push_records
from service.store.engine import Store
from service.store.ingested.quarantine import Unread
from service.store.world import World
from service.syncs.syncing import SyncOutcome, sync
from tests.service.providers import Listed
from tests.service.stores import opened, place_in

POLICY = Policy()


def record(key: str, **fields: Any) -> Record:
    """Return a record of `provider:id`."""
    provider, record_id = Key.parse(key)
    return cast("Record", {"provider": provider, "id": record_id, **fields})


def minutes(hours: int = 0) -> Callable[[], datetime]:
    """Return a clock that moves a minute a look, and begins so many hours after midnight."""
    passed = count(60 * hours)
    return lambda: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=next(passed))


def numbered(name: str) -> Callable[[], str]:
    """Return a source of ids in order: `name-0001` and so on."""
    given = count(1)
    return lambda: f"{name}-{next(given):04}"


class Sandbox(World):
    """The world of one test, in a folder; it can be used wherever a use case takes a world."""

    def __init__(
        self,
        folder: Path,
        ids: str = "id",
        hours: int = 0,
        *,
        now: Callable[[], datetime] | None = None,
        store: Store | None = None,
    ) -> None:
        super().__init__(store or opened(place_in(folder)), POLICY, now or minutes(hours), numbered(ids))
        self.name = ids
        self.file = folder / "samebox.db"  # on SQLite

    def changed(self, *, now: Callable[[], datetime] | None = None, policy: Policy | None = None) -> World:
        """Return this world under another clock or policy."""
        return World(self.store, policy or self.settings_policy, now or self.now, self.new_id)

    def sync(self, provider: str, *records: Record, quarantined: Iterable[Quarantined] = ()) -> SyncOutcome:
        """Sync one provider that lists these."""
        adapter = Listed(provider, records, quarantined)
        [outcome] = asyncio.run(sync(self, [adapter]))
        return outcome

    def take_in(self, *records: Record, quarantined: Iterable[Quarantined] = ()) -> SyncOutcome:
        """Import records."""
        unread = (Unread(*row) for row in quarantined)
        return import_rows(self, [*map(row_of, records), *unread])

    def push(self, *raws: object) -> list[PushResult]:
        """Push rows."""
        return list(push_records(self, raws).results)

    def delete(self, key: str) -> None:
        """Take a record out."""
        delete_record(self, Key.parse(key))

    def devices(self) -> list[DeviceView]:
        """Return all devices."""
        return list(lookup.all_devices(self))

    def groups(self) -> dict[str, set[str]]:
        """Return device id -> its records."""
        return {view.id: {f"{row.provider}:{row.id}" for row in view.records} for view in self.devices()}

    def home(self, key: str) -> str:
        """Return the id of a record's device."""
        return next(device_id for device_id, keys in self.groups().items() if key in keys)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what a plain query finds."""
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all that is stored, but for when runs took place and records were last returned."""
        return {
            table: self.rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2")
            for table, columns in STANDING_COLUMNS.items()
        } | {index: self.rows(f"{query} ORDER BY 1, 2, 3") for index, query in INDEXES.items()}


INDEXES = {
    "identifiers": "SELECT term, provider, record_id FROM identifiers JOIN records ON number = record",
    "blocking_keys": "SELECT blocking_key, provider, record_id FROM blocking_keys JOIN records ON number = record",
}
"""Index -> what selects its rows, each record by its key: numbers differ from store to store."""

STANDING_COLUMNS = {
    "records": "provider, record_id, payload, content_hash, terms, seen_at, first_seen_at, changed_at, company_id",
    "memberships": "provider, record_id, device_id, suppressed, blocking_keys",
    "state": "id, version",
    "reviews": "id, reason, worth, body, provider, record_id",
    **dict.fromkeys(
        [
            "devices",
            "retired_devices",
            "changes",
            "customer_feeds",
            "feed_customers",
            "published_devices",
            "customer_changes",
            "customer_change_companies",
            "decisions",
            "review_records",
            "shared_values",
            "untrusted_fields",
            "quarantine",
        ],
        "*",
    ),
}
"""Table -> what must not move when nothing new comes in; numbers of records and reviews differ from store to store."""
