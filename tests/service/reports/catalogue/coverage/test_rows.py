"""The cells of a row, and its place among the rows."""

from datetime import timedelta
from pathlib import Path

from service.reports.catalogue.coverage.gaps import CoverageGap, FeedRoles, GapFinder
from service.reports.catalogue.coverage.rows import CoverageRow, coverage_row, place_of
from service.reports.context import ReportContext, ReportRequest
from service.reports.devices import devices
from service.reports.rules import ReportRules
from tests.service.reports.fleets import NOW, record, world_of

RULES = ReportRules(weights={"server": 3})


def rows_of(folder: Path, *records: dict[str, object]) -> list[CoverageRow]:
    """Return the row of each device in use, in order of place."""
    world = world_of(folder, *records)
    with world.store.reading() as connection:
        context = ReportContext(connection, world.policy, RULES, NOW, ReportRequest())
        finder = GapFinder(FeedRoles(context.sources.values()), world.policy)
        found = []
        for device in devices(context):
            live = device.live(context)
            roles = frozenset(RULES.role(each.provider) for each in live)
            found.append(coverage_row(device, live, finder.of(roles, device.text("type")), context))
        return sorted(found, key=lambda row: place_of(row, context))


def test_records_are_ready_to_paste_those_of_the_psa_first(tmp_path: Path) -> None:
    """As `provider:id`, which every command takes; those that are not in use are named as well."""
    box = {"serial": "5CG1234ABC", "hostname": "box"}
    [row] = rows_of(
        tmp_path,
        record("a_rmm", "1", **box),
        record("cw_manage", "2", **box),
        record("z_rmm", "3", **box, active=False),
    )

    assert (row.psa_records, row.rmm_records, row.providers) == ("cw_manage:2", "a_rmm:1", "cw_manage, a_rmm")
    assert row.finding == "covered: in use in cw_manage:2, a_rmm:1; not in use: z_rmm:3"


def test_only_an_agent_says_when_a_device_was_last_seen(tmp_path: Path) -> None:
    """The PSA's own time is when a person touched the row."""
    seen = f"{NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    [row] = rows_of(tmp_path, record("cw_manage", "2", serial="5CG1234ABC", last_seen=seen))

    assert (row.agent_last_seen, row.active, row.last_seen) == (None, False, seen)
    assert row.feed_last_returned == row.since == NOW


def test_within_a_gap_what_weighs_more_comes_first_then_what_was_seen_last(tmp_path: Path) -> None:
    """Weights are those of the setting; a device of which nobody says when it was seen comes last."""
    seen = [(NOW - timedelta(days=days)).isoformat() for days in (1, 2, 3)]
    fleet = [
        record("rmm", "1", hostname="unseen", serial="5CG1234AB1"),
        record("rmm", "2", hostname="laptop-2", serial="5CG1234AB2", last_seen=seen[1]),
        record("rmm", "3", hostname="laptop-1", serial="5CG1234AB3", last_seen=seen[0]),
        record("rmm", "4", hostname="server", serial="5CG1234AB4", last_seen=seen[2], type="Server"),
        record("cw_manage", "5", hostname="unmanaged", serial="5CG1234AB5"),
    ]

    rows = rows_of(tmp_path, *fleet)

    assert [row.hostname for row in rows] == ["server", "laptop-1", "laptop-2", "unseen", "unmanaged"]
    assert [row.gap for row in rows][-2:] == [CoverageGap.UNBILLED, CoverageGap.UNMANAGED]
