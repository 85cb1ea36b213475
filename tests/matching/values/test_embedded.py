"""Identifiers are read out of others in which they are written."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.values.embedded import guid_in_serial, mac_in_guid, tag_in_guid
from matching.values.normalise import normalise_guid, normalise_serial
from matching.values.spelling import byte_swapped


def test_a_vmware_serial_gives_the_guid() -> None:
    """The serial is the GUID in raw order."""
    serial = normalise_serial("VMware-56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5")

    assert guid_in_serial(serial) == "564D4CBCC6A919693FEEFA0F3887B6A5"


@pytest.mark.parametrize("serial", ["VMWARE-564D4CBC", "VMWARE-", "5CG1234ABC", "564D4CBCC6A919693FEEFA0F3887B6A5"])
def test_other_serials_give_no_guid(serial: str) -> None:
    """Sixteen bytes behind the word, or nothing."""
    assert guid_in_serial(serial) is None


@pytest.mark.parametrize("order", [lambda guid: guid, byte_swapped], ids=["decoded", "raw"])
def test_a_dell_guid_gives_the_service_tag_in_either_order(order: Callable[[str], str]) -> None:
    """The tag's letters stand at fixed bytes of both orders."""
    assert tag_in_guid(normalise_guid(order("4C4C4544003334108036C4C04F32334A"))) == "D34623J"


@given(st.binary(min_size=16, max_size=16))
def test_any_guid_gives_a_readable_tag_or_none(octets: bytes) -> None:
    """Only a Dell GUID has one, and it is letters and digits."""
    key = normalise_guid(octets.hex())
    tag = tag_in_guid(key)

    assert tag is None or (key.startswith("44454C4C") and tag.isalnum() and 5 <= len(tag) <= 7)


def test_a_network_boot_guid_gives_the_mac() -> None:
    """Twenty zeros and the address; zeros alone are none."""
    assert mac_in_guid("000000000000000000003C5282000001") == "3c5282000001"
    assert mac_in_guid("0" * 32) is None
    assert mac_in_guid("564D4CBCC6A919693FEEFA0F3887B6A5") is None
