"""The command `history`."""

import json
from pathlib import Path

import pytest

from tests.service.cli.examples import OTHERS, device, ninjaone
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_the_history_of_a_retired_id_says_where_it_leads(fleet: Run) -> None:
    """Its own lines, then those of its successor."""
    ids = {device(fleet, record) for record in OTHERS}
    fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    heir = device(fleet, OTHERS[0])
    [gone] = ids - {heir}

    ran = fleet("history", gone)

    assert f"merged with {gone}" in " ".join(ran.out.split())
    assert ran.out.startswith(f"A device that is retired  {gone}\n")
    assert f"acme-lt-1  {heir}\n" in ran.out
    assert f"{gone} is retired; it leads to {heir}" in ran.err
    assert json.loads(fleet("history", gone, "--json").out)["leads_to"] == heir


@on_both
@pytest.mark.parametrize("name", ["acme-lt-1", "cw_manage:4711", "5CG1234ABC", "4711"])
def test_whatever_names_a_device_names_its_history(fleet: Run, name: str) -> None:
    """The same lines as under its id, below its name."""
    own = device(fleet, "cw_manage:4711")
    ran = fleet("history", name)

    assert ran == fleet("history", own)
    assert ran.out.startswith(f"acme-lt-1  {own}\n  ")
    assert "created from cw_manage:4711" in ran.out


def test_the_id_of_a_sync_is_shown_where_all_is_wanted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No command takes it."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    run("sync", "ninjaone")
    short, full = (" ".join(run("history", "NJ-1", *more).out.split()) for more in ((), ("--full",)))

    assert "By a sync of ninjaone." in short
    assert "By sync " in full


@on_both
def test_the_history_of_no_device_is_one_line(fleet: Run) -> None:
    """It repeats the name and lists those that are known; the exit code is 2."""
    ran = fleet("history", "none")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "samebox: no device 'none'; known: 5cg1234abc, acme-lt-1, acme-srv-1, vmx9kq2\n"
