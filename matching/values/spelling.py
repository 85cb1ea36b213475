"""Format canonical values for people, with dashes and colons and in the byte order in which a GUID was written."""

import re

from matching.errors import UnusableValue
from matching.model import Kind
from matching.values.normalise import guid_bytes, swap_bytes

HEX_GUID = re.compile("[0-9A-F]{32}")
HEX_MAC = re.compile("[0-9a-f]{12}")


def shown(kind: str, value: str) -> str:
    """Return a value as people write it: a GUID with dashes, a MAC with colons; anything else stays as it is."""
    if kind == Kind.BIOS_GUID and HEX_GUID.fullmatch(value):
        return dashed(value)
    if kind == Kind.MAC and HEX_MAC.fullmatch(value):
        return bytes.fromhex(value).hex(":").upper()
    return value


def written_order(raw: str) -> str | None:
    """Return a GUID in upper case with dashes, in the byte order in which it was written; None if it is no GUID."""
    try:
        return dashed(guid_bytes(raw).hex().upper())
    except UnusableValue:
        return None


def byte_swapped(guid: str) -> str:
    """Return 32 hex digits in the other byte order of a GUID; its own inverse."""
    return swap_bytes(bytes.fromhex(guid)).hex().upper()


def dashed(guid: str) -> str:
    """Return 32 hex digits in the customary groups of 8-4-4-4-12."""
    return f"{guid[:8]}-{guid[8:12]}-{guid[12:16]}-{guid[16:20]}-{guid[20:]}"
