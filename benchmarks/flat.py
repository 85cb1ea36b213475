"""Records as the flat rows that the other contenders take: raw, or cleaned as a careful user of theirs would."""

import re
from typing import NamedTuple

from benchmarks.fleet.accessories import LISTED_VPN
from benchmarks.fleet.clouds import CONSTANTS
from benchmarks.fleet.firmware import CHASSIS_TEXTS
from benchmarks.fleet.hardware import FILLER_GUIDS, FILLER_SERIALS, FIRMWARE_GUIDS, FIRMWARE_TEXTS, twin
from benchmarks.fleet.sights import Row
from benchmarks.fleet.typing_slips import FILLERS

NO_SERIAL = frozenset(text.lower() for text in (*FILLER_SERIALS, *FILLERS, *FIRMWARE_TEXTS, *CHASSIS_TEXTS, *CONSTANTS))
NO_GUID = frozenset(text.lower().replace("-", "") for text in (*FILLER_GUIDS, *FIRMWARE_GUIDS))
NOT_HEX = re.compile("[^0-9a-f]")
BETWEEN = re.compile(r"[,;\s]+")


class Flat(NamedTuple):
    """One record; lists are empty and texts None where there is nothing."""

    n: int
    guid: str | None
    serials: list[str]
    macs: list[str]
    hostname: str | None
    company: str | None


def flat(n: int, row: Row, cleaned: bool) -> Flat:
    """Return a record's row in lower case, GUID and MACs as bare digits; without listed fillers if cleaned."""
    guid = NOT_HEX.sub("", str(row.get("bios_guid", "")).lower())
    serial: str | list[str] = row.get("serial", [])
    serials = {text.strip().lower() for text in ([serial] if isinstance(serial, str) else serial)}
    macs = {NOT_HEX.sub("", mac.lower()) for text in row.get("macs", []) for mac in BETWEEN.split(text)}
    hostname = str(row.get("hostname") or row.get("name", "")).lower()
    if cleaned:
        guid = "" if guid in NO_GUID else either_order(guid)
        serials -= NO_SERIAL
        macs = {mac for mac in macs if mac not in LISTED_VPN and not int(mac[:2], 16) & 2}
        hostname = hostname.partition(".")[0]
    company = str(row.get("company", "")).lower()
    return Flat(n, guid or None, sorted(serials - {""}), sorted(macs), hostname or None, company or None)


def either_order(guid: str) -> str:
    """Return the lesser of a GUID and its byte-swapped twin."""
    if len(guid) != 32:
        return ""
    turned = twin("-".join((guid[:8], guid[8:12], guid[12:16], guid[16:20], guid[20:])))
    return min(guid, turned.replace("-", ""))
