"""
Placeholders: lists of values that identify no box, and structural rules for such values that are on no list.

A placeholder counts as absent: it neither joins two records nor speaks against them. Values are listed in the canonical
form of `normalise`, so that one comparison covers every spelling and, for a GUID, both byte orders. A list is never
complete: a value that is on no list but on several boxes is found in the data (`calibration.over_shared`).

Sources: published lists of GLPI, OCS Inventory, FusionInventory, FreeBSD, FOG, CapaSystems and others,
collected in the project's reference; prefixes of docks and dongles from the IEEE registrations of their makers.
"""

from matching.model import Kind
from matching.values.embedded import guid_may_carry, mac_in_guid
from matching.values.firmware_texts import text_reason

GUIDS = frozenset(
    """
    00000000000000000000000000000000 00000000000000108000000000000000 000102030405060708090A0B0C0D0E0F
    00020003000400050006000700080009 00B3B56A8D5314109FB5B0684D007B53 00FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
    01010101010101010101010101010101 0102030405060708090A0B0C0D0E0F10 01020907030101030807060504030201
    0123456789ABCDEF0123456789ABCDEF 11111111111111111111111111111111 11111111222233334444555555555555
    12345678123412341234123456789012 12345678123456781234567812345678 123456781234567890ABCDDEEFAABBCC
    12973052FFFFFFFFFFFFFFFFFFFFFFFF 12973093FFFFFFFFFFFFFFFFFFFFFFFF 1297F361FFFFFFFFFFFFFFFFFFFFFFFF
    1297F456FFFFFFFFFFFFFFFFFFFFFFFF 1297FB50FFFFFFFFFFFFFFFFFFFFFFFF 142D0E89CDCAD145AE66BC80E8BFEB0F
    44454C4C000010108010C4C04F313233 44454C4C00001020802080C04F202020 4458278E8F17A844ACEBA7D7E5178C63
    58006B9C32D200000000000000000000 58006B9C59D100000000000000000000 58006B9CADD200000000000000000000
    58006B9CB0D200000000000000000000 58585858585858585858585858585858 978369DC54FAF24C82C8B1B5307A6A7F
    DEADBEEFDEADBEEFDEADBEEFDEADBEEF FEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFE FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
    """.split()
)

SERIALS = frozenset(
    """
    (NULLSTRING) * -O ............ .................. .PCIE2 0 000000 0000000 00000000 000000000 0000000000
    0000000000000000 0123456789 1 1111111 1111111111 12345 123456 1234567 12345678 123456789 1234567890
    123456789000 12345678901234567 <BADINDEX> <OUTOFSPEC> <OUTOFSPEC><OUTOFSPEC> ? ASSET-1234567890 ASSETTAG
    BASEBOARDSERIALNUMBER BSS-0123456789 CHASSISASSETTAG CHASSISSERIALNUMBER CUSTOMER DEFAULT DEFAULTSTRING
    DEFAULT_STRING DOESNOTEXIST EMPTY ENTERSERIAL ERROR EVAL FFFFFFFF FILLBYOEM GENERIC IATPASS INVALID
    MB-1234567890 MBSERIALNUMBER N/A NA NIL NNNNNNN NOASSETINFORMATION NOASSETTAG NONE NOSERIAL NOSTRING
    NOTAPPLICABLE NOTAVAILABLE NOTDEFINED NOTINSTALLED NOTPRESENT NOTSETTABLE NOTSPECIFIED NULL O.E.M. OEM
    OEM_SERIAL PCASERIAL PRODUCTSERIAL RESERVED SERIALNUMBER SERIALNUMBERXXXXXX SERNUM0 SN-12345 SN-1234567890
    SN-123456FVGV3I0B8O5N6N7K SYS-1234567890 SYS-9876543210 SYSTEMMANUFACTURER SYSTEMPRODUCTNAME
    SYSTEMSERIALNUMB SYSTEMSERIALNUMBER SYSTEMVERSION TBDBYOEM TOBEFILLEDBYO.E.M TOBEFILLEDBYO.E.M.
    TOBEFILLEDBYOEM TOBESETBYOEM TULIPCOMPUTERS TYPE1-123456789 TYPE1-TBDBYOEM TYPE2-BOARDSERIALNUMBER UKNOWN
    UNDE UNDEFINED UNKN UNKNOW UNKNOWN UNSPECIFIED XXXXXXX XXXXXXXX XXXXXXXXXX XXXXXXXXXXX XXXXXXXXXXXX
    ____________
    """.split()
)

