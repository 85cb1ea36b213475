"""All open connections: how many there may be, of one client and in all, and which one has to go for a new one."""

import logging
from collections.abc import Iterable
from typing import Protocol

logger = logging.getLogger("samebox")


class OpenConnection(Protocol):
    """An open connection."""

    client_key: str

    def is_idle(self) -> bool:
        """Whether no request is under way: a head that is not whole is none."""
        ...

    def displace(self) -> None:
        """Close the connection at once."""
        ...


class Connections:
    """
    The open connections, at most `most`, and `most_a_client` of one client.

    A new one beyond that takes the place of the oldest that has no request under way, of the same client or, where all
    places are taken, of the client that has most. So connections that are opened and left cannot keep others out.
    """

    def __init__(self, most: int, most_a_client: int) -> None:
        self.most = most
        self.most_a_client = most_a_client
        self._by_client: dict[str, dict[OpenConnection, None]] = {}
        self._count = 0
        self._was_full = False

    def enter(self, connection: OpenConnection, *, is_proxy: bool = False) -> bool:
        """
        Note a new connection; return False, and do not, where its client or all together have no place left.

        A trusted proxy stands for many clients, so its connections count in all alone.
        """
        own = self._by_client.get(connection.client_key, {})
        if len(own) >= self.most_a_client and not is_proxy and not self._displace(own):
            return self._full("one client has as many connections as it may have")
        if self._count >= self.most and not self._displace(self._most_of_one_client()):
            return self._full("there are as many connections as there may be")
        self._by_client.setdefault(connection.client_key, {})[connection] = None
        self._count += 1
        return True

    def leave(self, connection: OpenConnection) -> None:
        """Forget a connection, if it was noted."""
        own = self._by_client.get(connection.client_key, {})
        if connection in own:
            del own[connection]
            self._count -= 1
            self._was_full = False
        if not own:
            self._by_client.pop(connection.client_key, None)

    def _most_of_one_client(self) -> dict[OpenConnection, None]:
        return max(self._by_client.values(), key=len)

    def _displace(self, connections: Iterable[OpenConnection]) -> bool:
        idle = next((each for each in connections if each.is_idle()), None)
        if idle is None:
            return False
        self.leave(idle)
        idle.displace()
        return True

    def _full(self, sentence: str) -> bool:
        """Tell it once, not once a try."""
        if not self._was_full:
            logger.warning("%s, and all of them have requests under way: new ones are refused", sentence)
        self._was_full = True
        return False
