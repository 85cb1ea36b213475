"""Metrics for Prometheus. They are counted when they are asked for, so all processes over one store give the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection

from service.store.ingested import syncs
from service.store.ingested.syncs import SYNCS, SyncStatus
from service.store.resolved import calibrations, changes, counts
from service.store.stewardship import reviews
from service.store.world import World
from service.syncs.synclog import held_run


def metrics(world: World) -> bytes:
    """Return the numbers as of one moment, in Prometheus' text format 0.0.4. Raises: StoreError."""
    return generate_latest(_Fleet(world))


@dataclass(frozen=True)
class _Fleet:
    """A collector, as the library has it."""

    world: World

    def collect(self) -> list[GaugeMetricFamily]:
        with self.world.store.reading() as connection:
            return _gauges(connection)


def _gauges(connection: Connection) -> list[GaugeMetricFamily]:
    synced = syncs.providers(connection)
    last = {name: syncs.latest(connection, name, (SyncStatus.SUCCEEDED,), SYNCS) for name in synced}
    ended = {name: run.finished_at.timestamp() for name, run in last.items() if run and run.finished_at}
    held = {name: held_run(connection, name) is not None for name in synced}
    records = counts.records(connection)
    quarantined = {**dict.fromkeys(records, 0), **counts.quarantined(connection)}
    return [
        _by("provider", "samebox_records", "Records.", records),
        _one("samebox_devices", "Devices that the records resolve to.", counts.devices(connection)),
        _by("reason", "samebox_reviews", "Open reviews.", reviews.counts(connection)),
        _one("samebox_decisions", "Decisions that stand.", counts.standing_decisions(connection)),
        _by(
            "proposal",
            "samebox_reviews_answered",
            "Reviews answered, by decisions that stand.",
            counts.proposals(connection),
        ),
        _by("provider", "samebox_quarantined_rows", "Rows that could not be read or stored.", quarantined),
        _by("provider", "samebox_last_sync_timestamp_seconds", "When a sync last succeeded.", ended),
        _by("provider", "samebox_sync_held", "Whether removals wait for a person.", held),
        _one("samebox_calibration_held", "Whether one waits for a person.", calibrations.held(connection) is not None),
        _one("samebox_last_change", "Number of the last change in the feed.", changes.last(connection)),
    ]


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)


def _by(label: str, name: str, meaning: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for each, value in values.items():
        family.add_metric([each], value)
    return family