MACS = frozenset(
    """
    000000000000 0000ffffffff 0001027d9b1c 00059a3c7a00 0008a1460635 0008a166e21a 00090faa0001 00090ffe0001
    0009dd103768 000bcafe0000 000fea9ae2f0 00105a7271f3 00111185088b 001122334455 005056c00001 005056c00002
    005056c00008 005345000000 00a0c6000000 0123456789ab 02004c4f4f50 02004e435049 0205857feb80 0205857feb81
    025041000001 028037ec0200 0a0027000000 101111111111 112233445566 123456789abc 204153594eff 24b620524153
    300f20524153 33506f453030 415645000030 444553540000 444553540001 444553544200 44455354616f 463500000031
    505054503030 68a020524153 8000600fe800 888888888888 88e220524153 aabbccddeeff acde48001122 bad0beefface
    d20a2da004be d26b252f2ce7 deadbeefdead e2e616200a35 ec9de9f7f7f7 feffffffffff ffffffffffff
    """.split()
)

HOSTNAMES = frozenset(
    """
    beaglebone default dell desktop idrac- ipad iphone localhost localhost.localdomain macbookpro minwithnet
    pv132t pv136t raspberrypi unknown unknown-host windows
    """.split()
)

APPLIANCES = frozenset(
    """
    access-point accesspoint ap apc brother camera cam canon copier core-switch coreswitch diskstation dvr fax firewall
    fortigate fw gateway gw hp idrac ilo ipmi meraki mfp modem nas nvr pdu phone plotter print printer qnap readynas
    ricoh router scanner sonicwall sw switch synology tv unifi ups vpn wap wifi wlan
    """.split()
)

COMPUTERS = frozenset(
    "android computer debian imac laptop mac mac-mini macbook macbook-air macbook-pro notebook pc ubuntu".split()
)

HOSTNAME_PREFIXES = (
    "idrac-",  # names a management controller, not its host
    "minint-",  # a WinPE session: gone when the imaging ends
)

IGNORED_MAC_PREFIXES = {
    "005056c0": "VMware adapter of a host, the same on every host",
    "0a0027": "VirtualBox host-only adapter",
    "b0c420": "Bochs virtual adapter",
    "deadca": "PearPC virtual adapter",
    "00ff": "TAP-style virtual adapter",
    "0242": "Docker bridge or container",
    "00005e0001": "VRRP virtual router",
    "00005e0002": "VRRP virtual router",
    "00000c07ac": "HSRP virtual router",
    "00000c9ff": "HSRP virtual router",
    "0007b400": "GLBP virtual router",
}

WEAK_MAC_PREFIXES = {
    "00155d": "Hyper-V pool: hosts hand out the same addresses",
    "0003ff": "Virtual PC pool",
    "080027": "VirtualBox guest: imported images keep their address",
    "00163e": "Xen guest",
    "001c42": "Parallels guest",
    "000f4b": "Virtual Iron guest",
    "0050b6": "dock or dongle (Good Way)",
    "000ec6": "dongle (ASIX)",
    "00e04c": "dongle (Realtek USB)",
    "9cebe8": "dock (BizLink)",
    "0c3796": "dock (BizLink)",
    "3c18a0": "dongle (Luxshare)",
    "a0cec8": "dock (CE Link)",
    "8cae4c": "dock or dongle (Plugable)",
    "644bf0": "dock (CalDigit)",
    "00249b": "dongle (Action Star)",
    "00133b": "dongle (Speed Dragon)",
    "00051b": "dongle (Magic Control)",
}

VIRTUAL_MACHINE_PREFIXES = frozenset(
    """
    000569 000c29 001c14 005056 00155d 0003ff 080027 525400 00163e 001c42 000f4b 506b8d 42010a 020017 000d3a 002248
    6045bd 7c1e52
    """.split()
)
"""Prefixes of the adapters that hypervisors and clouds give to virtual machines."""

DAMAGED = "a number damaged by a spreadsheet"
"""The reason against a serial that was real before a spreadsheet rounded it."""

_ZEROS = "0" * 20
_ENDS = {
    "F" * 24: "only the first field is filled",
    "20" * 10: "a product number without a serial",  # an HP board to which no serial was written
}
_END_TEXTS = tuple(_ENDS)
_BLANK_DELL_TAG = b"\x00 "
_SEPARATORS = set("-/._")
_ODD = frozenset("13579bdf")  # second digit of a group address
_LOCAL = frozenset("2367abef")  # second digit of a locally administered address
_IGNORED_STARTS = frozenset(prefix[:4] for prefix in IGNORED_MAC_PREFIXES)


def guid_reason(key: str) -> str | None:
    """Return why a GUID key identifies nothing, or None."""
    if key in GUIDS:
        return "placeholder"
    if key.startswith(_ZEROS):
        return "zeros and a MAC address"
    if key.endswith(_END_TEXTS) or key == key[:2] * 16:
        return _end_reason(key)
    if not guid_may_carry(key):
        return None
    if (mac := mac_in_guid(key)) and (flaw := mac_reason(mac)):
        return f"a template whose MAC address is none: {flaw}"
    return "Dell board without a service tag" if key.startswith("44454C4C") and _is_blank_dell(key) else None


