"""Devices that no agent has seen lately: by whose clock, and what to retire of them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.reports.context import ReportRequest
from service.reports.rules import PsaLinks, ReportRules
from service.store.access.visibility import Customer, Visibility
from tests.service.reports.fleets import NOW, record, report, world_of
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

BOX = {"serial": "5CG1234ABC", "hostname": "acme-1", "company_id": "7"}
OTHER = {"serial": "5CG5678DEF", "hostname": "acme-2", "company_id": "7"}


def days_ago(days: float) -> str:
    """Return a time as providers write it."""
    return (NOW - timedelta(days=days)).isoformat()


def stale(
    tmp_path: Path,
    *records: dict[str, Any],
    all: bool = False,
    rules: ReportRules = ReportRules(),  # noqa: B008 - frozen
) -> dict[str, Any]:
    """Return the report over some records."""
    whole: dict[str, Any] = json.loads(
        report("stale", world_of(tmp_path, *records), wanted=ReportRequest(all=all), rules=rules)
    )
    return whole


def test_a_silent_device_is_listed_with_the_records_to_retire(tmp_path: Path) -> None:
    """The PSA's row comes first, because it is billed, and is linked to."""
    whole = stale(
        tmp_path,
        record("cw_manage", "1", **BOX),
        record("cw_rmm", "a", **BOX, last_seen=days_ago(64)),
        record("ninjaone", "x", **BOX, last_seen=days_ago(90), active=False),
        rules=ReportRules(links=PsaLinks("cw_manage", "https://psa.example/{id}")),
    )

    [row] = whole["rows"]
    assert (row["days"], row["seen_by"], row["is_billed"], row["doubt"]) == (64, "cw_rmm:a", True, None)
    assert (row["retire"], row["link"]) == ("cw_manage:1, cw_rmm:a", "https://psa.example/1")
    assert row["returned_at"] == "2026-11-23T12:00:00Z"


@pytest.mark.parametrize(("days", "is_stale"), [(29.9, False), (30, False), (30.1, True)])
def test_the_setting_says_how_long_is_long(tmp_path: Path, days: float, is_stale: bool) -> None:
    """At the bound a device is not stale yet; another bound gives another answer."""
    records = [record("cw_rmm", "a", **BOX, last_seen=days_ago(days))]

    assert bool(stale(tmp_path / "default", *records)["rows"]) is is_stale
    assert len(stale(tmp_path / "shorter", *records, rules=ReportRules(stale_days=20))["rows"]) == 1


def test_what_one_agent_sees_is_not_stale(tmp_path: Path) -> None:
    """The latest of several clocks counts."""
    whole = stale(
        tmp_path,
        record("cw_rmm", "a", **BOX, last_seen=days_ago(64)),
        record("ninjaone", "x", **BOX, last_seen=days_ago(1)),
    )

    assert (whole["rows"], whole["totals"]["seen_lately"]) == ([], 1)


def test_what_is_billed_comes_first_and_then_the_oldest(tmp_path: Path) -> None:
    """So that whoever has an hour begins with what costs money."""
    boxes = [{"serial": f"5CG000{n}ABC", "hostname": f"acme-{n}"} for n in range(4)]
    whole = stale(
        tmp_path,
        record("cw_rmm", "0", **boxes[0], last_seen=days_ago(400)),
        *(record("cw_rmm", str(n), **boxes[n], last_seen=days_ago(50 * n)) for n in (1, 2, 3)),
        *(record("cw_manage", str(n), **boxes[n]) for n in (1, 2)),
    )

    assert [row["seen_by"] for row in whole["rows"]] == ["cw_rmm:2", "cw_rmm:1", "cw_rmm:0", "cw_rmm:3"]
    assert (whole["totals"]["stale"], whole["totals"]["billed"]) == (4, 2)


def test_what_nobody_lists_as_in_use_asks_for_nothing(tmp_path: Path) -> None:
    """It is counted, and listed with all."""
    gone = record("cw_rmm", "a", **BOX, last_seen=days_ago(64), status="Retired")

    assert stale(tmp_path / "work", gone)["rows"] == []
    whole = stale(tmp_path / "all", gone, all=True)
    assert [row["retire"] for row in whole["rows"]] == [None]
    assert (whole["totals"]["retired"], whole["totals"]["stale"]) == (1, 0)


def test_a_device_whose_age_nobody_knows_is_counted(tmp_path: Path) -> None:
    """An agent that gives no time, and a configuration without an agent, are not stale."""
    totals = stale(tmp_path, record("cw_rmm", "a", **BOX), record("cw_manage", "1", **OTHER))["totals"]

    assert (totals["without_time"], totals["without_agent"], totals["stale"]) == (1, 1, 0)
    assert totals["devices"] == 2


def test_a_provider_that_does_not_count_speaks_against(tmp_path: Path) -> None:
    """Its record is not to be retired, and the device is doubtful: after what is sure."""
    whole = stale(
        tmp_path,
        record("cw_rmm", "a", **BOX, last_seen=days_ago(64)),
        record("sentinel", "s", **BOX, last_seen=days_ago(1)),
        record("cw_rmm", "b", **OTHER, last_seen=days_ago(40)),
        rules=ReportRules(active_providers=frozenset({"cw_rmm"})),
    )

    assert [(row["retire"], row["doubt"]) for row in whole["rows"]] == [
        ("cw_rmm:b", None),
        ("cw_rmm:a", "sentinel:s was seen 2026-11-22"),
    ]
    assert whole["totals"]["doubtful"] == 1


def test_a_device_of_a_late_feed_is_marked(tmp_path: Path) -> None:
    """The second clock: a feed that did not come says nothing of its devices."""
    world = Sandbox(tmp_path, now=lambda: NOW - timedelta(days=60))
    world.sync("cw_rmm", record("cw_rmm", "a", **BOX, last_seen=days_ago(60)))  # type: ignore[arg-type]

    [row] = json.loads(report("stale", world.changed(now=lambda: NOW)))["rows"]

    assert (row["doubt"], row["returned_at"]) == ("cw_rmm is late", "2026-09-24T12:00:00Z")


def test_a_bound_key_is_answered_from_its_records_alone(tmp_path: Path) -> None:
    """An agent of somebody else's that saw the box does not hide that its own did not."""
    theirs = record("ninjaone", "x", **{**BOX, "company_id": "8"}, last_seen=days_ago(1))
    world = world_of(tmp_path, record("cw_rmm", "a", **BOX, last_seen=days_ago(64)), theirs)
    bound = world.acting(None, Visibility(frozenset({Customer("cw_rmm", "7")})))

    assert [row["seen_by"] for row in json.loads(report("stale", bound))["rows"]] == ["cw_rmm:a"]
    assert json.loads(report("stale", world))["rows"] == []
