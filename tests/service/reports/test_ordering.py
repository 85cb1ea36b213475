"""Work is sorted, a list of everything is not held."""

from itertools import count, islice
from pathlib import Path

from service.reports.context import ReportContext, ReportRequest
from service.reports.ordering import most_worth_first
from service.reports.rules import ReportRules
from tests.service.reports.fleets import NOW, world_of


def test_all_rows_come_as_they_are_read(tmp_path: Path) -> None:
    """Of a list without end the first ones can be had; a list of work is in order."""
    world = world_of(tmp_path)

    with world.store.reading() as connection:
        everything, work = (
            ReportContext(connection, world.policy, ReportRules(), NOW, ReportRequest(all=all)) for all in (True, False)
        )
        assert list(islice(most_worth_first(count(), lambda n: -n, everything), 3)) == [0, 1, 2]
        assert list(most_worth_first([1, 3, 2], lambda n: -n, work)) == [3, 2, 1]
