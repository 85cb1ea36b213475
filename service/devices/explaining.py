"""Explain why two records are one device or not, and give the graph that holds a device together."""

from collections.abc import Collection
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
from service.store import calibrations, decisions, devices, records
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
        NotFound: One of them is not stored.
    """
    with world.store.reading() as connection:
        for key in (left, right):
            if not records.exists(connection, key):
                raise NotFound(f"no record {str(key)[:200]!r}")
        found = _around(connection, world.policy, (left, right)).explain(left, right)
        homes = {member.device_id for member in devices.members(connection, (left, right)).values()}
        waits = calibration_before(connection, world.policy) is not None
    if waits and found.same != (len(homes) == 1):
        return replace(found, sentence=f"{found.sentence} {WAITING}")
    return found


def graph(world: World, device_id: str) -> dict[str, Any]:
    """
    Return the identity graph of a device in node-link form, its edges under `edges`.

    Raises:
        NotFound: No device has that id.
        Moved: The id is retired; names its successor.
    """
    with world.store.reading() as connection:
        keys = [row.key for row in records.of_devices(connection, [device_row(connection, device_id).id])]
        resolution = _around(connection, world.policy, keys)
    stored = replace(resolution.device_of(keys[0]), keys=tuple(keys))
    found: dict[str, Any] = nx.node_link_data(resolution.graph(stored), edges="edges")
    return found


def _around(connection: Connection, policy: Policy, keys: Collection[Key]) -> Resolution:
    """Some records with all that hangs together with them, resolved; everything where nothing was measured yet."""
    known = calibrations.in_force(connection)
    if known is None:
        return resolve_records(records.every(connection), policy, decisions.standing(connection))
    return load_shard(connection, keys, policy, known[1]).resolution
