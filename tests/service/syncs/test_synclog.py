"""The runs of syncs as people and programs see them."""

from pathlib import Path

import pytest

from matching.model import Record
from service.core.errors import BadRequest, NotFound
from service.core.paging import PageRequest, cursor
from service.syncs.synclog import held_back, latest_runs, sync_run, sync_runs
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def boxes(count: int) -> list[Record]:
    """Return records of so many boxes."""
    return [record(f"a:{number}", serial=f"SN-{number:05}") for number in range(count)]


def test_runs_are_listed_the_latest_first_page_by_page(tmp_path: Path) -> None:
    """Of one provider or of all, each once; an import is a run as well."""
    world = Sandbox(tmp_path)
    outcomes = [world.sync("a", *boxes(1)), world.sync("b", record("b:1")), world.sync("a", *boxes(1))]
    world.take_in(record("c:1"))

    first = sync_runs(world, PageRequest(3))
    rest = sync_runs(world, PageRequest(3, first.next_cursor))

    assert [each.mode for each in first.data] == ["import", "full", "full"]
    assert [each.id for each in (*first.data[1:], *rest.data)] == [each.id for each in reversed(outcomes)]
    assert rest.next_cursor is None
    assert [each.id for each in sync_runs(world, provider="b").data] == [outcomes[1].id]


def test_a_run_is_found_by_its_id(tmp_path: Path) -> None:
    """With how long it took; an id or a cursor that no run has is named as such."""
    world = Sandbox(tmp_path)
    outcome = world.sync("a", *boxes(2))
    assert outcome.id
    run = sync_run(world, outcome.id)
    assert run.finished_at

    assert (run.provider, run.status, run.read, run.new) == ("a", "succeeded", 2, 2)
    assert run.seconds == (run.finished_at - run.started_at).total_seconds() > 0
    with pytest.raises(NotFound, match="no sync 'nothing'"):
        sync_run(world, "nothing")
    for place in (("x",), ("nothing", "x")):
        with pytest.raises(BadRequest, match="none of this list's"):
            sync_runs(world, PageRequest(cursor=cursor("syncs", *place)))


def test_a_sync_is_held_until_a_later_full_one_is_let_through(tmp_path: Path) -> None:
    """Of several that are held the last one waits for a person; when the records are back, none does."""
    world = Sandbox(tmp_path)
    world.sync("a", *boxes(10))
    world.sync("b", record("b:1"))
    held = [world.sync("a", *boxes(2)) for _ in range(2)]
    waiting = held_back(world)
    world.sync("a", *boxes(10))

    assert [each.status for each in held] == ["held", "held"]
    assert [each.id for each in waiting] == [held[-1].id]
    assert held_back(world) == []


def test_the_latest_run_of_each_provider_is_told(tmp_path: Path) -> None:
    """In order of name, whichever synced last; an import is of no provider."""
    world = Sandbox(tmp_path)
    world.sync("b", record("b:1"))
    world.sync("a", *boxes(1))
    last = world.sync("a", *boxes(1))
    world.take_in(record("c:1"))

    assert [each.provider for each in latest_runs(world)] == ["a", "b"]
    assert latest_runs(world)[0].id == last.id
