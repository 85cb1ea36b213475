"""
Texts that firmware and clouds write where a serial number should be: rules that need no list of every spelling.

The rules read letters and digits alone, so that brackets, stops and blanks hide nothing; only `wordy_reason` asks for
the text as written, because what it looks for is the blank between two words. They refuse none of the real serials of
the project's reference.

Sources: what 162,853 dmidecode reports have in their text fields (linuxhw/DMI), test suites of inventory tools.
"""

import re

NOTHING = frozenset(
    """
    NULL NIL NONE NA NOTSET NOTUSED NOTKNOWN NOTAVAILABLE NOTAPPLICABLE NOTPRESENT NOTSPECIFIED NOTPROVIDED NOTHING OEM
    NOINFORMATION NOTFOUND NOTINSTALLED NOTASSIGNED STANDARD TBD TBA UNKNOWN UNDEFINED UNSPECIFIED UNASSIGNED UNUSED
    EMPTY BLANK DEFAULT INVALID GENERIC RESERVED TEST SAMPLE DUMMY EXAMPLE PLACEHOLDER VOID MISSING UNAVAILABLE FAMILY
    VERSION REVISION ASSETTAG NOTEBOOK LAPTOP DESKTOP TABLET SERVER WORKSTATION COMPUTER
    """.split()
)
"""Words that say that there is no serial, or name a kind of machine; letters only."""

CONSTANTS = frozenset(
    """
    77837084326590858269328677 AMAZONEC2 AMAZON ORACLECLOUDCOM ORACLECLOUD GOOGLE GOOGLECLOUD GOOGLECOMPUTEENGINE
    VIRTUALMACHINE MICROSOFTCORPORATION MICROSOFTAZURE OPENSTACK OPENSTACKNOVA DIGITALOCEAN DROPLET VULTR LINODE AKAMAI
    HETZNER ALIBABACLOUD ALIBABACLOUDECS TENCENTCLOUD IBMCLOUD SCALEWAY EXOSCALE UPCLOUD NUTANIX VMWARE VIRTUALBOX QEMU
    KVM BOCHS XEN HVMDOMU HYPERV PARALLELS PROXMOX RHEV OVIRT BHYVE LENOVO TOSHIBA HUAWEI ALIENWARE MEDION GIGABYTE
    TUXEDO INTEL RAZER FOXCONN THINKPAD PEGATRON COMPAL CLEVO THINKSYSTEM PHOENIXAWARD DELL ASUS ACER
    SUPERMICRO SYSTEM76
    """.split()
)
"""What clouds, hypervisors and makers write into each of their machines, letters and digits only; first Azure's."""

_WORDS = NOTHING | CONSTANTS

_TEXTS = re.compile(
    "DEFAULTSTRING|TOBEFILLED|BEFILLEDBY|FILLEDBYOEM|NOTDEFINED|SERIALNUMBER|ASSETTAG|PRODUCTNAME|INVALID|NOTPROVIDED"
    "|VERSION|REVISION|MANUFACTURER|^SMBIOSTYPE|^TYPE[1-4][A-Z]{6}"
)

MOST_LETTERS = 4
"""Letters that may stand before and behind digits that only count upwards."""

FEWEST_COUNTING = 7
"""Digits that have to count upwards before they are taken for a filler."""

_COUNTING = ("0123456789" * 26, "0" + "123456789" * 29)
"""Digits that count upwards without end: after 9 comes 0 or 1."""

_PLATFORMS = ("VMWARE-", "VIRTUALBOX-")  # what follows is a GUID; there are many of them, and the rules are slower
_SEVEN_LETTERS = re.compile("[A-Z]{7}")  # the least that each of the texts holds in a row
_NO_SIGNS = re.compile(r"[\W_]+")
_BETWEEN_WORDS = re.compile(r"[\s_$]")
_DIGIT = re.compile(r"\d")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def text_reason(serial: str) -> str | None:
    """Return why a canonical serial is a text of firmware or of a cloud, or None."""
    if serial[0] == "V" and serial.startswith(_PLATFORMS):
        return None
    bare = serial if serial.isalnum() else _NO_SIGNS.sub("", serial)
    if bare in _WORDS:
        return "placeholder"
    digits = bare.strip(_LETTERS)
    may_count = len(digits) >= FEWEST_COUNTING and len(bare) - len(digits) <= MOST_LETTERS and digits.isdigit()
    if may_count and any(digits in counting for counting in _COUNTING):
        return "digits that only count upwards"
    # of seven letters in a row one stands at a seventh place
    may_be_text = len(bare) > 8 and not bare[6::7].isdigit() and _SEVEN_LETTERS.search(bare)
    return "a text of the firmware" if may_be_text and _TEXTS.search(bare) else None


def wordy_reason(raw: str) -> str | None:
    """Return why a text as written is words and no serial, or None: no digit, and a blank, `_` or `$` inside."""
    is_wordy = not _DIGIT.search(raw) and _BETWEEN_WORDS.search(raw.strip())
    return "words without a digit" if is_wordy else None
