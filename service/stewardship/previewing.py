"""
Tell what a decision would do, before anybody makes it: it is tried, looked at, and taken back.

Other writers wait meanwhile.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from matching.model import Decision, Key
from service.core.shapes import ShownAs
from service.resolution.held_rules import adopt
from service.stewardship.deciding import clean, follow, standing, stored_decision
from service.stewardship.details import ChangeDetail
from service.stewardship.feed import ChangeView
from service.stewardship.reviewing import ReviewView, views
from service.store.resolved import changes, devices
from service.store.stewardship import decisions, reviews
from service.store.stewardship.decisions import StoredDecision
from service.store.world import World


class ForeseenChange(BaseModel):
    """A change as it would be; devices that would be new are called new-1, new-2 and so on."""

    device_id: str = Field(description="The device that it would happen to.", examples=["new-1"])
    what: changes.ChangeKind = Field(description="What would happen to it.", examples=["split"])
    sentence: str = Field(description="What would happen, for a person.", examples=["created from cw_manage:4711."])
    detail: Annotated[dict[str, Any], ShownAs(ChangeDetail)] = Field(
        description="The same for a program; its shape goes by `what`."
    )


class Preview(BaseModel):
    """What a decision would do; nothing of it is stored."""

    changes: list[ForeseenChange] = Field(description="Devices that would merge, split or show other values.")
    closes: list[ReviewView] = Field(description="Reviews that it would close.")
    opens: list[ReviewView] = Field(description="Reviews that it would raise.")
    sentences: list[str] = Field(description="All of it in words.")


UNCHANGED = Preview(changes=[], closes=[], opens=[], sentences=["It stands already; nothing would change."])
"""What a decision would do that stands."""


@dataclass(frozen=True)
class DeviceState:
    """A device at one moment: its id, its golden values and its records, as `provider:id`."""

    id: str
    values: Mapping[str, Any]
    records: Sequence[str]


@dataclass(frozen=True)
class Foreseen:
    """What a decision would do, and the devices that it is about before and after it."""

    preview: Preview
    before: Sequence[DeviceState]
    after: Sequence[DeviceState]


def device_states(world: World, keys: Iterable[Key]) -> list[DeviceState]:
    """Return the devices in which some records are now; records that are not stored are in none."""
    with world.store.reading() as connection:
        return states_of(connection, keys)


def preview(world: World, wanted: Decision) -> Preview:
    """
    Tell what a decision would do.

    Raises:
        Unprocessable: Both records are one.
        NotFound: A record is not stored, or not visible.
        Contradiction: Decisions that stand speak against it; all of them are named.
    """
    return foresee(world, wanted).preview


def foresee(world: World, wanted: Decision) -> Foreseen:
    """
    Tell what a decision would do, with the devices before and after it.

    Raises:
        Unprocessable, NotFound, Contradiction: As of `preview`.
    """
    decision = clean(wanted)
    with world.store.writing() as connection:
        if standing(connection, decision, world.visibility):
            return _unchanged(connection, decision)
        return _foreseen(connection, decision, lambda: try_out(connection, world, decision))


def foresee_revoking(world: World, decision_id: str) -> Foreseen:
    """
    Tell what the revoking of a decision would do, with the devices before and after it.

    Raises:
        NotFound: No decision has that id, or one of its records is not visible.
    """
    with world.store.writing() as connection:
        found = stored_decision(connection, decision_id, world.visibility)
        if found.revoked_at is not None:
            return _unchanged(connection, found.decision)
        return _foreseen(connection, found.decision, lambda: try_revoking(connection, world, found))


def try_out(connection: Connection, world: World, *wanted: Decision) -> list[ChangeView]:
    """Make decisions that the caller takes back, and return what happened; new devices are new-1, new-2 and so on."""
    change = replace(world.change(connection), new_id=new_names())
    adopt(connection, {key for each in wanted for key in (each.left, each.right)}, change)
    decisions.add(connection, [StoredDecision(f"new-{place}", each, change.at) for place, each in enumerate(wanted)])
    return follow(connection, wanted, change)


def try_revoking(connection: Connection, world: World, stored: StoredDecision) -> list[ChangeView]:
    """Revoke a decision for a caller who takes that back, and return what happened, as `try_out` does."""
    change = replace(world.change(connection), new_id=new_names())
    adopt(connection, [stored.decision.left, stored.decision.right], change)
    decisions.revoke(connection, stored.id, stored.decision.by, stored.decision.why, change.at)
    return follow(connection, [stored.decision], change)


def new_names() -> Callable[[], str]:
    """Return what names devices that would be new."""
    numbers = count(1)
    return lambda: f"new-{next(numbers)}"


def foreseen(happened: Sequence[ChangeView], closes: list[ReviewView], opens: list[ReviewView]) -> Preview:
    """Return what would happen as it is shown and sent."""
    opens = [each.model_copy(update={"number": None}) for each in opens]
    views = [ForeseenChange(**each.model_dump(exclude={"seq", "at", "by", "key_id"})) for each in happened]
    sentences = [
        *(f"{each.device_id}: {each.sentence}" for each in happened),
        *(f"Review closes: {each.sentence}." for each in closes),
        *(f"Review opens: {each.sentence}." for each in opens),
    ]
    return Preview(changes=views, closes=closes, opens=opens, sentences=sentences or ["Nothing would change."])


def _foreseen(connection: Connection, decision: Decision, attempt: Callable[[], list[ChangeView]]) -> Foreseen:
    """What an attempt does to the devices of two records; it is taken back."""
    own = devices.fellow_members(connection, (decision.left, decision.right)).members
    before = reviews.ids(connection)
    tried = connection.begin_nested()
    happened = attempt()
    after = reviews.ids(connection)
    opens = views(connection, reviews.by_ids(connection, after - before))
    reached = devices.fellow_members(connection, own).members
    states = states_of(connection, reached)
    tried.rollback()
    closes = views(connection, reviews.by_ids(connection, before - after))
    return Foreseen(foreseen(happened, closes, opens), states_of(connection, reached), states)


def _unchanged(connection: Connection, decision: Decision) -> Foreseen:
    states = states_of(connection, devices.fellow_members(connection, (decision.left, decision.right)).members)
    return Foreseen(UNCHANGED, states, states)


def states_of(connection: Connection, keys: Iterable[Key]) -> list[DeviceState]:
    """Return the devices in which some records are, in order of their first records."""
    found = devices.fellow_members(connection, keys).members
    records: dict[str, list[str]] = {}
    for key in sorted(found):
        records.setdefault(found[key].device_id, []).append(str(key))
    rows = devices.by_ids(connection, list(records))
    return [DeviceState(each, json.loads(rows[each].golden), own) for each, own in records.items()]
