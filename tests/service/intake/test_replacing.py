"""A feed that replaces another is stored as a whole or not at all."""

from pathlib import Path
from typing import Any

import pytest

from service.core.errors import BadRequest, Busy, FeedHeld
from service.intake.replacing import FeedRefused, FeedRules, read_feed, replace_feed
from service.store.ingested.syncs import Run
from service.syncs.runs import SyncOptions, begin
from service.syncs.synclog import sync_runs
from tests.service.providers import Listed
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

RULES = FeedRules(max_shrink=0.2)


def rows(*ids: int, **fields: Any) -> list[dict[str, Any]]:
    """Return rows of a feed that leave their provider out."""
    return [{"id": str(each), "serial": f"SN-1000{each}", **fields} for each in ids]


def put(world: Sandbox, *raws: object, rules: FeedRules = RULES) -> Run:
    """Replace the feed of `edr`."""
    return replace_feed(world, read_feed("edr", raws), rules).run


def test_what_a_feed_does_not_hold_is_removed(tmp_path: Path) -> None:
    """New, changed, unchanged and removed records are counted, noted as a run; other providers are left alone."""
    world = Sandbox(tmp_path)
    world.push(record("rmm:1", serial="SN-10001"))
    put(world, *rows(*range(10)))

    run = put(world, *rows(1, 2, 3, 4, 5, 6, 7, 8), *rows(9, name="new"), *rows(10))

    assert (run.read, run.new, run.changed, run.same, run.gone) == (10, 1, 1, 8, 1)
    assert {key for keys in world.groups().values() for key in keys} == {
        "rmm:1",
        *(f"edr:{each}" for each in range(1, 11)),
    }
    latest = sync_runs(world).data[0]
    assert (latest.id, latest.provider, latest.mode, latest.status) == (run.id, "edr", "feed", "succeeded")


def test_a_feed_that_shrinks_too_much_is_held_and_nothing_is_stored(tmp_path: Path) -> None:
    """The same bound as for a sync; a person may let it through."""
    world = Sandbox(tmp_path)
    put(world, *rows(*range(20)))
    before = world.everything()

    with pytest.raises(FeedHeld, match=r"remove 15 of 20 records.*accept_shrink=true"):
        put(world, *rows(0, 1, 2, 3, 4, name="new"))
    assert world.everything() == before

    assert put(world, *rows(0, 1, 2, 3, 4), rules=FeedRules(0.2, accept_shrink=True)).gone == 15


def test_an_empty_feed_is_held_however_little_it_removes(tmp_path: Path) -> None:
    """That is what a sender that failed sends."""
    world = Sandbox(tmp_path)
    assert put(world).read == 0
    put(world, *rows(1))

    with pytest.raises(FeedHeld, match="1 of 1"):
        put(world)
    assert put(world, rules=FeedRules(0.2, accept_shrink=True)).gone == 1
    assert world.devices() == []


def test_a_row_that_cannot_be_stored_refuses_the_feed(tmp_path: Path) -> None:
    """All wrong rows are counted, the first named, and nothing is stored."""
    world = Sandbox(tmp_path)
    before = world.everything()

    with pytest.raises(FeedRefused, match="102 rows") as refusal:
        put(world, *rows(1), 5, {"provider": "rmm", "id": "1"}, *[{}] * 100)

    assert refusal.value.wrong[:3] == [
        (1, "", "not a JSON object"),
        (2, "/provider", "a record of another provider than edr"),
        (3, "/id", "no id"),
    ]
    assert len(refusal.value.wrong) == 100
    assert world.everything() == before


def test_a_provider_that_is_being_synced_cannot_be_replaced(tmp_path: Path) -> None:
    """The sync would remove what the feed brought."""
    world = Sandbox(tmp_path)
    begin(world, [Listed("edr", [])], SyncOptions())

    with pytest.raises(Busy, match="is being synced"):
        put(world, *rows(1))


@pytest.mark.parametrize("name", ["a/b", "..", "", "x" * 101])
def test_a_feed_has_a_name_that_a_provider_may_have(name: str) -> None:
    """As its records have."""
    with pytest.raises(BadRequest, match="a provider's name has"):
        read_feed(name, [])


def test_of_two_rows_with_one_id_the_later_stands(tmp_path: Path) -> None:
    """As in a push, in either order."""
    world = Sandbox(tmp_path)
    old, new = (
        {"id": "1", "name": name, "last_seen": f"2026-10-0{day}T00:00:00Z"} for name, day in [("o", 1), ("n", 2)]
    )

    assert put(world, new, old).new == 1
    assert world.devices()[0].values["name"] == "n"
