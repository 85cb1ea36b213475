"""Identifiers are read out of others in which they are written."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.values.embedded import (
    SHORTEST_OF_VIRTUAL_MACHINE,
    guid_in_serial,
    is_serial_of_virtual_machine,
    mac_in_guid,
    serials_in_guid,
    tag_in_board_serial,
    tag_in_guid,
)
from matching.values.normalise import normalise_guid, normalise_serial
from matching.values.spelling import byte_swapped, dashed

KEY = "564D4CBCC6A919693FEEFA0F3887B6A5"
either_order = pytest.mark.parametrize("order", [lambda guid: guid, byte_swapped], ids=["decoded", "raw"])


def text_guid(text: str) -> str:
    """Return the GUID, in hexadecimal digits, whose 16 bytes are these characters."""
    return text.encode("latin-1").hex().upper()


def inside(guid: str) -> list[str]:
    """Return the serials inside a GUID."""
    return [found.value for found in serials_in_guid(normalise_guid(guid))]


@pytest.mark.parametrize(
    ("written", "carrier"),
    [
        ("VMware-56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5", "VMware serial"),
        ("VMware-bc 4c 4d 56 a9 c6 69 19-3f ee fa 0f 38 87 b6 a5", "VMware serial"),
        ("VirtualBox-bc4c4d56-a9c6-6919-3fee-fa0f3887b6a5", "VirtualBox serial"),
        ("VirtualBox-564d4cbc-c6a9-1969-3fee-fa0f3887b6a5", "VirtualBox serial"),
        ("Parallels-56 4D 4C BC C6 A9 19 69 3F EE FA 0F 38 87 B6 A5", "Parallels serial"),
        ("GoogleCloud-564D4CBCC6A919693FEEFA0F3887B6A5", "Google Cloud serial"),
        ("564d4cbc-c6a9-1969-3fee-fa0f3887b6a5", "serial"),
    ],
)
def test_a_platforms_serial_gives_the_guid_in_either_order(written: str, carrier: str) -> None:
    """The key is the same whichever order the platform writes, and the carrier is named."""
    found = guid_in_serial(normalise_serial(written))

    assert found is not None
    assert found == (KEY, carrier)


@pytest.mark.parametrize(
    "serial", ["VMWARE-564D4CBC", "VMWARE-", "5CG1234ABC", KEY, "0000-0012-3456-7890-1234-5678-91"]
)
def test_other_serials_give_no_guid(serial: str) -> None:
    """Sixteen bytes behind the word, the dashed form alone, or nothing."""
    assert guid_in_serial(serial) is None


@either_order
def test_a_dell_guid_gives_the_service_tag_in_either_order(order: Callable[[str], str]) -> None:
    """The tag's letters stand at fixed bytes of both orders."""
    assert tag_in_guid(normalise_guid(order("4C4C4544003334108036C4C04F32334A"))) == "D34623J"
    assert inside(order("4C4C4544003334108036C4C04F32334A")) == ["D34623J"]


@given(st.binary(min_size=16, max_size=16))
def test_any_guid_gives_readable_serials_or_none(octets: bytes) -> None:
    """Letters and digits, the same for both orders of the GUID."""
    key = normalise_guid(octets.hex())
    tag = tag_in_guid(key)

    assert tag is None or (key.startswith("44454C4C") and tag.isalnum() and 5 <= len(tag) <= 7)
    assert all(found.value.isalnum() and found.value.isascii() for found in serials_in_guid(key))
    assert serials_in_guid(normalise_guid(byte_swapped(key))) == serials_in_guid(key)


@either_order
@pytest.mark.parametrize(
    ("text", "serials"),
    [
        ("868703CZJ1234XYZ", ["CZJ1234XYZ"]),  # a server: product number and serial
        ("868703AB91234XYZ", ["AB91234XYZ", "BA91234XYZ"]),  # a plant that is not known: both readings
        ("868703CZJ12345  ", ["CZJ12345"]),
        ("CNF0123XYZ\xc8\x0a\xa9\x00\x00\x07", ["CNF0123XYZ"]),  # a laptop: serial and MAC
        ("HXDMPGK16B      ", ["HXDMPGK16B"]),
        ("868703          ", []),
        ("1C3F65000007\xff\xff\xff\xff", []),  # the digits of a MAC
    ],
)
def test_an_hp_guid_gives_the_serial_in_either_order(
    text: str, serials: list[str], order: Callable[[str], str]
) -> None:
    """The plant tells which reading is right; where it does not, both are candidates."""
    assert sorted(inside(order(text_guid(text)))) == serials


@either_order
@pytest.mark.parametrize(
    ("guid", "mac"),
    [
        ("000000000000000000003C5282000001", "3c5282000001"),  # network boot, Supermicro
        ("00000000000010008000003C5282000A", "003c5282000a"),  # old Macs
        ("080020FFFFFFFFFFFFFF0010E0000007", "0010e0000007"),  # Sun
        ("035202 3C 0482 0500 0006 010700080009".replace(" ", ""), "3c5282000001"),  # AMI, Gigabyte
        ("03000200040005000006000700080009", "000000000000"),
        (text_guid("1C3F65000007\xff\xff\xff\xff"), "1c3f65000007"),
        (text_guid("CNF0123XYZ\xc8\x0a\xa9\x00\x00\x07"), "c80aa9000007"),
        (KEY, None),
        (text_guid("868703CZJ1234XYZ"), None),
        (text_guid("HXDMPGK16B      "), None),
    ],
)
def test_a_guid_made_of_a_mac_gives_the_mac_in_either_order(
    guid: str, mac: str | None, order: Callable[[str], str]
) -> None:
    """At the place where each maker writes it; zeros are returned too, and judged by those who ask."""
    assert mac_in_guid(normalise_guid(dashed(order(guid)))) == mac


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        (".D34623J.CN1234567800A1.", "D34623J"),
        ("/D34623J/CN1234567800A1/", "D34623J"),
        ("..CN1234567800A1.    ", ""),
    ],
)
def test_a_dell_board_serial_gives_the_service_tag(written: str, tag: str) -> None:
    """A tag was not written to every board."""
    found = tag_in_board_serial(normalise_serial(written))

    assert found is not None
    assert found.value == tag


@pytest.mark.parametrize("serial", ["D34623J", ".......", "/D34623J/", "5CG1234ABC", "..CN.."])
def test_other_serials_are_no_dell_boards(serial: str) -> None:
    """Tag, country and number between stops or slashes, or nothing."""
    assert tag_in_board_serial(serial) is None


@given(st.from_regex(r"\d{4}(-\d{4}){5}-\d{2}|(VMWARE-|PARALLELS-)?[0-9A-F-]{30,40}", fullmatch=True))
def test_a_shorter_serial_is_none_of_a_virtual_machine(serial: str) -> None:
    """So a length tells most serials apart, in tables too."""
    assert len(serial) >= SHORTEST_OF_VIRTUAL_MACHINE or not is_serial_of_virtual_machine(serial)


def test_the_shortest_serial_of_a_virtual_machine_is_hyper_vs() -> None:
    """Four digits six times, and two more."""
    serial = "1234-5678-9012-3456-7890-1234-56"

    assert len(serial) == SHORTEST_OF_VIRTUAL_MACHINE
    assert is_serial_of_virtual_machine(serial)
