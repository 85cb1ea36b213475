"""Devices that came lately: since when, and who does not list them yet."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from service.reports.catalogue.new import BATCH
from service.reports.context import ReportRequest
from service.store.access.visibility import Customer, Visibility
from service.store.resolved import changes, report_runs
from service.store.resolved.report_runs import ReportRun
from service.store.world import World
from tests.service.reports.fleets import NOW, report
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


class Calendar:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> Any:
        """Return the time."""
        return self.at


def new(world: World, **wanted: Any) -> dict[str, Any]:
    """Return the report."""
    whole: dict[str, Any] = json.loads(report("new", world, wanted=ReportRequest(**wanted)))
    return whole


def keys(whole: dict[str, Any]) -> list[str]:
    """Return the first record of each row."""
    return [row["first_record"] for row in whole["rows"]]


def test_a_device_is_new_when_its_first_record_came(tmp_path: Path) -> None:
    """A second record of an old one, also of a re-installed agent, makes no new device."""
    clock = Calendar()
    world = Sandbox(tmp_path, now=clock)
    clock.at = NOW - timedelta(days=40)
    world.push(record("cw_manage:1", serial="SN-10001"))
    clock.at = NOW - timedelta(days=2)
    world.push(record("cw_rmm:a", serial="SN-10001"), record("cw_rmm:b", serial="SN-20002", company="Acme"))
    clock.at = NOW

    whole = new(world)

    assert keys(whole) == ["cw_rmm:b"]
    assert (whole["totals"]["since"], whole["totals"]["batch"]) == ("2026-10-23T00:00:00Z", None)
    assert (whole["rows"][0]["first_seen"], whole["rows"][0]["company"]) == ("2026-11-21T12:00:00Z", "Acme")
    assert keys(new(world, since=NOW - timedelta(days=41))) == ["cw_manage:1", "cw_rmm:b"]
    assert keys(new(world, since=NOW - timedelta(days=1))) == []


def test_records_that_come_apart_make_no_new_device(tmp_path: Path) -> None:
    """The device is made later than its records came."""
    clock = Calendar()
    world = Sandbox(tmp_path, now=clock)
    clock.at = NOW - timedelta(days=40)
    world.push(record("a:1", serial="SN-10001", macs=["3C-52-82-AA-BB-01"]), record("b:1", macs=["3C-52-82-AA-BB-01"]))
    clock.at = NOW
    world.push(record("b:1", serial="SN-20002"))
    assert len(world.groups()) == 2

    assert keys(new(world)) == []


def test_who_does_not_list_it_is_named_and_counted(tmp_path: Path) -> None:
    """The PSA, so that it is not billed, and agents; a feed that did not come is told beside."""
    world = Sandbox(tmp_path, now=lambda: NOW)
    world.push(
        record("cw_rmm:a", serial="SN-10001"),
        record("cw_manage:2", serial="SN-20002"),
        record("cw_rmm:b", serial="SN-20002"),
        record("cw_manage:3", serial="SN-30003"),
        record("cw_manage:4", serial="SN-40004", active=False),
    )

    whole = new(world)
    missing = {row["records"]: row["missing"] for row in whole["rows"]}

    assert missing == {
        "cw_rmm:a": "the PSA",
        "cw_manage:2, cw_rmm:b": None,
        "cw_manage:3": "any agent",
        "cw_manage:4": "the PSA, any agent",
    }
    assert {name: whole["totals"][name] for name in ("new", "not_in_psa", "without_agent")} == {
        "new": 4,
        "not_in_psa": 2,
        "without_agent": 2,
    }


def test_a_feed_that_did_not_come_is_told_beside(tmp_path: Path) -> None:
    """It may list the device all the same."""
    world = Sandbox(tmp_path, now=lambda: NOW)
    world.sync("cw_manage")
    world.push(record("cw_rmm:a", serial="SN-10001"))

    assert [row["missing"] for row in new(world)["rows"]] == ["the PSA (cw_manage is empty)"]


def remembered(world: World) -> ReportRun:
    """Note a batch of reports that saw the store as it is now."""
    with world.store.writing() as connection:
        run = ReportRun("weekly", world.now(), changes.last(connection), world.now())
        report_runs.remember(connection, run)
    return run


def test_it_counts_from_the_last_batch_by_its_place_in_the_feed(tmp_path: Path) -> None:
    """What a slow import stored after the batch bears an earlier time, and is not lost."""
    clock = Calendar()
    world = Sandbox(tmp_path, now=clock)
    world.push(record("cw_rmm:a", serial="SN-10001"))
    run = remembered(world)
    clock.at = NOW - timedelta(hours=1)
    world.push(record("cw_rmm:b", serial="SN-20002"))
    clock.at = NOW + timedelta(days=7)

    whole = new(world, options={BATCH: "weekly"})

    assert keys(whole) == ["cw_rmm:b"]
    assert (whole["totals"]["batch"], whole["totals"]["since"]) == ("weekly", f"{run.as_of:%Y-%m-%dT%H:%M:%SZ}")
    assert keys(new(world, options={BATCH: "monthly"})) == ["cw_rmm:a", "cw_rmm:b"]
    assert keys(new(world, options={BATCH: "weekly"}, since=NOW)) == ["cw_rmm:a"]


def test_where_the_feed_has_forgotten_the_time_has_to_do(tmp_path: Path) -> None:
    """A feed that keeps a week cannot tell what came since last month's batch."""
    clock = Calendar()
    world = Sandbox(tmp_path, now=clock)
    world.push(record("cw_rmm:a", serial="SN-10001"))
    clock.at = NOW + timedelta(hours=1)
    remembered(world)
    clock.at = NOW + timedelta(days=1)
    world.push(record("cw_rmm:b", serial="SN-20002"))
    world.push(record("cw_rmm:c", serial="SN-30003"))
    with world.store.writing() as connection:
        changes.forget(connection, NOW + timedelta(days=2), 1000)

    assert keys(new(world, options={BATCH: "weekly"})) == ["cw_rmm:b", "cw_rmm:c"]


def test_for_a_bound_key_a_device_is_as_new_as_its_visible_records(tmp_path: Path) -> None:
    """That somebody else had the box before is not told."""
    clock = Calendar()
    world = Sandbox(tmp_path, now=clock)
    clock.at = NOW - timedelta(days=40)
    world.push(record("cw_manage:1", serial="SN-10001", company_id="8"))
    world.push(record("cw_rmm:o", serial="SN-20002", company_id="7"))
    clock.at = NOW
    world.push(record("cw_rmm:a", serial="SN-10001", company_id="7"))
    bound = world.acting(None, Visibility(frozenset({Customer("cw_rmm", "7")})))

    assert keys(new(bound)) == ["cw_rmm:a"]
    assert keys(new(world)) == []
