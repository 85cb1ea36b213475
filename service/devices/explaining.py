"""Explain why two records are one device or not, and give the graph that holds a device together."""

from collections.abc import Collection
from typing import Any

import networkx as nx
from sqlalchemy import Connection

from matching.model import Explanation, Key
from matching.policy import Policy
from matching.results.resolution import Resolution, resolve_records
from service.core.errors import NotFound
from service.devices.lookup import device_row
from service.resolution.shard import load_shard
from service.store import calibrations, decisions, records
from service.store.world import World


def explain(world: World, left: Key, right: Key) -> Explanation:
    """
    Return why two records are one device, or why not.

    Raises:
        NotFound: One of them is not stored.
    """
    with world.store.reading() as connection:
        for key in (left, right):
            if not records.exists(connection, key):
                raise NotFound(f"no record {str(key)[:200]!r}")
        resolution = _around(connection, world.policy, (left, right))
    return resolution.explain(left, right)


def graph(world: World, device_id: str) -> dict[str, Any]:
    """
    Return the identity graph of a device in node-link form, its edges under `edges`.

    Raises:
        NotFound: No device has that id.
        Moved: The id is retired; names its successor.
    """
    with world.store.reading() as connection:
        row = records.of_devices(connection, [device_row(connection, device_id).id])[0]
        resolution = _around(connection, world.policy, (row.key,))
    found: dict[str, Any] = nx.node_link_data(resolution.graph(resolution.device_of(row.key)), edges="edges")
    return found


def _around(connection: Connection, policy: Policy, keys: Collection[Key]) -> Resolution:
    """Some records with all that hangs together with them, resolved; everything where nothing was measured yet."""
    known = calibrations.in_force(connection)
    if known is None:
        return resolve_records(records.every(connection), policy, decisions.standing(connection))
    return load_shard(connection, keys, policy, known[1]).resolution
