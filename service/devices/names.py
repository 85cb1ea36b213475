"""What devices are called, for lists that name many of them."""

import json
from collections.abc import Iterable

from service.store.resolved import devices
from service.store.world import World


def device_names(world: World, device_ids: Iterable[str]) -> dict[str, str]:
    """Return the name or hostname of each device that has one; those that are retired are absent."""
    with world.store.reading() as connection:
        rows = devices.by_ids(connection, sorted(set(device_ids)))
    values = {device_id: json.loads(row.golden) for device_id, row in rows.items()}
    named = {device_id: each.get("name") or each.get("hostname") for device_id, each in values.items()}
    return {device_id: str(name) for device_id, name in named.items() if name}
