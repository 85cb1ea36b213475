"""What the data rule out as evidence, with the settings by which somebody can disagree."""

import json
from pathlib import Path
from typing import Any

import pytest

from matching.policy import Policy, Trust
from service.core.errors import NeedsUnboundKey
from service.core.policy_settings import PolicySettings
from service.reports.context import ReportRequest
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.reports.fleets import record, report, world_of
from tests.service.stores import on_both

pytestmark = on_both

DOCK = "3C-52-82-AA-BB-01"


def docked(folder: Path, provider: str = "cw_rmm", boxes: int = 4, policy: Policy | None = None) -> World:
    """Return a world in which a dock's MAC travelled, and a serial that is none is on as many boxes."""
    fleet = [
        record(provider, str(n), hostname=f"acme-{n}", bios_guid=f"4C4C4544-0042-3510-8054-B4C04F4A593{n}", macs=[DOCK])
        for n in range(boxes)
    ]
    return world_of(folder, *fleet, policy=policy or Policy())


def table(world: World, provider: str | None = None) -> dict[str, Any]:
    """Return the report."""
    whole: dict[str, Any] = json.loads(report("shared-identifiers", world, wanted=ReportRequest(provider=provider)))
    return whole


def test_a_value_on_several_boxes_is_named_with_its_holders(tmp_path: Path) -> None:
    """How many hold it, the first by the names of their devices, and why it is no evidence."""
    whole = table(docked(tmp_path, boxes=6))

    [row] = whole["rows"]
    assert (row["what"], row["kind"], row["value"]) == ("value", "mac", "3C:52:82:AA:BB:01")
    assert (row["holders"], row["providers"]) == (6, "cw_rmm 6")
    assert row["reason"] == "on 6 boxes of cw_rmm with nothing else in common"
    assert row["first_holders"].startswith("acme-0 (cw_rmm:0), acme-1 (cw_rmm:1)")
    assert row["first_holders"].count("cw_rmm:") == 5
    assert whole["totals"] == {"values": 1, "fields": 0}


def test_the_setting_in_the_row_does_what_it_says(tmp_path: Path) -> None:
    """Pasted as it is, it is understood: the value counts from then on, or never does."""
    [row] = table(docked(tmp_path))["rows"]

    allowed = PolicySettings(**_policy(row["allow"])).to_policy()
    denied = PolicySettings(**_policy(row["deny"])).to_policy()

    assert allowed.allow == denied.deny == {"mac": frozenset({"3c5282aabb01"})}
    assert table(docked(tmp_path / "allowed", policy=allowed))["rows"] == []


def _policy(setting: str) -> dict[str, Any]:
    """The content of the section, by the names that the settings have in the program."""
    [(section, content)] = json.loads(setting).items()
    assert section == "Policy"
    return {name.lower(): value for name, value in content.items()}


def test_a_field_that_is_not_trusted_is_named(tmp_path: Path) -> None:
    """Here by the operator's word; the row says by which setting it would be."""
    policy = Policy(trust={"cw_rmm": {"bios_guid": Trust.NEVER}})

    row, *_ = table(docked(tmp_path, policy=policy))["rows"]

    assert (row["what"], row["kind"], row["value"], row["provider"]) == ("field", "bios_guid", None, "cw_rmm")
    assert row["reason"] == "cw_rmm's field is not trusted: the operator says so"
    assert row["holders"] == 4
    trusted = PolicySettings(**_policy(row["allow"])).to_policy()
    assert trusted.trust == {"cw_rmm": {"bios_guid": Trust.ALWAYS}}
    assert PolicySettings(**_policy(row["deny"])).to_policy().trust == policy.trust


def test_what_concerns_most_records_comes_first(tmp_path: Path) -> None:
    """Narrowed to a provider: what its records hold."""
    guid = "4C4C4544-0042-3510-8054-B4C04F4A59"
    dock = [record("cw_rmm", f"r{n}", hostname=f"r-{n}", bios_guid=f"{guid}1{n}", macs=[DOCK]) for n in range(4)]
    more = [
        record("edr", f"e{n}", hostname=f"e-{n}", bios_guid=f"{guid}2{n}", macs=["3C-52-82-AA-BB-02"]) for n in range(7)
    ]
    world = world_of(tmp_path, *dock, *more)

    assert [row["holders"] for row in table(world)["rows"]] == [7, 4]
    assert [row["holders"] for row in table(world, "cw_rmm")["rows"]] == [4]


def test_a_bound_key_gets_none(tmp_path: Path) -> None:
    """How many boxes share a value follows from the records of all customers."""
    with pytest.raises(NeedsUnboundKey):
        table(docked(tmp_path).acting(None, Visibility(frozenset({Customer("cw_rmm", "7")}))))
