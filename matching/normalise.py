"""
Turn what providers write into values that can be compared.

A raw text in, its canonical form out, or `UnusableValue` with the reason. Only spelling is settled here;
whether a value identifies anything is the business of `placeholders`. Every function takes any text and
works in time linear in its length; texts beyond a kind's longest sensible length are refused unread.
"""

import unicodedata
from collections.abc import Callable

from matching.errors import UnusableValue
from matching.model import Kind

MAX_LENGTH = 256
"""Characters read at the most: ConnectWise Manage's longest identifying field holds 250."""

_MAC_SEPARATORS = str.maketrans("", "", ":-. \t\r\n")
_GUID_NOISE = str.maketrans("", "", "{}()-\"' \t\r\n\0")
_ASCII_BLANKS = str.maketrans("", "", "".join(chr(code) for code in (*range(33), 127)))


def normalise_guid(raw: str) -> str:
    """
    Return the GUID's key: the smaller of its two byte orders, as 32 upper-case hex digits.

    Firmware and its readers disagree on the order of the first three groups, so one board is known
    under a value and its byte-swapped twin; one key for both makes them equal everywhere.

    Raises:
        UnusableValue: Not 16 bytes in hexadecimal.

    Source: SMBIOS 2.6, type 1, and earlier practice.

    >>> normalise_guid("{BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5}")
    '564D4CBCC6A919693FEEFA0F3887B6A5'
    >>> normalise_guid("56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5")
    '564D4CBCC6A919693FEEFA0F3887B6A5'
    """
    octets = _octets(raw)
    return min(octets, _swapped(octets)).hex().upper()


def spelling(raw: str) -> str | None:
    """Return a GUID in the byte order in which it was written, upper case with dashes; None if it is none."""
    try:
        return dashed(_octets(raw).hex().upper())
    except UnusableValue:
        return None


def twin(guid: str) -> str:
    """Return 32 hex digits with the bytes of the first three groups turned round; its own inverse."""
    return _swapped(bytes.fromhex(guid)).hex().upper()


def dashed(guid: str) -> str:
    """Return 32 hex digits in the customary groups of 8-4-4-4-12."""
    return f"{guid[:8]}-{guid[8:12]}-{guid[12:16]}-{guid[16:20]}-{guid[20:]}"


def normalise_serial(raw: str) -> str:
    """
    Return a serial number in NFKC and upper case, without blanks, control and format characters.

    People also type what the value is (`S/N: `), put it in brackets or mark a row as old: that goes too.

    Raises:
        UnusableValue: Nothing is left, or longer than any serial number is.

    >>> normalise_serial(" 5cg 1234abc "), normalise_serial("S/N: 5CG1234ABC (old)")
    ('5CG1234ABC', '5CG1234ABC')
    """
    _check_length("serial", raw)
    if raw.isalnum() and raw.isascii():
        return raw.upper()
    serial = raw.translate(_ASCII_BLANKS).upper() if raw.isascii() else _until_stable(_fold_serial, raw)
    if not serial:
        raise UnusableValue("serial", raw, "empty")
    return serial if serial.isalnum() else _until_stable(_unlabelled, serial)


def normalise_mac(raw: str) -> str:
    """
    Return a 48-bit MAC address as 12 lower-case hex digits.

    Raises:
        UnusableValue: Not 48 bits in hexadecimal.

    >>> normalise_mac("0011.22AA.BBCC")
    '001122aabbcc'
    """
    plain = raw.replace(":", "") if len(raw) == 17 else raw[:MAX_LENGTH].translate(_MAC_SEPARATORS)
    octets = _hexadecimal("mac", raw, plain.replace("-", ""))
    if len(octets) != 6:
        raise UnusableValue("mac", raw, "not 48 bits")
    return octets.hex()


