"""Fleets of a few records, taken into a real store."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from matching.policy import Policy
from matching.records import read_record
from service.intake.importing import import_rows
from service.reports.catalogue import report_named
from service.reports.context import ReportContext, ReportRequest
from service.reports.devices import ReportedDevice, devices
from service.reports.formats import Format, chunks
from service.reports.making import made_report
from service.reports.rules import ReportRules
from service.store.ingested.records import entry
from service.store.world import World
from tests.service.sandbox import numbered
from tests.service.stores import opened, place_in

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def record(provider: str, record_id: str, **fields: Any) -> dict[str, Any]:
    """Return a record of Acme's."""
    return {"provider": provider, "id": record_id, "company": "Acme", "type": "Laptop", **fields}


def empty_world(folder: Path, policy: Policy = Policy()) -> World:  # noqa: B008 - frozen
    """Return a world with current tables and nothing in them, whose clock stands still and whose ids are in order."""
    folder.mkdir(exist_ok=True)
    return World(opened(place_in(folder)), policy, lambda: NOW, numbered("id"))


def world_of(folder: Path, *records: dict[str, Any], policy: Policy = Policy()) -> World:  # noqa: B008 - frozen
    """Return a world that has taken in the records, in this order."""
    world = empty_world(folder, policy)
    import_rows(world, [entry(read_record(raw)[0]) for raw in records])
    return world


def report(
    name: str,
    world: World,
    format: str = "json",
    wanted: ReportRequest = ReportRequest(),  # noqa: B008 - frozen
    rules: ReportRules = ReportRules(),  # noqa: B008 - frozen
) -> bytes:
    """Return a report as the bytes of a file."""
    with made_report(world, rules, report_named(name), wanted) as made:
        return b"".join(chunks(made, Format(format)))


def reported_devices(world: World) -> list[ReportedDevice]:
    """Return the devices of a world as reports see them."""
    with world.store.reading() as connection:
        context = ReportContext(connection, world.policy, ReportRules(), world.now(), ReportRequest(), world.visibility)
        return list(devices(context))
