"""Explain why two records are one device or not, and give the graph that holds a device together."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import networkx as nx
from sqlalchemy import Connection

from matching.model import Explanation, Key
from matching.policy import Policy
from matching.results.resolution import Resolution, resolve_records
from service.core.errors import NotFound
from service.devices.lookup import device_row
from service.resolution.held_rules import calibration_before
from service.resolution.shard import load_shard
from service.resolution.visible import visible_shard
from service.resolution.visible_devices import device_of
from service.store.access.visibility import Visibility
from service.store.ingested import records
from service.store.resolved import calibrations, device_records, devices, visible
from service.store.stewardship import decisions
from service.store.world import World

WAITING = (
    "That is by the rules of this version, which are held; the devices still follow from those before the upgrade. "
    "`samebox calibrate` shows what would change."
)
"""What is added to an explanation that the stored devices do not follow yet."""


def explain(world: World, left: Key, right: Key) -> Explanation:
    """
    Return why two records are one device, or why not; says so where the stored devices follow other rules still.

    Raises:
        NotFound: One of them is not stored, or not visible.
    """
    with world.store.reading() as connection:
        if world.visibility is not None:
            return _explain_visible(connection, world.policy_in(connection), world.visibility, left, right)
        for key in (left, right):
            if not records.exists(connection, key):
                raise _no_record(key)
        found = around(connection, world.policy_in(connection), (left, right)).explain(left, right)
        homes = {member.device_id for member in devices.members(connection, (left, right)).values()}
        waits = calibration_before(connection, world.policy_in(connection)) is not None
    if waits and found.same != (len(homes) == 1):
        return replace(found, sentence=f"{found.sentence} {WAITING}")
    return found


def graph(world: World, device_id: str) -> dict[str, Any]:
    """
    Return the identity graph of a device in node-link form, its edges under `edges`.

    Raises:
        NotFound: No device has that id, or none of its records is visible.
        Moved: The id is retired; names its successor. A caller who is bound to customers gets NotFound instead.
    """
    with world.store.reading() as connection:
        if world.visibility is not None:
            return _visible_graph(connection, world.policy_in(connection), world.visibility, device_id)
        keys = [row.key for row in device_records.of_devices(connection, [device_row(connection, device_id).id])]
        resolution = around(connection, world.policy_in(connection), keys)
    return _linked(resolution, keys)


def _explain_visible(
    connection: Connection, policy: Policy, visibility: Visibility, left: Key, right: Key
) -> Explanation:
    """
    What visible records alone say of two of them.

    Whether they are one device is what the store says: where it does not follow from visible records, the sentence
    says that it follows from the store, which is true of every device.
    """
    seen = visible.by_key(connection, visibility, (left, right))
    for key in (left, right):
        if key not in seen:
            raise _no_record(key)
    found = as_told(visible_shard(connection, policy, visibility, (left, right)).resolution.explain(left, right))
    same = seen[left].device_id == seen[right].device_id
    if found.same == same:
        return found
    answer, opposite = ("one device", "different") if same else ("different devices", "same")
    return replace(
        found,
        same=same,
        sentence=f"{left} and {right} are {answer}, as the store resolves them.",
        path=(),
        steps=(),
        would_change=(f"a decision `{opposite}` about them",),
    )


def as_told(found: Explanation) -> Explanation:
    """Return an explanation whose reasons do not count the records of all customers."""
    sentence = found.sentence
    for claim in found.shared:
        sentence = sentence.replace(claim.note, visible.reason_as_told(claim.note)) if claim.note else sentence
    shared = tuple(replace(claim, note=visible.reason_as_told(claim.note)) for claim in found.shared)
    return replace(found, sentence=sentence, shared=shared)


def _visible_graph(connection: Connection, policy: Policy, visibility: Visibility, device_id: str) -> dict[str, Any]:
    keys = [row.key for row in device_of(connection, policy, visibility, device_id).records]
    return _linked(visible_shard(connection, policy, visibility, keys).resolution, keys)


def _linked(resolution: Resolution, keys: Sequence[Key]) -> dict[str, Any]:
    """The graph of the records of one stored device, in node-link form."""
    stored = replace(resolution.device_of(keys[0]), keys=tuple(keys))
    found: dict[str, Any] = nx.node_link_data(resolution.graph(stored), edges="edges")
    return found


def _no_record(key: Key) -> NotFound:
    return NotFound(f"no record {str(key)[:200]!r}")


def around(connection: Connection, policy: Policy, keys: Collection[Key]) -> Resolution:
    """
    Return some records with all that hangs together with them, resolved; everything where nothing was measured yet.

    Raises:
        BadDecision: Two decisions about the records contradict each other.
    """
    known = calibrations.in_force(connection)
    if known is None:
        return resolve_records(records.every(connection), policy, decisions.standing(connection))
    return load_shard(connection, keys, policy, known[1]).resolution
