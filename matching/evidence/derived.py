"""
Derived values: identifiers that a record does not give in their own field, read out of another one.

A derived value stands in for a field that is empty. It joins records and finds them. It never speaks against a join,
because the field that carries it may be about something else: a board, a copied image, a network that was booted from.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from matching.model import Kind
from matching.values.embedded import Embedded, guid_in_serial, mac_in_guid, serials_in_guid, tag_in_board_serial

CarrierValue = tuple[Kind, str]

BOARD = "the serial of the board"
"""The note on a serial that is not the box's but its board's."""

BOARD_MARKS = "./"
"""What the canonical serial of a Dell board begins with."""

SHORTEST_WITH_GUID = 36
"""The length of the shortest canonical serial that carries a GUID: the GUID itself, with dashes."""


class Derived(NamedTuple):
    """
    A canonical value, a note that says where it was found, and the usable value of the record that carries it.

    `source` is None where the carrier is no evidence itself, such as a template in place of a GUID.
    """

    kind: Kind
    value: str
    note: str
    source: CarrierValue | None = None


def guids_of(serials: Sequence[str]) -> Iterator[Derived]:
    """Yield the GUIDs inside canonical serials."""
    for serial in serials:
        if found := guid_in_serial(serial):
            yield _derived(Kind.BIOS_GUID, found, (Kind.SERIAL, serial))


def serials_of(guid: str) -> Iterator[Derived]:
    """Yield the serials inside a GUID key, the likeliest reading first."""
    for found in serials_in_guid(guid):
        yield _derived(Kind.SERIAL, found, (Kind.BIOS_GUID, guid))


def macs_of(guid: str, source: CarrierValue | None) -> Iterator[Derived]:
    """Yield the MAC inside a GUID key."""
    if mac := mac_in_guid(guid):
        yield Derived(Kind.MAC, mac, "inside the GUID", source)


def board_serials_of(serial: str) -> Iterator[Derived]:
    """
    Yield the service tag inside a Dell board serial, and that serial itself; nothing for any other serial.

    A board's serial is evidence that two records mean the same board. It is none that two boxes differ: another record
    of the box has the serial of its chassis.
    """
    if (found := tag_in_board_serial(serial)) is not None:
        if found.value:
            yield _derived(Kind.SERIAL, found, None)
        yield Derived(Kind.SERIAL, serial, BOARD)


def _derived(kind: Kind, found: Embedded, source: CarrierValue | None) -> Derived:
    return Derived(kind, found.value, f"inside the {found.carrier}", source)
