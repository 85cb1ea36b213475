"""A number from a feed that is late, held, empty or failing is marked."""

from datetime import timedelta
from pathlib import Path

from matching.model import Record
from service.ingest.protocol import Quarantined
from service.reports.rules import FeedRole, ReportRules
from service.reports.sources import FeedSource, FeedState, sources
from service.store.access.visibility import Customer, Visibility
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def found(world: Sandbox, hours: float = 0, visibility: Visibility | None = None) -> dict[str, FeedSource]:
    """Return the sources as they are some hours from now."""
    with world.store.reading() as connection:
        now = world.now() + timedelta(hours=hours)
        return {each.provider: each for each in sources(connection, ReportRules(), now, visibility)}


def boxes(provider: str, count: int) -> list[Record]:
    """Return records."""
    return [record(f"{provider}:{number}", serial=f"SN-1000{number}", company_id="7") for number in range(count)]


def test_a_feed_that_was_read_lately_is_current_and_late_two_days_later(tmp_path: Path) -> None:
    """The sentence says when it was read."""
    world = Sandbox(tmp_path)
    world.sync("cw_manage", *boxes("cw_manage", 2))

    soon, late = found(world)["cw_manage"], found(world, 49)["cw_manage"]

    assert (soon.state, soon.role, soon.records, soon.is_reliable) == (FeedState.CURRENT, FeedRole.PSA, 2, True)
    assert (late.state, late.is_reliable) == (FeedState.LATE, False)
    assert late.sentence.startswith("cw_manage (PSA): 2 records, last read ")


def test_a_held_feed_is_told_as_held_and_an_empty_one_as_empty(tmp_path: Path) -> None:
    """What it listed before stands, and is not to be relied on."""
    world = Sandbox(tmp_path)
    world.sync("cw_manage", *boxes("cw_manage", 10))
    world.sync("cw_manage", *boxes("cw_manage", 2))
    world.sync("cw_rmm", quarantined=[Quarantined("cw_rmm", "x", "no id", {})])

    assert {name: each.state for name, each in found(world).items()} == {"cw_manage": "held", "cw_rmm": "empty"}


def test_what_is_pushed_has_no_run(tmp_path: Path) -> None:
    """Nobody can say that it is late."""
    world = Sandbox(tmp_path)
    world.push(*boxes("rmm_alpha", 1))

    [pushed] = found(world, 1000).values()

    assert (pushed.state, pushed.read_at, pushed.sync_id) == (FeedState.CURRENT, None, None)


def test_a_bound_key_is_told_of_its_own_records_alone(tmp_path: Path) -> None:
    """And nothing of runs, which are about everybody's."""
    world = Sandbox(tmp_path)
    world.sync("cw_manage", *boxes("cw_manage", 3), record("cw_manage:9", company_id="8"))
    theirs = Visibility(frozenset({Customer("cw_manage", "8"), Customer("cw_rmm", "1")}))

    seen = found(world, 1000, theirs)

    assert {name: (each.records, each.state) for name, each in seen.items()} == {
        "cw_manage": (1, "current"),
        "cw_rmm": (0, "empty"),
    }