def _end_reason(key: str) -> str:
    if key == key[:2] * 16:
        return "one byte repeated"
    return next(reason for end, reason in _ENDS.items() if key.endswith(end))


def _is_blank_dell(key: str) -> bool:
    """Whether a Dell GUID, whose key is in raw order and so begins DELL, carries no service tag."""
    raw = bytes.fromhex(key)
    tag = (raw[10] & 0x7F, raw[4], raw[7], raw[9], raw[13], raw[14], raw[15])
    return all(byte in _BLANK_DELL_TAG for byte in tag)


def serial_reason(serial: str) -> str | None:
    """Return why a canonical serial identifies nothing, or None."""
    if serial in SERIALS:
        return "placeholder"
    characters = set(serial)
    if len(characters) < 5:
        characters -= _SEPARATORS
        if len(characters) <= 1:
            return "one character repeated"
        if characters <= {"0", "1"} or characters <= {"0", "O"}:
            return "only zeros and ones"
    # Field labels, spreadsheet damage and version numbers hold an E or a dot; most serials hold neither.
    return text_reason(serial) or (_not_a_serial(serial) if "E" in serial or "." in serial else None)


def weak_serial_reason(serial: str) -> str | None:
    """Return why a canonical serial counts only beside other evidence, or None. Real short serials exist."""
    return "too short to stand alone" if len(serial) < 5 else None


def mac_reason(mac: str) -> str | None:
    """Return why a canonical MAC identifies nothing, or None."""
    if mac in MACS:
        return "placeholder"
    if mac[1] in _ODD:
        return "multicast"
    if mac.endswith("20524153"):
        return "Windows RAS miniport"
    if mac[:4] in _IGNORED_STARTS:
        return _prefix(mac, IGNORED_MAC_PREFIXES)
    return "one digit repeated" if mac == mac[0] * 12 else None


def weak_mac_reason(mac: str) -> str | None:
    """Return why a canonical MAC counts only beside other evidence, or None."""
    if mac[1] in _LOCAL:
        return "locally administered"  # RFC 9542, section 2.1
    if mac[6:10] == "fffe":
        return "a FireWire address, cut from 8 bytes to 6"
    return WEAK_MAC_PREFIXES.get(mac[:6])


def is_of_virtual_machine(mac: str) -> bool:
    """Whether a canonical MAC is one of those that hypervisors give: it stays with its machine, as no dock's does."""
    return mac[:6] in VIRTUAL_MACHINE_PREFIXES


def is_of_accessory(mac: str) -> bool:
    """Whether a canonical MAC has the prefix of a maker of docks or dongles, which travel from box to box."""
    return mac[:6] in WEAK_MAC_PREFIXES and not is_of_virtual_machine(mac)


def hostname_reason(label: str) -> str | None:
    """Return why a canonical hostname identifies nothing, or None."""
    if label in HOSTNAMES or label.startswith(HOSTNAME_PREFIXES):
        return "placeholder"
    return None


def is_generic_hostname(label: str) -> bool:
    """
    Whether a canonical hostname says what a box is and not which one: `printer`, `sw01`, `ap-2`, `laptop`.

    A customer has several such boxes, and people give each of them the same word as a name. A number does not make an
    appliance's name (`sw01`) an identifier; it does make a computer's or a server's (`laptop-07`, `dc01`) one, because
    those are numbered with care.
    """
    return label.rstrip("0123456789").rstrip("-_") in APPLIANCES or label in COMPUTERS


REASONS = {
    Kind.BIOS_GUID: guid_reason,
    Kind.SERIAL: serial_reason,
    Kind.MAC: mac_reason,
    Kind.HOSTNAME: hostname_reason,
}


WEAK_REASONS = {Kind.SERIAL: weak_serial_reason, Kind.MAC: weak_mac_reason}


def _prefix(mac: str, prefixes: dict[str, str]) -> str | None:
    for length in (4, 6, 8, 9, 10):
        if (reason := prefixes.get(mac[:length])) is not None:
            return reason
    return None


def _not_a_serial(serial: str) -> str | None:
    if "SERIAL" in serial and not any(c.isdigit() for c in serial):
        return "a field label"
    if _is_scientific(serial):
        return DAMAGED
    return "a version number" if _is_version(serial) else None


def _is_scientific(serial: str) -> bool:
    mantissa, e, exponent = serial.partition("E")
    integer, _, fraction = mantissa.partition(".")
    digits = (integer, fraction or "0", exponent.lstrip("+-"))
    # A real serial may be digits, an E and digits: only a written sign or decimal point shows a spreadsheet.
    return bool(e) and all(part.isdigit() for part in digits) and ("." in mantissa or exponent[:1] in "+-")


def _is_version(serial: str) -> bool:
    parts = serial.removeprefix("V").split(".")
    return 2 <= len(parts) <= 4 and all(part.isdigit() and len(part) <= 3 for part in parts)
