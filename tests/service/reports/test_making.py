"""A report says how it was made, and is refused where it would mislead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.core.errors import BadRequest, UnknownValue
from service.reports.catalogue import report_named
from service.reports.context import ReportRequest
from service.reports.making import MadeReport, made_report, totals_of
from service.reports.rules import ReportRules
from service.stewardship.forgetting import forget
from service.store.access.visibility import Customer, Visibility
from service.store.world import World
from tests.service.reports.fleets import NOW, record, world_of
from tests.service.sandbox import Sandbox

TWICE = [record("cw_manage", str(number), serial="5CG1234ABC", company_id="7") for number in (1, 2)]


def head(world: World, wanted: ReportRequest = ReportRequest()) -> MadeReport[object, object]:  # noqa: B008 - frozen
    """Return the report of duplicates as it is made, without its rows."""
    with made_report(world, ReportRules(), report_named("duplicates"), wanted) as made:
        return made


def test_a_report_says_when_and_from_what_it_was_made(tmp_path: Path) -> None:
    """And to what it is narrowed."""
    made = head(world_of(tmp_path, *TWICE), ReportRequest(company="acme", type="laptop")).head

    assert (made.report, made.generated_at, made.narrowed_to) == ("duplicates", NOW, "customer acme, type laptop")
    assert [(each.provider, each.records) for each in made.sources] == [("cw_manage", 2)]
    assert (made.position, made.warnings) == (1, [])


def test_a_feed_that_cannot_be_relied_on_is_a_warning(tmp_path: Path) -> None:
    """Whoever reads the numbers reads it first."""
    world = Sandbox(tmp_path)
    world.sync("cw_rmm")

    [warning] = head(world).head.warnings

    assert warning.startswith("cw_rmm is empty: ")


@pytest.mark.parametrize(
    "wanted", [ReportRequest(company="acne"), ReportRequest(provider="cw_manag"), ReportRequest(type="lapdog")]
)
def test_a_name_that_is_not_known_is_told_the_nearest(tmp_path: Path, wanted: ReportRequest) -> None:
    """Before the first byte is written."""
    with pytest.raises(UnknownValue, match=r"did you mean '(acme|cw_manage|laptop)'\?"):
        head(world_of(tmp_path, *TWICE), wanted)


def test_a_filter_that_the_report_has_not_is_refused(tmp_path: Path) -> None:
    """It would look as if it had been heeded."""
    with pytest.raises(BadRequest, match="no filter since"):
        head(world_of(tmp_path, *TWICE), ReportRequest(since=NOW))


def test_the_tag_changes_with_what_is_stored_and_what_is_wanted(tmp_path: Path) -> None:
    """And not with the time of the day."""
    world = Sandbox(tmp_path)
    world.push(*TWICE)
    first, again, other = head(world).tag, head(world).tag, head(world, ReportRequest(all=True)).tag
    world.push(record("cw_manage", "3"))

    assert first == again
    assert len({first, other, head(world).tag}) == 3


TAG = """
import sys
from datetime import UTC, datetime
from service.core.settings import load_settings
from service.reports.catalogue import report_named
from service.reports.context import ReportRequest
from service.reports.making import made_report
from service.reports.rules import ReportRules
from service.store.engine import open_store
from service.stewardship.forgetting import forget
from service.store.world import World
from matching.policy import Policy

world = World(open_store(sys.argv[1]), Policy(), lambda: datetime(2026, 11, 23, tzinfo=UTC), lambda: "id")
rules = ReportRules(active_providers=frozenset({"a", "b", "c", "d"}))
with made_report(world, rules, report_named("duplicates"), ReportRequest()) as made:
    print(made.tag)
"""


def test_the_tag_is_the_same_in_every_process(tmp_path: Path) -> None:
    """A caller may be answered by another process than before, which orders its sets otherwise."""
    url = world_of(tmp_path / "store", *TWICE).store.engine.url.render_as_string(hide_password=False)

    tags = set()
    for seed in "123":
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", TAG, url]
        tags.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)

    assert len(tags) == 1
    assert tags != {b""}


def test_what_is_forgotten_is_another_report(tmp_path: Path) -> None:
    """A name may have stood in quarantine alone, and no row more or less is there without it."""
    world = Sandbox(tmp_path)
    world.push(*TWICE)
    before = head(world).tag
    forget(world, "jdoe", bytes)

    assert head(world).tag != before


def test_a_bound_key_gets_no_tag_and_no_position(tmp_path: Path) -> None:
    """Both would change with what others store."""
    world = world_of(tmp_path, *TWICE).acting(None, Visibility(frozenset({Customer("cw_manage", "7")})))

    made = head(world)

    assert (made.tag, made.head.position) == (None, None)
    assert [each.sync_id for each in made.head.sources] == [None]


def test_totals_are_known_without_keeping_rows(tmp_path: Path) -> None:
    """What is counted is what the rows add up to."""
    totals = totals_of(world_of(tmp_path, *TWICE), ReportRules(), report_named("duplicates"))

    assert (totals.records, totals.inside) == (2, 1)
