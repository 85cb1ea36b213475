"""On which feeds a count rests; the report over feeds that are held or empty is in `test_counts`."""

from datetime import timedelta
from pathlib import Path

import pytest

from service.reports.catalogue.billing.reliance import Reliance
from service.reports.context import ReportContext, ReportRequest
from service.reports.rules import FeedRole, ReportRules
from tests.service.reports.fleets import NOW, record
from tests.service.sandbox import Sandbox

MINE, NOBODYS = {"cw_manage", "cw_rmm"}, {"cw_manage"}


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a world that has read a PSA, an RMM with a device, and one that lists nothing."""
    made = Sandbox(tmp_path, now=lambda: NOW)
    made.sync("cw_manage", record("cw_manage", "1"))  # type: ignore[arg-type]
    made.sync("cw_rmm", record("cw_rmm", "a"))  # type: ignore[arg-type]
    return made


def reliance(world: Sandbox, rules: ReportRules = ReportRules(), hours: float = 0) -> tuple[str | None, ...]:  # noqa: B008 - frozen
    """Return why counts may be wrong of devices that the RMM lists, of others, and why no zero is shown."""
    with world.store.reading() as connection:
        now = NOW + timedelta(hours=hours)
        found = Reliance(ReportContext(connection, world.policy, rules, now, ReportRequest()))
        return found.because(MINE), found.because(NOBODYS), found.zero_because


def test_feeds_that_came_mark_nothing(world: Sandbox) -> None:
    """Also a zero can be relied on."""
    assert reliance(world) == (None, None, None)


def test_a_late_feed_marks_the_counts_of_its_customers_and_every_zero(world: Sandbox) -> None:
    """The PSA says whose a device is, so it counts as well."""
    late = "cw_manage is late, cw_rmm is late"

    assert reliance(world, hours=49) == (late, "cw_manage is late", late)


def test_an_empty_feed_marks_all(world: Sandbox) -> None:
    """Nobody knows whose devices it would list; one that the settings name and that never came is as empty."""
    world.sync("ninjaone")

    assert set(reliance(world)) == {"ninjaone is empty"}
    assert set(reliance(world, ReportRules(roles={"edr": FeedRole.EDR}))) == {"edr is empty, ninjaone is empty"}
    assert reliance(world, ReportRules(active_providers=frozenset({"cw_rmm"}))) == (None, None, None)


def test_where_nobody_says_what_is_seen_there_is_no_zero(world: Sandbox) -> None:
    """The PSA alone does not."""
    rules = ReportRules(psa_providers=frozenset({"cw_manage", "cw_rmm"}))

    assert reliance(world, rules)[2] == "no provider that says when devices were last seen lists any"
