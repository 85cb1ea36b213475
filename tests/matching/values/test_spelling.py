"""Values are shown as people write them, and every spelling reads back as the value."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model import Kind
from matching.values.normalise import NORMALISERS, normalise_guid
from matching.values.spelling import byte_swapped, dashed, decoded_order, moment_text, shown, written_order

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


@given(guids)
def test_a_guid_has_one_spelling_in_whatever_order_it_comes(guid: str) -> None:
    """Two tools that print the two orders are answered alike."""
    assert decoded_order(guid) == decoded_order(byte_swapped(guid)) in {guid, byte_swapped(guid)}


@pytest.mark.parametrize(
    "decoded",
    [
        "4C4C4544-0033-3410-8036-C4C04F32334A",  # Dell
        "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5",  # VMware
        "EC2AE145-D1DC-63B2-44ED-01234ABCDEF0",  # Amazon
        "37383638-3330-5A43-4A33-34323058374B",  # an HP server
        "35474335-3231-3433-4142-FFFFFFFFFFFF",  # an HP laptop
        "7B1D6C2E-0A11-4DAF-9E55-1C2B3A4D5E6F",  # RFC 4122
    ],
)
def test_the_decoded_order_is_known_by_the_value(decoded: str) -> None:
    """What firmware screens and Windows print, where the value itself shows which of the two that is."""
    digits = decoded.replace("-", "")

    assert dashed(decoded_order(byte_swapped(digits))) == decoded


def test_a_time_is_written_in_utc() -> None:
    """Whatever the zone it came in."""
    moment = datetime(2026, 11, 29, 12, tzinfo=timezone(timedelta(hours=2)))

    assert moment_text(moment) == moment_text(moment.astimezone(UTC)) == "2026-11-29T10:00:00Z"
