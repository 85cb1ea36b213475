"""
Identifiers that are part of other identifiers: a GUID in a serial, a serial or a MAC in a GUID.

Every function takes canonical values, of which a GUID is the smaller of its two byte orders, so that the order in which
it was written is lost. Sources: the project's reference, which compares each form with dumps of real machines.
"""

import re
from typing import NamedTuple

from matching.errors import UnusableValue
from matching.values.normalise import normalise_guid, swap_bytes

_PLATFORMS = {
    "VMWARE-": "VMware",
    "VIRTUALBOX-": "VirtualBox",
    "PARALLELS-": "Parallels",
    "GOOGLECLOUD-": "Google Cloud",
}
_HYPER_V = re.compile(r"\d{4}(-\d{4}){5}-\d{2}")
_PLATFORM = re.compile("|".join(_PLATFORMS))
_DASHED_GUID = re.compile("[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_DELL_BOARD = re.compile(r"(?:\.([0-9A-Z]{5,7})?\.|/([0-9A-Z]{5,7})?/)[A-Z]{2}[0-9A-Z]{8,20}[./]")
_HP_GUID = re.compile("(?:[345][0-9A-F]){10}")  # ten characters, of which nearly no other GUID begins with so many
_MAC_DIGITS = re.compile("[0-9A-F]{12}")
_HP_SERIAL = re.compile("[0-9A-Z]{10}")
_HP_SERVER = re.compile("[0-9A-Z]{6}([0-9A-Z]{8}[0-9A-Z ]{2})")

HP_PLANTS = frozenset("1C 2C 2M 2U 3C 4C 5C 6C 7C 8C AU BR CN CZ GB HU HX IN JP KR MX MY PH SG TH TR TW US VN".split())
"""The first two letters of HP serials, which name a plant; none of them is another one reversed."""

_RAW_AMI = re.compile("(..)02(..)03(..)04(..)05(..)06(..)0700080009")
_DECODED_AMI = re.compile("03(..)02(..)04(..)05(..)(..)06(..)0700080009")
_BEFORE_MAC = ("00000000000000000000", "00000000000000108000", "080020FFFFFFFFFFFFFF")
"""What stands before the MAC in GUIDs of network boot, of old Macs and of Sun's machines."""


SHORTEST_OF_VIRTUAL_MACHINE = 32
"""The length of the shortest canonical serial that a hypervisor or a cloud makes: Hyper-V's, of 26 digits."""

_AMI_END = "0700080009"
_DELL = "44454C4C"  # "DELL": the raw order, which is the smaller one
_CARRIERS = (*_BEFORE_MAC, _DELL)


class Embedded(NamedTuple):
    """A value inside another one, and the name of what it was found in, such as `VMware serial`."""

    value: str
    carrier: str


def guid_in_serial(serial: str) -> Embedded | None:
    """
    Return the GUID key inside a canonical serial, or None.

    A platform's word stands before the 16 bytes, as in `VMWARE-564D...`; EC2 and Xen write the GUID alone, with dashes.
    """
    if found := _PLATFORM.match(serial):
        carrier, text = f"{_PLATFORMS[found[0]]} serial", serial[found.end() :]
    elif _DASHED_GUID.fullmatch(serial):
        carrier, text = "serial", serial
    else:
        return None
    try:
        return Embedded(normalise_guid(text), carrier)
    except UnusableValue:
        return None


def is_serial_of_virtual_machine(serial: str) -> bool:
    """Whether a canonical serial is one that a hypervisor or a cloud makes: with the GUID inside, or as Hyper-V's."""
    return _HYPER_V.fullmatch(serial) is not None or guid_in_serial(serial) is not None


def tag_in_board_serial(serial: str) -> Embedded | None:
    """
    Return the service tag inside a canonical Dell board serial, None for any other serial.

    Boards are numbered `.TAG.CN...` or `/TAG/CN.../`; on those to which no tag was written, as in `..CN...`, it is "".

    >>> tag_in_board_serial("/D34623J/CN1234567800A1/")
    Embedded(value='D34623J', carrier='Dell board serial')
    """
    found = _DELL_BOARD.fullmatch(serial)
    return Embedded(found[1] or found[2] or "", "Dell board serial") if found else None


def guid_may_carry(guid: str) -> bool:
    """Whether a GUID key may hold a serial or a MAC; a quick test that is false for most GUIDs."""
    if guid[0] in "0345":
        return guid.startswith(_CARRIERS) or guid.endswith(_AMI_END) or _HP_GUID.match(guid) is not None
    return guid.endswith(_AMI_END)


def serials_in_guid(guid: str) -> tuple[Embedded, ...]:
    """Return the serial inside a GUID key; both readings of one whose byte order is not known, the likelier first."""
    if tag := tag_in_guid(guid):
        return (Embedded(tag, "Dell GUID"),)
    return tuple(Embedded(serial, "HP GUID") for serial in _hp_serials(guid)) if _HP_GUID.match(guid) else ()


def is_serial_in_guid(serial: str, guid: str) -> bool:
    """Whether a GUID key plainly carries a serial: Dell's tag, or the last eight characters of HP's at their place."""
    if guid.startswith(_DELL):
        return tag_in_guid(guid) == serial
    return len(serial) == 10 and guid.endswith(serial[2:].encode().hex().upper())


def tag_in_guid(guid: str) -> str | None:
    """
    Return the service tag inside a Dell GUID key, or None.

    The tag's characters are at fixed bytes; the highest bit of the first one is a flag.

    >>> tag_in_guid(normalise_guid("4C4C4544-0033-3410-8036-C4C04F32334A"))
    'D34623J'
    """
    if not guid.startswith(_DELL):
        return None
    octets = bytes.fromhex(guid)
    tag = bytes((octets[10] & 0x7F, octets[4], octets[7], octets[9], octets[13], octets[14], octets[15]))
    text = tag.decode("ascii", "replace").strip("\0 ")
    return text.upper() if len(text) >= 5 and text.isascii() and text.isalnum() else None


def mac_in_guid(guid: str) -> str | None:
    """
    Return the MAC that a GUID key carries at a known place, or None; what the MAC is worth is not judged.

    AMI's and Gigabyte's firmware writes `03bb02aa-04cc-05dd-ee06-ff0700080009` for the address `aa:bb:cc:dd:ee:ff`,
    older Gigabyte boards its digits as characters, and an HP laptop the 6 bytes behind its serial.
    """
    if guid.startswith(_BEFORE_MAC):
        return guid[20:].lower()
    if guid.endswith(_AMI_END):
        if found := _DECODED_AMI.fullmatch(guid):
            return "".join((found[2], found[1], *found.groups()[2:])).lower()
        if found := _RAW_AMI.fullmatch(guid):
            return "".join(found.groups()).lower()
    if not _HP_GUID.match(guid):
        return None
    if guid.endswith("FFFFFFFF"):
        return _mac_in_characters(guid)
    return guid[20:].lower() if not guid.endswith("20" * 6) and _hp_laptop_serials(guid) else None


def _hp_serials(guid: str) -> list[str]:
    """
    The readings of the serial in an HP GUID.

    A server has 6 characters of a product number before the 10 of its serial. The byte order reverses the first two of
    these, and HP's plants tell which order is right. A laptop has its serial first and a MAC or blanks behind it.
    """
    orders = _orders(guid)
    servers = [found[1].rstrip() for text in orders if (found := _HP_SERVER.fullmatch(text))]
    return _likely(servers) if len(servers) == 2 else _hp_laptop_serials(guid)


def _mac_in_characters(guid: str) -> str | None:
    """The MAC of which a GUID key holds the digits as characters; of its two readings the one a maker may give."""
    readings = [text[:12].lower() for text in _orders(guid) if _MAC_DIGITS.match(text)]
    universal = [mac for mac in readings if mac[1] in "048c"]  # the two lowest bits of the first byte are not set
    return universal[0] if len(universal) == 1 else None


def _hp_laptop_serials(guid: str) -> list[str]:
    orders = _orders(guid)
    is_other = guid.endswith("FFFFFFFF") or _HP_SERVER.fullmatch(orders[0])
    is_hp = not is_other and all(_HP_SERIAL.match(text) for text in orders)
    return _likely([text[:10] for text in orders]) if is_hp else []


def _likely(readings: list[str]) -> list[str]:
    """The one reading that begins with a plant of HP's; both where that is true of none or of both."""
    known = [serial for serial in readings if serial[:2] in HP_PLANTS]
    return known if len(known) == 1 else list(dict.fromkeys(readings))


def _orders(guid: str) -> tuple[str, str]:
    """The 16 bytes of a GUID as characters, in both byte orders."""
    octets = bytes.fromhex(guid)
    return octets.decode("latin-1"), swap_bytes(octets).decode("latin-1")
