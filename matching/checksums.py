"""Checksums of texts: numbers that a database can store and index in place of long values."""

from collections.abc import Iterable
from hashlib import blake2b

Checksum = int
"""A signed 64-bit integer."""


def checksum(parts: Iterable[str]) -> Checksum:
    """
    Return the checksum of some texts; their order counts.

    Different texts may share a checksum: any two of a million do with a probability of 3e-8.
    """
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)
