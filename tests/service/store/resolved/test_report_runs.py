"""The last batch of reports of each name is remembered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.store.resolved import report_runs
from service.store.resolved.report_runs import ReportRun
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def test_a_later_batch_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """Those of other names stay."""
    first, other = ReportRun("all", NOON, 5, NOON), ReportRun("weekly", NOON, 6, NOON)
    later = ReportRun("all", NOON + timedelta(days=1), 9, NOON + timedelta(days=1, minutes=2))

    with Sandbox(tmp_path).store.writing() as connection:
        assert report_runs.find(connection, "all") is None
        for run in (first, other, later):
            report_runs.remember(connection, run)
        assert report_runs.find(connection, "all") == later
        assert report_runs.find(connection, "weekly") == other
