"""A real store in a folder, with a clock and ids that a test can foresee."""

import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, cast

from matching.model import Key, Record
from matching.policy import Policy
from service import lookup
from service.ingest.protocol import Pulled, Quarantined
from service.lookup import DeviceView
from service.records import PushResult, delete_record, push_records
from service.store.engine import open_store
from service.syncing import SyncOutcome, import_records, store_pull
from tests.service.stores import opened

POLICY = Policy()


def record(key: str, **fields: Any) -> Record:
    """Return a record of `provider:id`."""
    provider, record_id = Key.parse(key)
    return cast("Record", {"provider": provider, "id": record_id, **fields})


@cache
def new_database() -> bytes:
    """Return the file of an empty database with all tables; making it takes longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/new.db")
        store.make_ready()
        store.engine.dispose()
        return Path(folder, "new.db").read_bytes()


class World:
    """Everything a use case takes: a store, a clock that moves a minute a look, ids in order."""

    def __init__(self, folder: Path, ids: str = "id") -> None:
        self.name = ids
        self.file = folder / "samebox.db"
        if not self.file.exists():
            self.file.write_bytes(new_database())
        self.store = opened(f"sqlite:///{self.file}")
        self._minutes, self._ids = count(), count(1)

    def now(self) -> datetime:
        """Return the next minute."""
        return datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=next(self._minutes))

    def new_id(self) -> str:
        """Return the next id."""
        return f"{self.name}-{next(self._ids):04}"

    def sync(self, provider: str, *records: Record, quarantined: Iterable[Quarantined] = ()) -> SyncOutcome:
        """Store a complete pull of one provider."""
        unread = list(quarantined)
        pulled = Pulled(provider, list(records), unread, None, len(records) + len(unread))
        return store_pull(self.store, pulled, POLICY, self.now, self.new_id)

    def take_in(self, *records: Record, quarantined: Iterable[Quarantined] = ()) -> SyncOutcome:
        """Import records."""
        return import_records(self.store, records, POLICY, self.now, self.new_id, quarantined=quarantined)

    def push(self, *raws: object) -> list[PushResult]:
        """Push rows."""
        return push_records(self.store, list(raws), POLICY, self.now, self.new_id)

    def delete(self, key: str) -> None:
        """Take a record out."""
        delete_record(self.store, Key.parse(key), POLICY, self.now, self.new_id)

    def devices(self) -> list[DeviceView]:
        """Return all devices."""
        return list(lookup.all_devices(self.store))

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
        }


STANDING_COLUMNS = {
    "records": "provider, record_id, payload, content_hash, seen_at, first_seen_at, changed_at",
    "state": "id, version",
    **dict.fromkeys(
        [
            "devices",
            "memberships",
            "retired_devices",
            "changes",
            "decisions",
            "reviews",
            "shared_values",
            "fields_set_aside",
            "quarantine",
        ],
        "*",
    ),
    "identifiers": "kind || value || provider, record_id",
}
"""Table -> what must not move when nothing new comes in."""
