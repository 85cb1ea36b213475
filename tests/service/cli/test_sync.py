"""The commands `sync` and `quarantine`."""

import json
from pathlib import Path

import pytest

from tests.service.cli.examples import ninjaone
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


def test_a_provider_that_fails_does_not_stop_the_others(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One clear line, exit code 1, and the other provider's records are in."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    monkeypatch.setenv("Providers__ConnectWiseRmm__Folder", str(tmp_path / "missing"))
    ran = run("sync", "--json")

    outcomes = {each["provider"]: each for each in json.loads(ran.out)}
    assert ran.code == 1
    assert outcomes["ninjaone"]["new"] == 2
    assert outcomes["cw_rmm"]["error"]
    assert [line for line in ran.err.splitlines() if "cw_rmm" in line and "missing" in line]


@on_both
def test_a_second_sync_changes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it says so."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    first, second = run("sync", "ninjaone"), run("sync", "--json")

    [outcome] = json.loads(second.out)
    assert (first.code, second.code) == (0, 0)
    assert "stored" in first.out
    assert (outcome["new"], outcome["changed"], outcome["same"], outcome["gone"]) == (0, 0, 2, 0)


def test_a_sync_without_providers_says_what_to_set(run: Run) -> None:
    """The settings that turn a provider on are named."""
    ran = run("sync")

    assert ran.code == 1
    assert "Providers:ConnectWiseManage" in ran.err
