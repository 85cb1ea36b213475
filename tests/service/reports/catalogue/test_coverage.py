"""What one feed lists and another does not, by the roles of the feeds."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from matching.model import Decision, Key, Verdict
from service.reports.context import ReportRequest
from service.reports.rules import FeedRole, PsaLinks, ReportRules
from service.stewardship.deciding import decide
from service.store.access.visibility import Customer, Visibility
from tests.service.reports.fleets import NOW, record, report, world_of
from tests.service.sandbox import Sandbox
from tests.service.sandbox import record as sent
from tests.service.stores import on_both

pytestmark = on_both

BOTH = {"serial": "5CG1234ABC", "hostname": "acme-both"}
ONLY_RMM = {"serial": "5CG5678DEF", "hostname": "acme-rmm"}
ONLY_PSA = {"serial": "5CG9012GHI", "hostname": "acme-psa"}
FLEET = [
    record("cw_manage", "1", **BOTH),
    record("cw_rmm", "a", **BOTH),
    record("ninjaone", "x", **ONLY_RMM),
    record("cw_manage", "2", **ONLY_PSA),
]


ROLES = ReportRules(
    roles={"sentinel": FeedRole.EDR, "veeam": FeedRole.BACKUP, "intune": FeedRole.MDM}, weights={"server": 2}
)
"""Feeds of all roles."""


def covered(
    tmp_path: Path,
    *records: dict[str, Any],
    rules: ReportRules = ReportRules(),  # noqa: B008 - frozen
    all: bool = True,
) -> dict[str, Any]:
    """Return the report over some records."""
    world = world_of(tmp_path, *records)
    whole: dict[str, Any] = json.loads(report("coverage", world, wanted=ReportRequest(all=all), rules=rules))
    return whole


def listed(name: str, *providers: str, **fields: Any) -> list[dict[str, Any]]:
    """Return the records of one box at some providers."""
    said = {"serial": f"5CG-{name}-77", "hostname": name, **fields}
    return [record(provider, f"{provider}-{name}", **said) for provider in providers]


def days_ago(days: float) -> str:
    """Return a time before now as providers write it."""
    return (NOW - timedelta(days=days)).isoformat()


def test_each_gap_is_named(tmp_path: Path) -> None:
    """In both: covered. Agent alone: unbilled. Configuration alone: unmanaged."""
    rows = {row["hostname"]: row for row in covered(tmp_path, *FLEET)["rows"]}

    assert {name: (row["gap"], row["missing"], row["providers"]) for name, row in rows.items()} == {
        "acme-both": (None, None, "cw_manage, cw_rmm"),
        "acme-rmm": ("unbilled", "psa", "ninjaone"),
        "acme-psa": ("unmanaged", "rmm", "cw_manage"),
    }
    assert rows["acme-rmm"]["finding"] == "managed, not billed: in use in ninjaone:x"
    assert rows["acme-psa"]["psa_records"] == "cw_manage:2"


def test_the_totals_add_up_by_company_and_type(tmp_path: Path) -> None:
    """The groups stand in order of customer and type, and sum to the whole."""
    server = record("cw_manage", "9", serial="5CG7777XYZ", type="Server", company="Beta")

    totals = covered(tmp_path, *FLEET, server)["totals"]

    assert [(group["company"], group["type"], group["devices"]) for group in totals["groups"]] == [
        ("Acme", "Laptop", 3),
        ("Beta", "Server", 1),
    ]
    for count in ("devices", "covered", "unbilled", "unmanaged"):
        assert totals[count] == sum(group[count] for group in totals["groups"])
    assert totals["devices"] == totals["covered"] + totals["unbilled"] + totals["unmanaged"] == 4


def test_a_retired_configuration_does_not_cover_an_agent(tmp_path: Path) -> None:
    """The PSA still has the record, but bills nothing for it: the device is unbilled, and the record is named."""
    retired = record("cw_manage", "7", **ONLY_RMM, status="Retired")

    row = next(row for row in covered(tmp_path, *FLEET, retired)["rows"] if row["hostname"] == "acme-rmm")

    assert row["gap"] == "unbilled"
    assert row["finding"] == "managed, not billed: in use in ninjaone:x; not in use: cw_manage:7"


def test_what_nobody_uses_is_only_counted(tmp_path: Path) -> None:
    """A device without a record in use has no row, and is not lost from the totals."""
    gone = record("cw_manage", "8", serial="5CG0000OLD", hostname="acme-old", active=False)

    whole = covered(tmp_path, *FLEET, gone)

    assert "acme-old" not in {row["hostname"] for row in whole["rows"]}
    assert whole["totals"]["out_of_use"] == 1


def test_a_feed_that_did_not_come_is_no_gap(tmp_path: Path) -> None:
    """Without a single record of the PSA nobody is told that the whole fleet is unbilled."""
    whole = covered(tmp_path, *[row for row in FLEET if row["provider"] != "cw_manage"])

    assert "was it synced?" in whole["totals"]["note"]
    assert {row["gap"] for row in whole["rows"]} == {None}
    assert {row["missing"] for row in whole["rows"]} == {"psa"}


def test_the_settings_say_who_is_the_psa(tmp_path: Path) -> None:
    """Another system may keep the bills."""
    rules = ReportRules(psa_providers=frozenset({"ninjaone"}))

    rows = {row["hostname"]: row["gap"] for row in covered(tmp_path, *FLEET, rules=rules)["rows"]}

    assert rows == {"acme-both": "unbilled", "acme-rmm": "unmanaged", "acme-psa": "unbilled"}


ALL_ROLES = ("cw_manage", "cw_rmm", "sentinel", "veeam")


@pytest.mark.parametrize(
    ("providers", "gap", "missing", "finding"),
    [
        (ALL_ROLES, None, None, "covered"),
        (("cw_rmm", "sentinel", "veeam"), "unbilled", "psa", "managed, not billed"),
        (("sentinel", "veeam"), "unbilled", "psa, rmm", "guarded, not billed, not managed; backed up, not managed"),
        (("veeam",), "unbilled", "psa, rmm", "backed up, not billed, not managed"),
        (("cw_manage",), "unmanaged", "rmm", "billed, not managed"),
        (("cw_manage", "sentinel"), "unmanaged", "rmm", "billed, not managed; guarded, not managed"),
        (("cw_manage", "cw_rmm", "veeam"), "unguarded", "edr", "managed, not guarded"),
        (("cw_manage", "cw_rmm", "sentinel"), "not_backed_up", "backup", "managed, not backed up"),
        (("cw_manage", "cw_rmm"), "unguarded", "edr, backup", "managed, not guarded, not backed up"),
        (("cw_rmm",), "unbilled", "psa, edr, backup", "managed, not billed, not guarded, not backed up"),
    ],
)
def test_every_gap_between_two_roles_is_found(
    tmp_path: Path, providers: tuple[str, ...], gap: str | None, missing: str | None, finding: str
) -> None:
    """Both ways, and of several gaps the one that is worth most names the row."""
    whole = covered(tmp_path, *listed("box", *providers), *listed("whole", *ALL_ROLES), rules=ROLES)

    row = next(row for row in whole["rows"] if row["hostname"] == "box")
    assert (row["gap"], row["missing_roles"], row["finding"].partition(":")[0]) == (gap, missing, finding)


def test_no_feed_is_missed_whose_role_nobody_plays(tmp_path: Path) -> None:
    """Who has no EDR is not told that the whole fleet lacks one."""
    whole = covered(tmp_path, *listed("box", "cw_manage", "cw_rmm", "veeam"), rules=ROLES)

    assert [row["gap"] for row in whole["rows"]] == [None]
    assert [total["gap"] for total in whole["totals"]["gaps"]] == [
        *("unbilled", "unmanaged", "not_backed_up", "backup_without_rmm"),
    ]


def test_a_phone_is_asked_for_an_mdm_alone(tmp_path: Path) -> None:
    """One that the PSA lists and no MDM is unmanaged; one that both list lacks nothing."""
    fleet = [
        *listed("both", "cw_manage", "intune", type="Smartphone"),
        *listed("psa", "cw_manage", type="Mobile Phone"),
        *listed("mdm", "intune", type="iPad"),
        *listed("whole", *ALL_ROLES),
    ]

    rows = {
        row["hostname"]: (row["gap"], row["missing_roles"]) for row in covered(tmp_path, *fleet, rules=ROLES)["rows"]
    }

    assert rows == {
        "both": (None, None),
        "psa": ("unmanaged", "mdm"),
        "mdm": ("unbilled", "psa"),
        "whole": (None, None),
    }


def test_a_switch_needs_no_backup_and_a_licence_needs_nothing(tmp_path: Path) -> None:
    """Only what somebody could do is work; a licence is counted and is no device."""
    fleet = [
        *listed("switch", "cw_manage", "cw_rmm", type="Network Switch"),
        *listed("office", "cw_manage", type="Software Licence"),
        *listed("whole", *ALL_ROLES),
    ]

    whole = covered(tmp_path, *fleet, rules=ROLES)

    assert {row["hostname"]: row["gap"] for row in whole["rows"]} == {"switch": None, "whole": None}
    assert (whole["totals"]["devices"], whole["totals"]["no_devices"]) == (2, 1)


def test_the_rows_are_gaps_most_worth_first(tmp_path: Path) -> None:
    """Active unbilled servers, then what weighs less or was seen earlier, then other gaps, then what is not active."""
    fleet = [
        *listed("covered", "cw_manage", "cw_rmm"),
        *listed("idle-server", "cw_rmm", type="Server", last_seen=days_ago(31)),
        *listed("laptop-early", "cw_rmm", last_seen=days_ago(3)),
        *listed("laptop-late", "cw_rmm", last_seen=days_ago(1)),
        *listed("server", "cw_rmm", type="Server", last_seen=days_ago(9)),
        *listed("unmanaged", "cw_manage", last_seen=days_ago(1)),
    ]

    whole = covered(tmp_path, *fleet, rules=ROLES, all=False)

    assert [(row["hostname"], row["active"]) for row in whole["rows"]] == [
        ("server", True),
        ("laptop-late", True),
        ("laptop-early", True),
        ("idle-server", False),
        ("unmanaged", False),
    ]
    assert whole["totals"]["covered"] == 1
    assert whole["totals"]["gaps"][0] == {"gap": "unbilled", "devices": 4, "active": 3, "caution": None}


def test_a_row_has_two_clocks_and_the_time_since_when(tmp_path: Path) -> None:
    """When an agent saw the device, when a feed returned it, and since when its newest record is there."""
    moments = {"now": NOW - timedelta(days=9)}
    world = Sandbox(tmp_path, now=lambda: moments["now"])
    box = {"serial": "5CG1234ABC", "hostname": "box"}
    alpha, beta = (
        {"provider": provider, "id": "a", **box, "last_seen": days_ago(days)}
        for provider, days in (("rmm_alpha", 5), ("rmm_beta", 7))
    )
    world.push(alpha, {"provider": "cw_manage", "id": "1", "serial": "5CG9012GHI", "hostname": "other"})
    moments["now"] = NOW - timedelta(days=6)
    world.push(beta)
    moments["now"] = NOW
    world.push(alpha)

    row = json.loads(report("coverage", world))["rows"][0]

    assert row["providers"] == "rmm_alpha, rmm_beta"
    assert row["agent_last_seen"] == "2026-11-18T12:00:00Z"
    assert row["feed_last_returned"] == "2026-11-23T12:00:00Z"
    assert row["since"] == "2026-11-17T12:00:00Z"


def test_a_configuration_is_linked_to(tmp_path: Path) -> None:
    """Also one that is not in use: it may only have to be set active."""
    rules = ReportRules(links=PsaLinks("cw_manage", "https://psa.example/{id}"))
    retired = record("cw_manage", "7", **ONLY_RMM, status="Retired")

    rows = {row["hostname"]: row["link"] for row in covered(tmp_path, *FLEET, retired, rules=rules)["rows"]}

    assert rows["acme-psa"] == "https://psa.example/2"
    assert rows["acme-rmm"] == "https://psa.example/7"


def test_a_gap_that_rests_on_a_held_feed_is_marked(tmp_path: Path) -> None:
    """It is claimed, with the feed that makes it doubtful, in the row and in the totals; other gaps are not marked."""
    world = Sandbox(tmp_path)
    boxes = [sent(f"cw_manage:{n}", serial=f"SN-1000{n}", hostname=f"box-{n}") for n in range(10)]
    world.sync("cw_manage", *boxes)
    world.sync("cw_manage", *boxes[:2])
    world.push({"provider": "cw_rmm", "id": "a", "serial": "SN-99999", "hostname": "agent"})

    whole = json.loads(report("coverage", world))

    rows = {row["hostname"]: (row["gap"], row["caution"]) for row in whole["rows"]}
    assert rows["agent"] == ("unbilled", "cw_manage is held")
    assert rows["box-9"] == ("unmanaged", None)
    assert whole["totals"]["notes"] == ["cw_manage is held: what no PSA seems to list may be listed by now"]
    assert [(each["gap"], each["caution"]) for each in whole["totals"]["gaps"]] == [
        ("unbilled", "cw_manage is held"),
        ("unmanaged", None),
    ]
    assert whole["totals"]["note"] is None


def test_of_a_feed_that_lists_nothing_no_number_is_told(tmp_path: Path) -> None:
    """Nought devices without EDR would be as wrong as all of them."""
    world = Sandbox(tmp_path)
    box = {"serial": "SN-10001", "hostname": "box"}
    world.push({"provider": "cw_manage", "id": "1", **box}, {"provider": "cw_rmm", "id": "a", **box})
    world.sync("sentinel")

    whole = json.loads(report("coverage", world, rules=ROLES))

    assert whole["rows"] == []
    assert (whole["totals"]["devices"], whole["totals"]["covered"], whole["totals"]["undecided"]) == (1, 0, 1)
    assert {
        "gap": "unguarded",
        "devices": None,
        "active": None,
        "caution": "no EDR lists anything",
    } in whole["totals"]["gaps"]


def test_the_combinations_of_feeds_are_counted(tmp_path: Path) -> None:
    """Each device in use stands in just one of them; the largest comes first."""
    whole = covered(tmp_path, *FLEET, *listed("more", "cw_manage"))

    assert whole["totals"]["combinations"] == [
        {"providers": ["cw_manage"], "roles": ["psa"], "devices": 2},
        {"providers": ["cw_manage", "cw_rmm"], "roles": ["psa", "rmm"], "devices": 1},
        {"providers": ["ninjaone"], "roles": ["rmm"], "devices": 1},
    ]
    assert sum(each["devices"] for each in whole["totals"]["combinations"]) == whole["totals"]["devices"]


def test_a_bound_key_is_told_of_gaps_among_its_own_records(tmp_path: Path) -> None:
    """A feed that lists nothing of its customers is one that lists nothing."""
    world = Sandbox(tmp_path)
    box = {"serial": "SN-10001", "hostname": "box", "company_id": "7"}
    world.push({"provider": "cw_manage", "id": "1", **box}, {"provider": "cw_rmm", "id": "a", **box, "company_id": "8"})
    theirs = world.acting(None, Visibility(frozenset({Customer("cw_manage", "7")})))

    whole = json.loads(report("coverage", theirs, wanted=ReportRequest(all=True)))

    assert [(row["gap"], row["providers"], row["caution"]) for row in whole["rows"]] == [
        (None, "cw_manage", "no RMM lists anything")
    ]


def test_with_suggest_the_rows_are_those_that_say_nothing(tmp_path: Path) -> None:
    """Once for each device that it may be, the likeliest first, then those of which nothing is known; same totals."""
    agents = [
        *listed("RECEPTION-01", "cw_rmm", last_user="anna"),
        *listed("RECEPTION-02", "cw_rmm"),
        *listed("WAREHOUSE", "cw_rmm"),
    ]
    silent = [
        record("cw_manage", "7", name="Spare PC"),
        record("cw_manage", "8", name="Reception PC", last_user="ACME\\anna"),
    ]
    world = world_of(tmp_path, *agents, *silent, *FLEET)

    whole = json.loads(report("coverage", world, wanted=ReportRequest(options={"suggest": True})))

    assert [(row["name"], row["rank"], row["suggestion"], row["decide"]) for row in whole["rows"]] == [
        *(
            ("Reception PC", rank, f"RECEPTION-0{rank} (cw_rmm:cw_rmm-RECEPTION-0{rank})", settles)
            for rank, settles in (
                (1, "samebox decide same cw_manage:8 cw_rmm:cw_rmm-RECEPTION-01"),
                (2, "samebox decide same cw_manage:8 cw_rmm:cw_rmm-RECEPTION-02"),
            )
        ),
        ("Spare PC", None, None, None),
    ]
    assert whole["rows"][0]["why"] == "same last user anna; a name like RECEPTION-01; same type laptop"
    assert {row["gap"] for row in whole["rows"]} == {"unmanaged"}
    plain = json.loads(report("coverage", world))
    assert whole["totals"] == plain["totals"]
    assert {row["rank"] for row in plain["rows"]} == {None}


@pytest.mark.parametrize(
    "narrowed", [ReportRequest(provider="cw_manage"), ReportRequest(company="Acme"), ReportRequest(type="Desktop")]
)
def test_a_filter_narrows_the_rows_and_not_what_is_suggested(tmp_path: Path, narrowed: ReportRequest) -> None:
    """What a row of the PSA may be is no device of the PSA, and may be listed as another type."""
    row = record("cw_manage", "8", name="Reception PC", type="Desktop")
    other = {**record("cw_manage", "9", name="Warehouse PC", type="Server"), "company": "Beta"}
    world = world_of(tmp_path, *listed("RECEPTION-01", "cw_rmm"), row, other)

    whole = json.loads(report("coverage", world, wanted=replace(narrowed, options={"suggest": True})))

    assert whole["rows"][0]["suggestion"] == "RECEPTION-01 (cw_rmm:cw_rmm-RECEPTION-01)"


def test_a_suggestion_joins_nothing(tmp_path: Path) -> None:
    """Until a person decides; then the row has an agent, and is no row any more."""
    world = world_of(tmp_path, *listed("RECEPTION-01", "cw_rmm"), record("cw_manage", "8", name="Reception PC"))
    wanted = ReportRequest(options={"suggest": True})
    [row] = json.loads(report("coverage", world, wanted=wanted))["rows"]
    left, right = row["decide"].split()[-2:]

    decide(world, Decision(Verdict.SAME, Key.parse(left), Key.parse(right), by="eva", why="asked at the desk"))

    assert json.loads(report("coverage", world, wanted=wanted))["rows"] == []
    assert json.loads(report("coverage", world))["totals"]["covered"] == 1
