"""The command `lookup`."""

import json
from pathlib import Path

import pytest

from tests.service.cli.examples import device
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_records_come_in_and_are_found(fleet: Run) -> None:
    """Import resolves at once: one notation of one provider's value finds the device of both."""
    ran = fleet("lookup", "3c52.82aa.bb01", "--json")

    [device] = json.loads(ran.out)
    assert ran.code == 0
    assert [(each["provider"], each["id"]) for each in device["records"]] == [
        ("cw_manage", "4711"),
        ("rmm_alpha", "A-17"),
    ]


def test_what_was_understood_comes_first(fleet: Run) -> None:
    """The kind and the canonical value, then a device with its name above all else, then its records."""
    ran = fleet("lookup", "5cg 1234 abc")

    said, _, name, *rest = ran.out.splitlines()
    assert (said, name) == ("Understood as serial 5CG1234ABC.", "acme-lt-1")
    assert [line.split() for line in rest if line.startswith("  serial")] == [["serial", "5CG1234ABC"]]
    assert rest[-3:] == [
        "Records",
        "  cw_manage:4711  acme-lt-1  not known  live",
        "  rmm_alpha:A-17  acme-lt-1  not known  live",
    ]


def test_an_id_and_a_hostname_find_a_device(fleet: Run) -> None:
    """As every identifier does."""
    shown = fleet("lookup", "rmm_alpha:A-17").out.partition("\n\n")[2]

    assert fleet("lookup", device(fleet, "rmm_alpha:A-17")).out == shown
    assert fleet("lookup", "ACME-LT-1").out == f"Understood as hostname acme-lt-1.\n\n{shown}"


def test_a_value_that_is_no_evidence_says_why(run: Run, tmp_path: Path) -> None:
    """Where it was understood, and where the device is shown."""
    run("import", ndjson(tmp_path / "placeholder.ndjson", {**RECORDS[0], "serial": "To be filled by O.E.M."}))

    ran = run("lookup", "to be filled by o.e.m.")

    assert ran.out.startswith("Understood as serial TOBEFILLEDBYO.E.M., which is no evidence (placeholder).\n\n")
    assert "\nValues that are no evidence\n  cw_manage:4711  serial TOBEFILLEDBYO.E.M.  placeholder\n" in ran.out


def test_an_identifier_that_nobody_holds_ends_with_1(fleet: Run) -> None:
    """A script can ask whether a device is known; as JSON the answer is an empty list."""
    plain, as_json = fleet("lookup", "nowhere"), fleet("lookup", "nowhere", "--json")

    assert (plain.code, plain.out) == (1, "")
    assert plain.err == "samebox: no device in samebox.db holds 'nowhere'\n"
    assert (as_json.code, json.loads(as_json.out)) == (1, [])


def test_the_nearest_name_is_told_where_nobody_holds_it(fleet: Run) -> None:
    """A letter too many is no other device."""
    ran = fleet("lookup", "acme-ltt-1")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "samebox: no device in samebox.db holds 'acme-ltt-1'; did you mean 'acme-lt-1'?\n"


def test_several_devices_are_listed_with_what_to_type(run: Run, tmp_path: Path) -> None:
    """Without a terminal to ask on, the exit code is 2; JSON has all of them."""
    boxes = [{"provider": "rmm", "id": str(n), "hostname": "pc-1", "serial": f"SN-1000{n}"} for n in (1, 2)]
    run("import", ndjson(tmp_path / "twins.ndjson", *boxes))

    plain, as_json = run("lookup", "pc-1"), run("lookup", "pc-1", "--json")

    assert (plain.code, plain.out) == (2, "Understood as hostname pc-1.\n\n")
    assert sorted(plain.err.splitlines()) == [
        "  rmm:1  pc-1",
        "  rmm:2  pc-1",
        "samebox: 'pc-1' names 2 devices",
        "samebox: type the record that begins a line, instead of that",
    ]
    assert (as_json.code, len(json.loads(as_json.out))) == (0, 2)
    assert "SN-10001" in run("lookup", "rmm:1").out
