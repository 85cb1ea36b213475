"""Who makes a change: the bearer of an API key, or somebody who runs a command."""

from typing import NamedTuple


class Actor(NamedTuple):
    """The name of an API key with its id; without an id, the name of a user of the operating system."""

    name: str
    key_id: str | None = None
