"""The commands `lookup` and `explain`."""

import json

import pytest

from tests.service.conftest import Run
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


def test_a_device_is_shown_with_its_sources(fleet: Run) -> None:
    """The table names each value, the record it came from and the records behind the device."""
    ran = fleet("lookup", "5cg 1234 abc")

    assert "5CG1234ABC" in ran.out
    assert "cw_manage:4711" in ran.out
    assert "rmm_alpha:A-17" in ran.out


def test_an_identifier_that_nobody_holds_ends_with_1(fleet: Run) -> None:
    """A script can ask whether a device is known; as JSON the answer is an empty list."""
    plain, as_json = fleet("lookup", "nowhere"), fleet("lookup", "nowhere", "--json")

    assert (plain.code, plain.out) == (1, "")
    assert plain.err == "samebox: no device in samebox.db holds 'nowhere'\n"
    assert (as_json.code, json.loads(as_json.out)) == (1, [])


@on_both
def test_a_pair_is_explained(fleet: Run) -> None:
    """In a sentence and tables for a person, as data for a program."""
    plain = fleet("explain", "cw_manage:4711", "rmm_alpha:A-17")
    as_json = fleet("explain", "cw_manage:4711", "rmm_alpha:A-18", "--json")

    assert "are one device" in plain.out
    assert "5CG1234ABC" in plain.out
    assert json.loads(as_json.out)["same"] is False


@pytest.mark.parametrize(("key", "reason"), [("4711", "write provider:id"), ("cw_manage:9", "no record 'cw_manage:9'")])
def test_a_record_that_cannot_be_explained_is_named(fleet: Run, key: str, reason: str) -> None:
    """One line, and exit code 1."""
    ran = fleet("explain", key, "rmm_alpha:A-17")

    assert ran.code == 1
    assert ran.err.startswith("samebox: ")
    assert reason in ran.err
    assert ran.err.count("\n") == 1
