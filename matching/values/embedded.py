"""Identifiers that are part of other identifiers: a GUID in a serial, a serial or a MAC in a GUID."""

from matching.errors import UnusableValue
from matching.values.normalise import normalise_guid


def guid_in_serial(serial: str) -> str | None:
    """
    Return the GUID key inside a canonical VMware serial (`VMWARE-564D...`), or None.

    Source: behind the word VMware writes the 16 bytes of `uuid.bios`, in raw order.
    """
    if not serial.startswith("VMWARE-"):
        return None
    try:
        return normalise_guid(serial[7:])
    except UnusableValue:
        return None


def tag_in_guid(guid: str) -> str | None:
    """
    Return the service tag inside a Dell GUID key, or None.

    The tag's characters are at fixed bytes; the highest bit of the first one is a flag.

    >>> tag_in_guid(normalise_guid("4C4C4544-0033-3410-8036-C4C04F32334A"))
    'D34623J'
    """
    if not guid.startswith("44454C4C"):  # "DELL": the raw order, which is the smaller one
        return None
    octets = bytes.fromhex(guid)
    tag = bytes((octets[10] & 0x7F, octets[4], octets[7], octets[9], octets[13], octets[14], octets[15]))
    text = tag.decode("ascii", "replace").strip("\0 ")
    return text.upper() if len(text) >= 5 and text.isascii() and text.isalnum() else None


def mac_in_guid(guid: str) -> str | None:
    """Return the MAC that a network-boot GUID (twenty zeros and a MAC) carries, or None."""
    return guid[20:].lower() if guid.startswith("0" * 20) and guid[20:].strip("0") else None
