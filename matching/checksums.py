"""Values as numbers that a table can hold and an index can order."""

from collections.abc import Iterable
from hashlib import blake2b

Checksum = int
"""Signed, of 64 bits."""


def checksum(parts: Iterable[str]) -> Checksum:
    """Return the checksum of texts in their order. Two lists may have one, though nobody finds them by chance."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)
