"""The command `explain`."""

import json
from pathlib import Path

import pytest

from tests.service.cli.examples import LAPTOPS, OTHERS
from tests.service.conftest import RECORDS, Run, ndjson
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_a_pair_is_explained(fleet: Run) -> None:
    """In sentences for a person, as data for a program."""
    plain, as_json = fleet("explain", *LAPTOPS), fleet("explain", *OTHERS, "--json")

    assert "are one device" in plain.out
    assert "\nBoth say\n  serial 5CG1234ABC\n  MAC 3C:52:82:AA:BB:01\n  hostname acme-lt-1\n" in plain.out
    assert json.loads(as_json.out)["same"] is False


@on_both
def test_a_device_is_explained_by_the_record_that_says_most(fleet: Run, tmp_path: Path) -> None:
    """And it is said which record that is; a name, a hostname and an id of ConnectWise name a device."""
    fleet("import", ndjson(tmp_path / "more.ndjson", {**RECORDS[0], "macs": []}))

    for name in ("4711", "ACME-LT-1", "5cg 1234 abc"):
        shown = fleet("explain", name, "acme-srv-1").out
        assert shown.splitlines()[:2] == [
            "A  acme-lt-1   Acme Inc.  rmm_alpha:A-17",
            "B  acme-srv-1  Acme Inc.  rmm_alpha:A-18",
        ]
        assert "rmm_alpha:A-17 and rmm_alpha:A-18 are different devices" in " ".join(shown.split())


@pytest.mark.parametrize("names", [("acme-lt-1",), ("cw_manage:4711",), ("acme-lt-1", "acme-lt-1")])
def test_one_name_explains_why_its_records_are_one_device(fleet: Run, names: tuple[str, ...]) -> None:
    """Two different records of it."""
    shown = fleet("explain", *names).out

    assert [line.split()[-1] for line in shown.splitlines()[:2]] == list(LAPTOPS)
    assert "are one device" in shown


def test_whose_evidence_it_is_is_said_where_it_is_of_other_records(run: Run, tmp_path: Path) -> None:
    """A chain of three records joins its ends."""
    chain = [
        {"provider": "a", "id": "1", "serial": "5CG1234ABC"},
        {"provider": "b", "id": "1", "serial": "5CG1234ABC", "bios_guid": "4C4C4544-0042-3510-8054-B4C04F4A5931"},
        {"provider": "c", "id": "1", "bios_guid": "4C4C4544-0042-3510-8054-B4C04F4A5931"},
    ]
    run("import", ndjson(tmp_path / "chain.ndjson", *chain))

    shown = run("explain", "a:1", "c:1").out

    assert "\n  serial 5CG1234ABC: a:1 and b:1\n" in shown
    assert "\n  BIOS GUID 4C4C4544-0042-3510-8054-B4C04F4A5931: b:1 and c:1\n" in shown


@pytest.mark.parametrize(
    ("names", "code", "reason"),
    [
        (("cw_manage:9", "rmm_alpha:A-17"), 2, "no record 'cw_manage:9'"),
        (
            ("cw_manag:4711", "rmm_alpha:A-17"),
            2,
            "no provider 'cw_manag'; did you mean 'cw_manage'? known: cw_manage, ",
        ),
        (("acme-ltt-1", "rmm_alpha:A-17"), 2, "no device 'acme-ltt-1'; did you mean 'acme-lt-1'?"),
        (("acme-srv-1",), 1, "there is one record, rmm_alpha:A-18: name another one"),
        (("cw_manage:4711", "cw_manage:4711"), 1, "there is one record, cw_manage:4711: name another one"),
    ],
)
def test_what_cannot_be_explained_is_named(fleet: Run, names: tuple[str, ...], code: int, reason: str) -> None:
    """One line; a name that is not known ends with 2."""
    ran = fleet("explain", *names)

    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(f"samebox: {reason}")
    assert ran.err.count("\n") == 1
