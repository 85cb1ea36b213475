"""Fleets of a few records, taken into a real store."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from matching.policy import Policy
from matching.records import read_record
from service.intake.importing import import_rows
from service.reports import run_report
from service.store.engine import Store
from service.store.records import entry
from tests.service.stores import opened, place_in

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def record(provider: str, record_id: str, **fields: Any) -> dict[str, Any]:
    """Return a record of Acme's."""
    return {"provider": provider, "id": record_id, "company": "Acme", "type": "Laptop", **fields}


def empty_store(folder: Path) -> Store:
    """Return a store with current tables and nothing in it."""
    folder.mkdir(exist_ok=True)
    return opened(place_in(folder))


def store_of(folder: Path, *records: dict[str, Any], policy: Policy | None = None) -> Store:
    """Return a store that has taken in the records, in this order."""
    store = empty_store(folder)
    ids = count(1)
    clean = [read_record(raw)[0] for raw in records]
    import_rows(store, map(entry, clean), policy or Policy(), lambda: NOW, lambda: f"id-{next(ids):06}")
    return store


def report(name: str, store: Store, policy: Policy | None = None, format: str = "json") -> bytes:
    """Return a report as the bytes of its file."""
    return run_report(store, name, format, policy=policy or Policy(), now=lambda: NOW)
