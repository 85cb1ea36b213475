"""Why two records are one device or not, and the graph that holds a device together."""

from threading import Lock
from typing import Any

import networkx as nx
from sqlalchemy import Connection

from matching.batch import Resolution, resolve_records
from matching.model import Explanation, Key
from matching.policy import Policy
from service.errors import NotFound
from service.lookup import device_row
from service.store import decisions, records, state
from service.store.engine import Store


class LastResolution:
    """The resolution of what is stored, kept until the store or the policy changes. Shared by threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: tuple[int, Policy] | None = None
        self._resolution: Resolution | None = None

    def current(self, connection: Connection, policy: Policy) -> Resolution:
        """Return the resolution of what the connection sees."""
        wanted = (state.version(connection), policy)
        with self._lock:  # whoever comes second waits for the first instead of doing the same work
            if self._resolution is None or self._of != wanted:
                stored = records.read_all(connection)
                decided = decisions.standing(connection)
                self._resolution = resolve_records([each.record for each in stored.values()], policy, decided)
                self._of = wanted
            return self._resolution


def explain(store: Store, policy: Policy, left: Key, right: Key, last: LastResolution | None = None) -> Explanation:
    """
    Return why two records are one device, or why not. Pass `last` where more questions may follow.

    Raises:
        NotFound: One of them is not stored.
    """
    with store.reading() as connection:
        resolution = (last or LastResolution()).current(connection, policy)
    for key in (left, right):
        _require(resolution, key)
    return resolution.explain(left, right)


def graph(store: Store, policy: Policy, device_id: str, last: LastResolution | None = None) -> dict[str, Any]:
    """
    Return the identity graph of a device in node-link form, its edges under `edges`.

    Raises:
        NotFound: No device has that id.
        Moved: The id is retired; names its successor.
    """
    with store.reading() as connection:
        row = records.of_devices(connection, [device_row(connection, device_id)["id"]])[0]
        resolution = (last or LastResolution()).current(connection, policy)
    device = resolution.device_of(Key(row["provider"], row["record_id"]))
    found: dict[str, Any] = nx.node_link_data(resolution.graph(device), edges="edges")
    return found


def _require(resolution: Resolution, key: Key) -> None:
    try:
        resolution.device_of(key)
    except KeyError:
        raise NotFound(f"no record {str(key)[:200]!r}") from None
