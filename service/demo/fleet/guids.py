"""
BIOS GUIDs as makers build them and as agents print them.

*Decoded* is what Windows prints; *raw* prints the bytes in the order of memory, so that
the bytes of the first three groups are reversed (DMTF SMBIOS specification, System Information).
"""

from service.demo.fleet.seeded import SeededRandom


def swapped(guid: str) -> str:
    """Return the GUID in the other byte order; upper case with dashes in, the same out."""
    head, rest = guid.split("-")[:3], guid.split("-")[3:]
    return "-".join(
        ["".join(reversed([group[at : at + 2] for at in range(0, len(group), 2)])) for group in head] + rest
    )


def dashed(digits: str) -> str:
    """Return 32 hex digits with dashes, upper case."""
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])).upper()


def dell_guid(tag: str) -> str:
    """
    Return the decoded GUID that a Dell board makes of its seven-character service tag.

    >>> dell_guid("D34623J")
    '4C4C4544-0033-3410-8036-C4C04F32334A'
    """
    code = [f"{ord(letter):02X}" for letter in tag]
    first = f"{ord(tag[0]) | 0x80:02X}"
    return f"4C4C4544-00{code[1]}-{code[2]}10-80{code[3]}-{first}C04F{code[4]}{code[5]}{code[6]}"


def hp_server_guid(product: str, serial: str) -> str:
    """Return the decoded GUID of an HP server: its raw bytes spell product number (6) and serial (10)."""
    return swapped(dashed((product + serial).encode("ascii").hex()))


def vmware_guid(rng: SeededRandom) -> str:
    """Return a VMware GUID in raw order, as vCenter and the `.vmx` file have it."""
    return dashed(rng.pick(("564D", "420E", "4221")) + rng.text("0123456789ABCDEF", 28))


def vmware_serial(raw: str) -> str:
    """Return the serial of a VMware guest: its raw GUID in lower case, blanks between bytes, a dash in the middle."""
    digits = raw.replace("-", "").lower()
    pairs = [digits[at : at + 2] for at in range(0, 32, 2)]
    return f"VMware-{' '.join(pairs[:8])}-{' '.join(pairs[8:])}"