def normalise_hostname(raw: str) -> str:
    """
    Return the first label of a hostname, case-folded.

    Raises:
        UnusableValue: Blank inside, an address, or characters that no hostname has.

    >>> normalise_hostname("ACME-LT-0421.corp.acme.com.")
    'acme-lt-0421'
    """
    _check_length("hostname", raw)
    text = raw.strip()
    folded = text.casefold() if text.isascii() else _until_stable(_fold_hostname, text)
    label, _, rest = folded.partition(".")
    if not label:
        raise UnusableValue("hostname", raw, "empty")
    if rest and label.isdigit() and rest.replace(".", "").isdigit():
        raise UnusableValue("hostname", raw, "an IP address")
    if not label.replace("-", "").replace("_", "").isalnum():
        raise UnusableValue("hostname", raw, "characters that no hostname has")
    if len(label) > 63:  # RFC 1035, section 2.3.4
        raise UnusableValue("hostname", raw, "longer than 63 characters")
    return label


NORMALISERS: dict[str, Callable[[str], str]] = {
    Kind.BIOS_GUID: normalise_guid,
    Kind.SERIAL: normalise_serial,
    Kind.MAC: normalise_mac,
    Kind.HOSTNAME: normalise_hostname,
}


def guid_in_serial(serial: str) -> str | None:
    """
    Return the GUID key inside a canonical VMware serial (`VMWARE-564D...`), or None.

    Source: VMware writes the 16 bytes of uuid.bios, in raw order, behind the word.
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

    The tag's characters stand at fixed bytes; the first shares its byte with a flag bit.

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


def _octets(raw: str) -> bytes:
    if len(raw) == 36:  # the customary spelling, which nearly all are in
        try:
            octets = bytes.fromhex(raw.replace("-", ""))
        except ValueError:
            pass
        else:
            if len(octets) == 16:
                return octets
    text = raw[:MAX_LENGTH].strip().lower().removeprefix("urn:uuid:").translate(_GUID_NOISE)
    octets = _hexadecimal("bios_guid", raw, text)
    if len(octets) != 16:
        raise UnusableValue("bios_guid", raw, "not 32 hexadecimal digits")
    return octets


def _hexadecimal(kind: str, raw: str, digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise UnusableValue(kind, raw, "not hexadecimal") from None


def _swapped(octets: bytes) -> bytes:
    return octets[3::-1] + octets[5:3:-1] + octets[7:5:-1] + octets[8:]


def _check_length(kind: str, raw: str) -> None:
    if len(raw) > MAX_LENGTH:
        raise UnusableValue(kind, raw, f"longer than {MAX_LENGTH} characters")


def _fold_serial(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"})


def _unlabelled(serial: str) -> str:
    """Take one label off a canonical serial, if what is left can still be one."""
    bare = serial
    if serial[0] in "([{<\"'" and serial[-1] in ")]}>\"'":
        bare = serial[1:-1]
    elif serial.startswith(SERIAL_LABELS):
        label = next(label for label in SERIAL_LABELS if serial.startswith(label))
        bare = serial[len(label) :].lstrip(":#=.-")
    elif serial.endswith(OLD_MARKS):
        mark = next(mark for mark in OLD_MARKS if serial.endswith(mark))
        bare = serial[: -len(mark)].rstrip("-_/,;:(")
    return bare if len(bare) >= 5 and any(c.isdigit() for c in bare) else serial


SERIAL_LABELS = (
    *(
        "SERIALNUMBER:",
        "SERIALNUMBER#",
        "SERIALNO:",
        "SERIALNO.",
        "SERIAL#",
        "SERIAL:",
        "S/N:",
        "S/N#",
        "S/N",
        "SN:",
        "SN#",
    ),
    *("SERVICETAG:", "SERVICETAG#", "SERVICETAG", "S.N.:", "S.N.", "TAG:", "ST:", "#"),
)
OLD_MARKS = ("(OLD)", "-OLD", "_OLD", "(RETIRED)", "-RETIRED", "(SPARE)", "(NEW)", "-NEW")


def _fold_hostname(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c) != "Cf").strip()


def _until_stable(fold: Callable[[str], str], text: str) -> str:
    while (folded := fold(text)) != text:
        text = folded
    return text
