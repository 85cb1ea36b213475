"""
What one answer to several reviews would change in all, before anybody gives it.

As for a single decision (`previewing`), it is tried, looked at and taken back, and other writers wait meanwhile. All
decisions are tried as one change of the store: the devices are those that the answers one by one would lead to.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from matching.model import Key, Verdict
from service.stewardship.answering import chosen, decisions_of, open_alike
from service.stewardship.deciding import standing
from service.stewardship.previewing import DeviceState, states_of, try_out
from service.stewardship.reviewing import ReviewView, views
from service.stewardship.visible_preview import seen_around
from service.store.resolved import devices
from service.store.stewardship import reviews
from service.store.world import World


@dataclass(frozen=True)
class SumOfChanges:
    """
    What an answer to several reviews would change in all.

    `before` are the devices that would be others, `after` those that they would be. `closes` counts the reviews that
    it would close, those that it answers among them; `opens` are those that it would raise.
    """

    verdict: Verdict
    before: Sequence[DeviceState]
    after: Sequence[DeviceState]
    closes: int
    opens: Sequence[ReviewView]


def foresee_alike(world: World, review_ids: Sequence[str], verdict: Verdict, by: str) -> SumOfChanges:
    """
    Tell what an answer to several reviews would change.

    Raises:
        BadRequest, Conflict, Contradiction: As of `answering.answer_alike`.
    """
    ids = chosen(review_ids)
    with world.store.writing() as connection:
        asked = open_alike(world.within(connection), ids)
        wanted = decisions_of(asked, verdict, by, "preview")
        for each in wanted:
            standing(connection, each, world.visibility)
        keys = {key for each in wanted for key in (each.left, each.right)}
        around = _around(connection, world, keys)
        open_before = _open(connection, world, around)
        attempt = connection.begin_nested()
        try_out(connection, world, *wanted)
        around = _around(connection, world, around)
        after, open_after = _states(connection, world, around), _open(connection, world, around)
        opens = _views(connection, open_after, open_after.keys() - open_before.keys())
        attempt.rollback()
        before = _states(connection, world, around)
    return SumOfChanges(
        verdict,
        before=_others(before, after),
        after=_others(after, before),
        closes=len(open_before.keys() - open_after.keys()),
        opens=opens,
    )


def _around(connection: Connection, world: World, keys: Collection[Key]) -> Collection[Key]:
    """The records of all devices that some records are of; of a caller who is bound, what they see around them."""
    if world.visibility is None:
        return devices.fellow_members(connection, keys).members
    return seen_around(connection, world.policy_in(connection), world.visibility, keys).shard.home


def _states(connection: Connection, world: World, keys: Collection[Key]) -> list[DeviceState]:
    if world.visibility is None:
        return states_of(connection, keys)
    seen = seen_around(connection, world.policy_in(connection), world.visibility, keys)
    return [
        DeviceState(each, json.loads(row.golden), list(map(str, seen.keys[each]))) for each, row in seen.rows.items()
    ]


def _open(connection: Connection, world: World, keys: Collection[Key]) -> Mapping[str, ReviewView | None]:
    """The open reviews by id; None for one that has to be read to be shown."""
    if world.visibility is None:
        return dict.fromkeys(reviews.ids(connection))
    return {
        each.id: each for each in seen_around(connection, world.policy_in(connection), world.visibility, keys).reviews
    }


def _views(
    connection: Connection, known: Mapping[str, ReviewView | None], wanted: Iterable[str]
) -> Sequence[ReviewView]:
    seen = {each: known[each] for each in wanted}
    missing = [each for each, view in seen.items() if view is None]
    return [*(view for view in seen.values() if view), *views(connection, reviews.by_ids(connection, missing))]


def _others(states: Iterable[DeviceState], than: Iterable[DeviceState]) -> list[DeviceState]:
    """Those of some devices that have other records than all of others."""
    known = {frozenset(each.records) for each in than}
    return [each for each in states if frozenset(each.records) not in known]
