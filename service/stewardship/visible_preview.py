"""
What a decision would do, for every caller, bound to customers or not.

For a caller who is bound it is tried on the whole store as well, because it binds there; what is told of it is the
difference between the visible records before and after.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from matching.model import Decision, Key
from matching.policy import Policy
from service.resolution.composing import ComposedDevice
from service.resolution.joining import with_evidence
from service.resolution.succession import Former, Pairing, followed
from service.resolution.visible import VisibleShard, visible_shard
from service.resolution.visible_devices import devices_of
from service.stewardship import previewing
from service.stewardship.deciding import clean, standing, stored_decision
from service.stewardship.feed import ChangeView, view
from service.stewardship.previewing import UNCHANGED, Preview, foreseen, new_names, try_out, try_revoking
from service.stewardship.reviewing import ReviewView
from service.stewardship.visible_reviews import views_of
from service.store.access.visibility import Visibility
from service.store.resolved.changes import RecordedChange
from service.store.resolved.devices import DeviceRow
from service.store.world import World


@dataclass(frozen=True)
class SeenAround:
    """Visible records with their devices, the records of each of these, and the open questions about them."""

    shard: VisibleShard
    rows: Mapping[str, DeviceRow]
    keys: Mapping[str, Sequence[Key]]
    reviews: Sequence[ReviewView]


def preview(world: World, wanted: Decision) -> Preview:
    """
    Tell what a decision would do (`previewing.preview`).

    Raises:
        BadRequest: Both records are one.
        NotFound: A record is not stored, or not visible.
        Conflict: It contradicts decisions that stand.
    """
    if world.visibility is None:
        return previewing.preview(world, wanted)
    decision = clean(wanted)
    with world.store.writing() as connection:
        if standing(connection, decision, world.visibility):
            return UNCHANGED
        return _told(connection, world, world.visibility, decision, lambda: try_out(connection, world, decision))


def preview_revoking(world: World, decision_id: str) -> Preview:
    """
    Tell what the revoking of a decision would do.

    Raises:
        NotFound: No decision has that id, or one of its records is not visible.
    """
    if world.visibility is None:
        return previewing.foresee_revoking(world, decision_id).preview
    with world.store.writing() as connection:
        found = stored_decision(connection, decision_id, world.visibility)
        if found.revoked_at is not None:
            return UNCHANGED
        return _told(
            connection, world, world.visibility, found.decision, lambda: try_revoking(connection, world, found)
        )


def _told(
    connection: Connection,
    world: World,
    visibility: Visibility,
    decision: Decision,
    attempt: Callable[[], Sequence[ChangeView]],
) -> Preview:
    """What an attempt does to visible records; it is taken back."""
    before = seen_around(connection, world.policy_in(connection), visibility, [decision.left, decision.right])
    tried = connection.begin_nested()
    attempt()
    after = seen_around(connection, world.policy_in(connection), visibility, before.shard.home)
    tried.rollback()
    closes = [each for each in before.reviews if each.id not in {other.id for other in after.reviews}]
    opens = [each for each in after.reviews if each.id not in {other.id for other in before.reviews}]
    return foreseen(_happened(world, before, after), closes, opens)


def seen_around(connection: Connection, policy: Policy, visibility: Visibility, around: Collection[Key]) -> SeenAround:
    """Return the visible records that hang together with some."""
    shard = visible_shard(connection, policy, visibility, around)
    keys: dict[str, list[Key]] = {}
    for key in sorted(shard.home):
        keys.setdefault(shard.home[key], []).append(key)
    rows = devices_of(connection, policy, visibility, keys).rows
    return SeenAround(shard, rows, keys, views_of(connection, policy, visibility, shard.reviews))


def _happened(world: World, before: SeenAround, after: SeenAround) -> list[ChangeView]:
    """What is new about visible records, as the change feed would say it if there were no others."""
    at = world.now()
    formers = [
        Former(each, before.rows[each].created_at, frozenset(keys), before.rows[each].golden)
        for each, keys in before.keys.items()
    ]
    devices = [_composed(keys, after.rows[each]) for each, keys in after.keys.items()]
    happened = followed(_pairing(before, after), formers, devices, at, new_names()).changes
    members = {key: after.keys[device_id] for key, device_id in after.shard.home.items()}
    shown = with_evidence(happened, after.shard.resolution, members, {})
    return [view(RecordedChange(0, at, each)) for each in shown]


def _pairing(before: SeenAround, after: SeenAround) -> Pairing:
    """Ids that live on in the store; the records of every other went mostly to its heir."""
    place = {each: number for number, each in enumerate(after.keys)}
    kept = {number: each for each, number in place.items() if each in before.keys}
    homes = {each: Counter(after.shard.home[key] for key in keys) for each, keys in before.keys.items()}
    heirs = {each: place[homes[each].most_common(1)[0][0]] for each in before.keys if each not in after.keys}
    return Pairing(kept, heirs)


def _composed(keys: Sequence[Key], row: DeviceRow) -> ComposedDevice:
    return ComposedDevice(keys, row.golden, row.provenance, row.company_key, row.type_key, row.search_text)
