"""What speaks against retiring a surplus record is said before somebody does it."""

import json
from pathlib import Path
from typing import Any

from tests.service.people import decide
from tests.service.reports.fleets import record, report, world_of
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

SERIAL = {"serial": "5CG1234ABC", "hostname": "acme-1"}
EARLY, LATE, LATER = "2026-11-01T08:00:00Z", "2026-11-20T08:00:00Z", "2026-11-20T20:00:00Z"


def against(tmp_path: Path, *records: dict[str, Any], decided: tuple[str, str] | None = None) -> list[str | None]:
    """Return what speaks against each row."""
    world = world_of(tmp_path, *records)
    if decided:
        decide(Sandbox(tmp_path, store=world.store), "same", *decided)
    return [row["against"] for row in json.loads(report("duplicates", world))["rows"]]


def test_nothing_speaks_against_a_plain_duplicate(tmp_path: Path) -> None:
    """Two configurations that say the same."""
    assert against(tmp_path, record("cw_manage", "1", **SERIAL), record("cw_manage", "2", **SERIAL)) == [None]


def test_values_that_differ_speak_against(tmp_path: Path) -> None:
    """With what each of the two says, as people write it."""
    fleet = [
        record("cw_manage", "1", **SERIAL, macs=["3C-52-82-AA-BB-01"]),
        record("cw_manage", "2", serial="5CG1234ABC", hostname="acme-2", macs=["3C-52-82-AA-BB-02"]),
    ]

    assert against(tmp_path, *fleet) == ["hostname acme-2 against acme-1"]


def test_hardware_that_differs_speaks_against(tmp_path: Path) -> None:
    """A person joined the two; whoever retires one of them should know that their serials differ."""
    fleet = [
        record("cw_manage", "1", **SERIAL, macs=["3C-52-82-AA-BB-01"]),
        record("cw_manage", "2", serial="PF0QWERT", hostname="acme-1", macs=["3C-52-82-AA-BB-02"]),
    ]

    assert against(tmp_path, *fleet, decided=("cw_manage:1", "cw_manage:2")) == [
        "serial PF0QWERT against 5CG1234ABC; MAC 3C:52:82:AA:BB:02 against 3C:52:82:AA:BB:01"
    ]


def test_a_conflict_of_other_records_speaks_against(tmp_path: Path) -> None:
    """The two agree, and a third record of the device contradicts them."""
    fleet = [
        record("cw_manage", "1", **SERIAL),
        record("cw_manage", "2", **SERIAL),
        record("cw_rmm", "a", serial="PF0QWERT", hostname="acme-9"),
    ]

    assert against(tmp_path, *fleet, decided=("cw_manage:1", "cw_rmm:a")) == ["records of the device differ on serial"]


def test_an_open_review_speaks_against(tmp_path: Path) -> None:
    """Its number is the one that `samebox decide` takes."""
    fleet = [
        record("cw_manage", "1", **SERIAL),
        record("cw_manage", "2", **SERIAL),
        record("cw_rmm", "a", serial="5CG1234ABD", hostname="acme-1"),
    ]

    assert against(tmp_path, *fleet) == ["review 1 asks whether both and cw_rmm:a are one box"]


def test_a_kept_record_that_is_not_in_use_is_told(tmp_path: Path) -> None:
    """Of two agents that are off neither stands for a device that another system lists in use."""
    fleet = [
        record("cw_rmm", "1", **SERIAL, active=False),
        record("cw_rmm", "2", **SERIAL, active=False),
        record("ninjaone", "x", **SERIAL),
    ]

    assert against(tmp_path, *fleet) == ["the kept one is not in use, and ninjaone:x is"]


def test_two_agents_that_both_report_are_told(tmp_path: Path) -> None:
    """They may be two boxes; one that stopped reporting is what a re-installation left."""
    fleet = [record("cw_rmm", "1", **SERIAL, last_seen=LATE), record("cw_rmm", "2", **SERIAL, last_seen=LATER)]
    former = [record("cw_rmm", "1", **SERIAL, last_seen=EARLY), record("cw_rmm", "2", **SERIAL, last_seen=LATER)]

    assert against(tmp_path / "both", *fleet) == ["both are in use, and were seen within a day of each other"]
    assert against(tmp_path / "one", *former) == [None]


def test_a_record_that_was_seen_later_than_the_kept_one_is_told(tmp_path: Path) -> None:
    """The kept one is in use, and still the other one reported last."""
    fleet = [
        record("cw_rmm", "1", **SERIAL, last_seen=EARLY),
        record("cw_rmm", "2", **SERIAL, last_seen=LATER, active=False),
    ]

    assert against(tmp_path, *fleet) == ["this one was seen later than the kept one: 2026-11-20, 2026-11-01"]
