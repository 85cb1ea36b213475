"""What the making of a report is given."""

from pathlib import Path

from service.reports.context import ReportContext, ReportRequest
from service.reports.rules import ReportRules
from tests.service.reports.fleets import NOW, record, world_of


def test_the_providers_are_known_by_name(tmp_path: Path) -> None:
    """Each with what it lists."""
    world = world_of(tmp_path, record("cw_manage", "1"), record("cw_rmm", "A"), record("cw_rmm", "B"))

    with world.store.reading() as connection:
        context = ReportContext(connection, world.policy, ReportRules(), NOW, ReportRequest())
        assert {name: each.records for name, each in context.sources.items()} == {"cw_manage": 1, "cw_rmm": 2}
