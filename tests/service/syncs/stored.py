"""What is stored after a sync."""

from tests.service.sandbox import Sandbox


def ids(world: Sandbox) -> set[int]:
    """Return the ids of the stored records."""
    return {int(record_id) for (record_id,) in world.rows("SELECT record_id FROM records")}
