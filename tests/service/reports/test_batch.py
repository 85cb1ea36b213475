"""All reports are written at once, of one moment, whole or not at all."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from service.core.errors import CannotWrite
from service.core.whole_folder import LIST
from service.reports.batch import NOTHING, write_batch
from service.reports.catalogue import REPORTS
from service.reports.formats import Format
from service.reports.overview import SUMMARY
from service.reports.rules import ReportRules
from service.store.resolved import report_runs
from service.store.resolved.report_runs import ReportRun
from service.store.world import World
from tests.service.conftest import mode_of
from tests.service.reports.fleets import NOW, record, world_of
from tests.service.sandbox import Sandbox
from tests.service.sandbox import record as raw
from tests.service.stores import on_both

pytestmark = on_both


def remembered(world: World, name: str = "all") -> ReportRun | None:
    """Return what is remembered of a batch."""
    with world.store.reading() as connection:
        return report_runs.find(connection, name)


@pytest.mark.usefixtures("no_umask")
def test_every_report_is_there_in_every_format(tmp_path: Path) -> None:
    """With the same rows in all, a summary, and for the owner's eyes alone."""
    world = world_of(tmp_path, *(record("cw_rmm", f"{n}", serial=f"SN-1000{n}") for n in range(3)))
    told: list[tuple[str, int, int | None]] = []

    written = write_batch(world, ReportRules(), tmp_path / "reports", "all", lambda *each: told.append(each))

    folder = tmp_path / "reports"
    expected = {f"{name}.{form}" for name in REPORTS for form in Format}
    assert {file.name for file in folder.iterdir()} == {*expected, SUMMARY, LIST}
    assert {mode_of(file) for file in folder.iterdir()} == {0o600}
    for each in written.reports:
        name = each.report.name
        assert len(json.loads((folder / f"{name}.json").read_text())["rows"]) == each.rows
        assert len(list(csv.reader((folder / f"{name}.csv").read_text().splitlines()))) == each.rows + 1
        assert openpyxl.load_workbook(folder / f"{name}.xlsx")["Rows"].max_row == each.rows + 1
    assert told[:3] == [("duplicates", 1, 3), ("duplicates", 2, 3), ("duplicates", 3, 3)]
    assert (written.as_of, written.warnings) == (NOW, [])


class Interfering(Sandbox):
    """A world in which something is pushed while a batch is written."""

    pushed = False

    @contextmanager
    def pushing(self) -> Iterator[Any]:
        """Give a progress that pushes another device after the first file."""

        def report(*_: Any) -> None:
            if not self.pushed:
                self.pushed = True
                self.push(raw("cw_rmm:late", serial="SN-99999"))

        yield report


def test_all_reports_see_one_moment(tmp_path: Path) -> None:
    """What comes while they are written is in the next ones, and is new then."""
    world = Interfering(tmp_path)
    world.push(raw("cw_rmm:a", serial="SN-10001"))

    with world.pushing() as progress:
        write_batch(world, ReportRules(), tmp_path / "reports", "all", progress)
    assert world.pushed

    made = [json.loads((tmp_path / "reports" / f"{name}.json").read_text()) for name in REPORTS]
    assert {whole["position"] for whole in made} == {1}
    assert len({whole["generated_at"] for whole in made}) == 1
    write_batch(world, ReportRules(), tmp_path / "reports", "all")
    rows = json.loads((tmp_path / "reports" / "new.json").read_text())["rows"]
    assert [row["records"] for row in rows] == ["cw_rmm:late"]


def test_each_name_counts_for_itself(tmp_path: Path) -> None:
    """Those who read every week miss nothing because others read every day."""
    world = world_of(tmp_path, record("cw_rmm", "a", serial="SN-10001"))
    for folder, name in (("day", "daily"), ("day", "daily"), ("week", "weekly")):
        write_batch(world, ReportRules(), tmp_path / folder, name)

    counts = [json.loads((tmp_path / each / "new.json").read_text())["totals"]["new"] for each in ("day", "week")]
    assert counts == [0, 1]


def test_a_batch_that_is_not_in_place_is_not_remembered(tmp_path: Path) -> None:
    """The next one counts from the one before, so that nothing that is new is lost."""
    world = world_of(tmp_path, record("cw_rmm", "a", serial="SN-10001"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    with pytest.raises(CannotWrite):
        write_batch(world, ReportRules(), tmp_path / "mine", "all")

    def interrupt(what: str, done: int, expected: int | None = None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_batch(world, ReportRules(), tmp_path / "reports", "all", interrupt)

    assert remembered(world) is None
    assert not (tmp_path / "reports").exists()
    write_batch(world, ReportRules(), tmp_path / "reports", "all")
    assert remembered(world) == ReportRun("all", NOW, 1, NOW)


def test_a_feed_that_cannot_be_relied_on_is_a_warning(tmp_path: Path) -> None:
    """So is a store in which nothing is."""
    folder = tmp_path / "late"
    folder.mkdir()
    world = Sandbox(folder, now=lambda: NOW - timedelta(days=9))
    world.sync("cw_rmm", raw("cw_rmm:a", serial="SN-10001"))

    late = write_batch(world.changed(now=lambda: NOW), ReportRules(), folder / "reports", "all")
    nothing = write_batch(world_of(tmp_path / "empty"), ReportRules(), tmp_path / "reports", "all")

    assert [warning.partition(":")[0] for warning in late.warnings] == ["cw_rmm is late"]
    assert nothing.warnings == [NOTHING]
