"""Reviews as a caller sees them who may see some records (`visibility`)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from matching.policy import Policy
from service.resolution.visible_devices import devices_of
from service.stewardship.reviewing import ReviewView, sides_of, views_with
from service.store import visible
from service.store.reviews import StoredReview
from service.store.visibility import Visibility


def views_of(
    connection: Connection, policy: Policy, visibility: Visibility, found: Sequence[StoredReview]
) -> list[ReviewView]:
    """Return reviews between visible records as they are shown and sent, with the devices as the caller sees them."""
    if not found:
        return []
    home = {key: row.device_id for key, row in visible.by_key(connection, visibility, sides_of(found)).items()}
    rows = devices_of(connection, policy, visibility, set(home.values())).rows
    return views_with(found, {key: rows[device_id] for key, device_id in home.items()})
