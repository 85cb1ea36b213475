"""The committed feeds: every row of every provider becomes a record that says all it can."""

import csv
from pathlib import Path

import pytest

from service.core.settings import FeedFolder
from service.ingest.cw_automate import CwAutomate
from service.ingest.cw_rmm import CwRmm
from service.ingest.files import FileAdapter
from service.ingest.ninjaone import NinjaOne
from service.ingest.protocol import Pulled
from tests.service.ingest.feeds import pulled

FEEDS = Path(__file__).parents[3] / "fixtures" / "feeds"
COMMON = {"provider", "id", "company_id", "company", "name", "hostname", "type", "macs", "ips", "last_seen"}

ADAPTERS: list[tuple[type[FileAdapter], int, set[str]]] = [
    (CwRmm, 239, COMMON | {"bios_guid", "serial", "os_type", "os_info", "manufacturer", "model"}),
    (CwAutomate, 196, COMMON | {"bios_guid", "serial", "default_gateway", "os_type", "os_info", "last_user"}),
    (NinjaOne, 225, COMMON | {"status"}),
]
"""Adapter, rows in its feed, and the fields that every row of it has."""


def pull_feed(adapter: type[FileAdapter]) -> Pulled:
    """Read a provider's committed feed."""
    return pulled(adapter(FeedFolder(folder=FEEDS / adapter.name)))


@pytest.mark.parametrize(("adapter", "count", "always"), ADAPTERS, ids=lambda value: getattr(value, "name", ""))
def test_every_row_of_a_feed_becomes_a_record(adapter: type[FileAdapter], count: int, always: set[str]) -> None:
    """Nothing is quarantined, the ids are those of the truth, and each record has what its vendor always sends."""
    with (FEEDS / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["id"] for row in csv.DictReader(file) if row["provider"] == adapter.name}

    result = pull_feed(adapter)

    assert (result.read, len(result.records), result.quarantined) == (count, count, [])
    assert {record["id"] for record in result.records} == truth
    assert [record["id"] for record in result.records if not always <= record.keys()] == []


def test_ninjaone_never_has_a_bios_guid() -> None:
    """Its `uid` looks like one, in every row."""
    assert not any("bios_guid" in record for record in pull_feed(NinjaOne).records)


def test_a_board_serial_in_ninjaones_first_field_keeps_the_machines_own_beside_it() -> None:
    """Where the two serial fields differ, both are in the record."""
    assert sum(isinstance(record.get("serial"), list) for record in pull_feed(NinjaOne).records) == 8
