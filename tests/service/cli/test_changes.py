"""The command `changes`."""

import json
from pathlib import Path

import pytest

from tests.service.cli.examples import LAPTOPS, OTHERS, ninjaone
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_changes_go_on_where_they_ended(fleet: Run) -> None:
    """The number that one call ends with begins the next."""
    first = json.loads(fleet("changes", "--after", "0", "--limit", "1", "--json").out)
    rest = json.loads(fleet("changes", "--after", str(first["seq"]), "--json").out)

    assert [each["seq"] for each in first["data"] + rest["data"]] == [1, 2]
    assert "created from" in fleet("changes").out
    assert "samebox changes --after 2" in fleet("changes").err


@on_both
def test_the_latest_changes_are_listed_where_nothing_else_is_asked_for(fleet: Run) -> None:
    """In the order in which they were stored; all of them where there are not so many."""
    latest, every = (
        [each["seq"] for each in json.loads(fleet("changes", *limit, "--json").out)["data"]]
        for limit in (("--limit", "1"), ())
    )

    assert (latest, every) == ([2], [1, 2])


@on_both
def test_a_change_names_devices_and_not_ids(fleet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the device into which another one was merged, and the provider instead of the run; `--full` has the ids."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone", 1))
    fleet("sync", "ninjaone")
    fleet("decide", "same", *OTHERS, "--why", "one asset tag", "--by", "anna")
    [found] = json.loads(fleet("lookup", LAPTOPS[0], "--kind", "record", "--json").out)
    shown, full = (" ".join(fleet("changes", *option).out.split()) for option in ((), ("--full",)))

    assert f"retired: merged into {found['values']['hostname']}; its history goes on there." in shown
    assert "NJ-1: created from ninjaone:1. By a sync of ninjaone." in shown
    assert found["id"] not in shown
    assert f"{found['id']} " in full
