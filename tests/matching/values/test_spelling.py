"""Values are shown as people write them, and every spelling reads back as the value."""

from hypothesis import given
from hypothesis import strategies as st

from matching.model import Kind
from matching.values.normalise import NORMALISERS, normalise_guid
from matching.values.spelling import byte_swapped, shown, written_order

guids = st.binary(min_size=16, max_size=16).map(lambda raw: raw.hex().upper())
macs = st.binary(min_size=6, max_size=6).map(bytes.hex)


def test_a_value_that_is_none_is_shown_as_it_was_written() -> None:
    """An agent may say in words that there is none; dashes and colons would make nonsense of them."""
    assert shown(Kind.MAC, "3c5282000001") == "3C:52:82:00:00:01"
    assert shown(Kind.BIOS_GUID, normalise_guid("4C4C4544-0033-3410-8036-C4C04F32334A")).count("-") == 4
    for kind in Kind:
        assert shown(kind, "Not Available") == "Not Available"


@given(guids.map(normalise_guid), macs)
def test_what_is_shown_reads_back(guid: str, mac: str) -> None:
    """Whoever copies a value from an explanation finds it again."""
    assert NORMALISERS[Kind.BIOS_GUID](shown(Kind.BIOS_GUID, guid)) == guid
    assert NORMALISERS[Kind.MAC](shown(Kind.MAC, mac)) == mac


@given(guids)
def test_twin_is_its_own_inverse_and_has_the_same_key(guid: str) -> None:
    """Byte order is a matter of spelling."""
    assert byte_swapped(byte_swapped(guid)) == guid
    assert normalise_guid(byte_swapped(guid)) == normalise_guid(guid)


def test_the_order_in_which_a_guid_was_written_is_kept() -> None:
    """The key forgets it; a reader wants to know."""
    assert written_order("{bc4c4d56a9c669193feefa0f3887b6a5}") == "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5"
    assert written_order("not a guid") is None
