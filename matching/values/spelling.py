"""
Format canonical values for people and programs: one value has one spelling, wherever it is shown.

A GUID has dashes and stands in the decoded byte order as far as the value itself shows which one that is; a MAC has
colons; a time is RFC 3339 in UTC.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from matching.errors import UnusableValue
from matching.model import Kind
from matching.values.embedded import HP_PLANTS
from matching.values.normalise import guid_bytes, swap_bytes

HEX_GUID = re.compile("[0-9A-F]{32}")
HEX_MAC = re.compile("[0-9a-f]{12}")


_HP_READING = re.compile(rf"(?:[0-9A-Z]{{6}})?(?:{'|'.join(sorted(HP_PLANTS))})[0-9A-Z]{{6}}.*")
"""The raw bytes of an HP GUID as characters: the serial, behind a product number if it is a server's."""

_DECODED_MARKS: tuple[Callable[[str], object], ...] = (
    lambda guid: guid.startswith("4C4C4544"),  # Dell's
    lambda guid: guid[4:8] == "4D56",  # VMware's older machines, whose raw bytes begin with `VM`
    lambda guid: guid[12] in "12345" and guid[16] in "89AB",  # version and variant of RFC 4122 at their places
    lambda guid: guid.startswith("EC2"),  # Amazon's
    lambda guid: _HP_READING.fullmatch(swap_bytes(bytes.fromhex(guid)).decode("latin-1")),
)
"""What a GUID of 32 hex digits looks like in decoded order: hints, the surer ones first."""


def shown(kind: str, value: str) -> str:
    """Return a value as people write it: a GUID with dashes, a MAC with colons; anything else stays as it is."""
    if kind == Kind.BIOS_GUID and HEX_GUID.fullmatch(value):
        return dashed(decoded_order(value))
    if kind == Kind.MAC and HEX_MAC.fullmatch(value):
        return bytes.fromhex(value).hex(":").upper()
    return value


def decoded_order(guid: str) -> str:
    """
    Return a GUID of 32 hex digits, in either byte order, in the decoded one; in the smaller one where it shows neither.

    Tools print the decoded order or the raw one; the value alone decides here, so that every answer has the same.

    >>> decoded_order("44454C4C330010348036C4C04F32334A")
    '4C4C4544003334108036C4C04F32334A'
    """
    both = sorted((guid, byte_swapped(guid)))
    for is_decoded in _DECODED_MARKS:
        marked = [each for each in both if is_decoded(each)]
        if len(marked) == 1:
            return marked[0]
    return both[0]


def moment_text(moment: datetime) -> str:
    """Return a time in RFC 3339, in UTC with `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


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
