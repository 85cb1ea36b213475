"""
Turn what providers write into values that can be compared.

Each function turns a raw text into its canonical form, or fails with `UnusableValue` and the reason. Only the
spelling is changed here; `placeholders` says whether a value identifies anything. Every function accepts any text and
runs in time linear in its length; a text that is longer than any identifier is refused without being read.
"""

import re
import unicodedata
from collections.abc import Callable

from matching.errors import UnusableValue
from matching.model import Kind
from matching.values.labels import without_label

MAX_LENGTH = 256
"""The longest text that is read, in characters: ConnectWise Manage's longest identifying field holds 250."""

_LABEL_SIGNS = re.compile("[:=\\s]")
_SHORT_OCTETS = re.compile(r"[0-9a-f]{1,2}(?:([:-])[0-9a-f]{1,2})(?:\1[0-9a-f]{1,2}){4}", re.IGNORECASE)
_MAC_QUOTES = "{}\"' \t\r\n"
_MAC_SEPARATORS = str.maketrans("", "", ":-. \t\r\n")
_GUID_NOISE = str.maketrans("", "", "{}()-\"' \t\r\n\0")
_ASCII_BLANKS = str.maketrans("", "", "".join(chr(code) for code in (*range(33), 127)))


def normalise_guid(raw: str) -> str:
    """
    Return the GUID's key: the smaller of its two byte orders, as 32 upper-case hex digits.

    Firmware and its readers disagree on the order of the first three groups, so one board is known
    under two byte orders; one key for both makes them equal everywhere.

    Raises:
        UnusableValue: Not 16 bytes in hexadecimal.

    Source: SMBIOS 2.6, type 1, and earlier practice.

    >>> normalise_guid("{BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5}")
    '564D4CBCC6A919693FEEFA0F3887B6A5'
    >>> normalise_guid("56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5")
    '564D4CBCC6A919693FEEFA0F3887B6A5'
    """
    octets = guid_bytes(raw)
    return min(octets, swap_bytes(octets)).hex().upper()


def normalise_serial(raw: str) -> str:
    """
    Return a serial number in NFKC and upper case, without blanks, control and format characters.

    Labels (`S/N: `), brackets and marks of old rows (`(old)`), which people type, are removed too.

    Raises:
        UnusableValue: Nothing is left, longer than any serial number is, or with a label that is not understood.

    >>> normalise_serial(" 5cg 1234abc "), normalise_serial("S/N: 5CG1234ABC (old)")
    ('5CG1234ABC', '5CG1234ABC')
    """
    _check_length("serial", raw)
    if raw.isalnum() and raw.isascii():
        return raw.upper()
    serial = _serial_once(raw)
    if raw.isascii() and ":" not in serial and "=" not in serial:
        return serial
    return _until_stable(_serial_once, serial)


def normalise_mac(raw: str) -> str:
    """
    Return a 48-bit MAC address as 12 lower-case hex digits.

    Raises:
        UnusableValue: Not 48 bits in hexadecimal.

    >>> normalise_mac("0011.22AA.BBCC"), normalise_mac("0:15:17:6a:44:4c")
    ('001122aabbcc', '0015176a444c')
    """
    if len(raw) in {12, 17}:  # the usual spellings of nearly every MAC
        try:
            octets = bytes.fromhex(raw.replace(":", "").replace("-", ""))
        except ValueError:
            pass
        else:
            if len(octets) == 6:
                return octets.hex()
    bare = without_label(Kind.MAC, raw[:MAX_LENGTH]).strip(_MAC_QUOTES)
    if _SHORT_OCTETS.fullmatch(bare):  # Solaris writes no leading zeros
        return "".join(octet.zfill(2) for octet in re.split("[:-]", bare.lower()))
    octets = _hexadecimal("mac", raw, bare.translate(_MAC_SEPARATORS))
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


def guid_bytes(raw: str) -> bytes:
    """Return the 16 bytes of a GUID in the order in which it is written. Raises: UnusableValue."""
    if len(raw) in {32, 36}:  # the usual spellings of nearly every GUID
        try:
            octets = bytes.fromhex(raw.replace("-", ""))
        except ValueError:
            pass
        else:
            if len(octets) == 16:
                return octets
    text = without_label(Kind.BIOS_GUID, raw[:MAX_LENGTH].strip().lower().removeprefix("urn:uuid:"))
    text = text.translate(_GUID_NOISE)
    octets = _hexadecimal("bios_guid", raw, text)
    if len(octets) != 16:
        raise UnusableValue("bios_guid", raw, "not 32 hexadecimal digits")
    return octets


def _hexadecimal(kind: str, raw: str, digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise UnusableValue(kind, raw, "not hexadecimal") from None


def swap_bytes(octets: bytes) -> bytes:
    """Return 16 bytes with each of the first three groups (4, 2 and 2 bytes) reversed; its own inverse."""
    return octets[3::-1] + octets[5:3:-1] + octets[7:5:-1] + octets[8:]


def _check_length(kind: str, raw: str) -> None:
    if len(raw) > MAX_LENGTH:
        raise UnusableValue(kind, raw, f"longer than {MAX_LENGTH} characters")


def _serial_once(text: str) -> str:
    bare = without_label(Kind.SERIAL, text) if _LABEL_SIGNS.search(text) else text
    serial = bare.translate(_ASCII_BLANKS).upper() if bare.isascii() else _fold_serial(bare)
    if not serial:
        raise UnusableValue("serial", text, "empty")
    return serial if serial.isalnum() else _until_stable(_unlabelled, serial)


def _fold_serial(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"})


def _unlabelled(serial: str) -> str:
    """Remove one label from a canonical serial, if the rest can still be a serial."""
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
