"""Whoever is not trusted across customers is not by any door: what joins depends on records and policy alone."""

import asyncio
import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from matching.model import Record
from service.files.run import MatchOptions, match_files
from service.intake.importing import import_rows, row_of
from service.intake.pushing import push_records
from service.resolution.recalibration import recalibrate
from service.stewardship.reviewing import list_reviews
from service.store.world import World
from service.syncs.syncing import sync
from tests.service.providers import Listed
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both

TRUSTING = replace(POLICY, trusted_across_customers=frozenset({"cw_manage", "alpha"}))
ONE, OTHER = "7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F", "8C2E7D3F-1B22-4E5F-8F66-2D3C4B5E6F70"

FLEET = [
    record("cw_manage:1", bios_guid=ONE, company="Acme"),
    record("alpha:1", bios_guid=ONE, hostname="pc1", company="Bolt"),  # the box moved
    record("cw_manage:2", bios_guid=OTHER, company="Acme"),
    record("scanner:2", bios_guid=OTHER, hostname="pc2", company="Bolt"),
    record("cw_manage:3", name="Front desk", company="Acme"),
    record("scanner:3", hostname="pc3", company="Bolt", links=[{"provider": "cw_manage", "id": "3"}]),
    record("cw_manage:4", hostname="pc2", company="Bolt"),
    *(record(f"cw_manage:a{n}", serial=f"5CG10{n:04}", company="Core") for n in range(9)),
    *(record(f"scanner:a{n}", serial=f"5CG10{n:04}", company="Taken") for n in range(9)),
    record("cw_manage:5", hostname="dc01", company="Core"),
    record("scanner:5", hostname="dc01", company="Taken"),
]

TOGETHER = {
    ("alpha:1", "cw_manage:1"),
    ("cw_manage:4", "scanner:2"),
    *((f"cw_manage:a{n}", f"scanner:a{n}") for n in range(9)),
}

ASKED = {
    frozenset({("cw_manage:2",), ("cw_manage:4", "scanner:2")}),
    frozenset({("cw_manage:3",), ("scanner:3",)}),
}

Door = Callable[[World, list[Record]], object]


def push(world: World, records: list[Record]) -> None:
    """Push records one by one."""
    for each in records:
        push_records(world, [each])


def import_(world: World, records: list[Record]) -> None:
    """Import records as lines of a file."""
    import_rows(world, [row_of(each) for each in records])


def sync_each(world: World, records: list[Record]) -> None:
    """Sync each provider."""
    for provider in sorted({each["provider"] for each in records}):
        own = [each for each in records if each["provider"] == provider]
        asyncio.run(sync(world, [Listed(provider, own)]))


@on_both
@pytest.mark.parametrize("door", [push, import_, sync_each])
def test_every_door_of_the_service_joins_and_asks_the_same(tmp_path: Path, door: Door) -> None:
    """A GUID and a link across customers join by trusted providers alone, and only those align companies."""
    sandbox = Sandbox(tmp_path)
    world = sandbox.changed(policy=TRUSTING)
    door(world, FLEET)
    recalibrate(world, max_change=1)

    reviews = list_reviews(world).data

    assert {tuple(sorted(keys)) for keys in sandbox.groups().values() if len(keys) > 1} == TOGETHER
    assert {frozenset((tuple(each.left.records), tuple(each.right.records))) for each in reviews} == ASKED
    assert {str(each.reason) for each in reviews} == {"untrusted_across_customers"}


def test_match_joins_and_asks_the_same(tmp_path: Path) -> None:
    """The same records and policy as files."""
    feed = tmp_path / "fleet.ndjson"
    feed.write_text("".join(json.dumps(each) + "\n" for each in FLEET))
    match_files([str(feed)], tmp_path / "out", MatchOptions(TRUSTING, [], 1, clusters_only=False), lambda _: None)

    with (tmp_path / "out" / "clusters.csv").open() as file:
        devices: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            devices.setdefault(row["device_id"], []).append(f"{row['provider']}:{row['id']}")
    reviews = [json.loads(line) for line in (tmp_path / "out" / "reviews.ndjson").read_text().splitlines()]

    assert {tuple(sorted(keys)) for keys in devices.values() if len(keys) > 1} == TOGETHER
    assert {frozenset((tuple(each["left"]), tuple(each["right"]))) for each in reviews} == ASKED
    assert {each["reason"] for each in reviews} == {"untrusted_across_customers"}
