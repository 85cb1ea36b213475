"""The command `syncs`."""

import json
import re
from pathlib import Path

import pytest

from tests.service.cli.examples import ninjaone
from tests.service.conftest import Run
from tests.service.stores import on_both

pytestmark = pytest.mark.usefixtures("logging_as_before")


@on_both
def test_runs_are_listed_the_latest_first(fleet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with what became of its rows, and why it failed; narrowed to a provider, or cut short and told so."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", ninjaone(tmp_path / "ninjaone"))
    fleet("sync", "ninjaone")
    monkeypatch.setenv("Providers__NinjaOne__Folder", str(tmp_path / "missing"))
    fleet("sync", "ninjaone")

    runs = json.loads(fleet("syncs", "--json").out)
    shown, latest, none = fleet("syncs"), fleet("syncs", "--limit", "1"), fleet("syncs", "--provider", "cw_rmm")

    assert [(run["provider"], run["status"], run["new"]) for run in runs] == [
        ("ninjaone", "failed", 0),
        ("ninjaone", "succeeded", 2),
        ("import", "succeeded", 3),
    ]
    assert str(tmp_path / "missing") in "".join(shown.out.split())  # a path may be longer than a line
    assert shown.err == "samebox: syncs: 3\n"
    assert ("import" in latest.out, "there are more" in latest.err) == (False, True)
    assert (none.out, none.err) == ("", "samebox: syncs: 0\n")


def test_a_run_says_how_it_ended_what_became_of_its_rows_and_why_on_lines_of_its_own(
    fleet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts of nothing are left out; `--full` has the id, who began it, and all counts."""
    monkeypatch.setenv("Providers__NinjaOne__Folder", str(tmp_path / "missing"))
    fleet("sync", "ninjaone")

    failed, stored = fleet("syncs").out.split("\n\n")
    [run] = json.loads(fleet("syncs", "--provider", "import", "--json").out)
    full = fleet("syncs", "--provider", "import", "--full").out

    assert re.fullmatch(
        r"ninjaone  [\d-]+ [\d:]+  \w+, failed after [\d.e-]+ s\n  0 rows read\n  ninjaone:[^~]*", failed
    )
    assert re.fullmatch(r"import  [\d-]+ [\d:]+  \w+, succeeded after [\d.e-]+ s\n  3 rows read: 3 new\n", stored)
    assert run["id"] not in stored
    assert re.search(rf"^  id +{run['id']}$", full, re.M)
    assert re.search(r"^  quarantined +0$", full, re.M)
