"""Every spelling of a value has one canonical form, and no text at all breaks a normaliser."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import UnusableValue
from matching.model import Kind
from matching.values.normalise import NORMALISERS, normalise_guid, normalise_hostname, normalise_mac

KEY = "564D4CBCC6A919693FEEFA0F3887B6A5"


@pytest.mark.parametrize(
    "raw",
    [
        "BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5",
        "bc4c4d56-a9c6-6919-3fee-fa0f3887b6a5",
        "564D4CBC-C6A9-1969-3FEE-FA0F3887B6A5",
        "{BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5}",
        "BC4C4D56A9C669193FEEFA0F3887B6A5",
        "urn:uuid:bc4c4d56-a9c6-6919-3fee-fa0f3887b6a5",
        "URN:UUID:BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5",
        "56 4d 4c bc c6 a9 19 69-3f ee fa 0f 38 87 b6 a5",
        "  BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5\0\0",
        '"BC4C4D56-A9C6-6919-3FEE-FA0F3887B6A5"',
    ],
)
def test_every_spelling_and_both_byte_orders_of_a_guid_have_one_key(raw: str) -> None:
    """A GUID and its byte-swapped twin are one board."""
    assert normalise_guid(raw) == KEY


@pytest.mark.parametrize(
    "raw",
    [
        "3C:52:82:00:0A:01",
        "3c-52-82-00-0a-01",
        "3C52.8200.0A01",
        "3C5282000A01",
        "3c 52 82 00 0a 01 ",
        "3c:52:82:0:a:1",
        '{"3C5282000A01"}',
    ],
)
def test_every_notation_of_a_mac_is_one_address(raw: str) -> None:
    """Colons, dashes, dots, blanks or nothing between the digits."""
    assert normalise_mac(raw) == "3c5282000a01"


@pytest.mark.parametrize(
    "raw", ["3C:52:82:00:0A", "3C:52:82:00:0A:01:FF:FE", "3C:52:82:00:0A:0G", "", "３Ｃ5282000A01"]
)
def test_what_is_not_48_bits_is_no_mac(raw: str) -> None:
    """A longer or shorter address, or other letters, is refused."""
    with pytest.raises(UnusableValue):
        normalise_mac(raw)


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ("ACME-LT-0421", "acme-lt-0421"),
        ("acme-lt-0421.corp.acme.com", "acme-lt-0421"),
        ("acme-lt-0421.", "acme-lt-0421"),
        ("ＡＣＭＥ１", "acme1"),
        ("pc\u200b1", "pc1"),
        ("Straße", "strasse"),
        ("host_1", "host_1"),
    ],
)
def test_a_hostname_is_its_first_label_without_case(raw: str, label: str) -> None:
    """FQDN and short name are one; width and invisible characters do not count."""
    assert normalise_hostname(raw) == label


@pytest.mark.parametrize("raw", ["", ".", "front desk", "10.0.0.21", "pc/1", "a" * 64, "<script>", "fe80::1"])
def test_what_cannot_be_a_hostname_is_refused(raw: str) -> None:
    """Blanks inside, addresses, punctuation and overlong labels."""
    with pytest.raises(UnusableValue):
        normalise_hostname(raw)


@pytest.mark.parametrize("kind", NORMALISERS)
@given(raw=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_normalised_or_refused_and_twice_is_once(kind: str, raw: str) -> None:
    """No text raises anything but the normalisers' own error, and a canonical value is its own."""
    try:
        value = NORMALISERS[kind](raw)
    except UnusableValue:
        return
    assert value
    assert NORMALISERS[kind](value) == value


@pytest.mark.parametrize("kind", NORMALISERS)
@pytest.mark.parametrize("piece", ["A", "0", "ﬁ", " ", ":", "\0", "é" + "\u0301" * 10, "a."])
def test_a_megabyte_is_refused_without_being_read(kind: str, piece: str) -> None:
    """What is longer than any identifier is refused at once, in a short sentence."""
    raw = piece * (1_000_000 // len(piece))
    with pytest.raises(UnusableValue) as refusal:
        NORMALISERS[kind](raw)

    assert len(str(refusal.value)) < 1000


def test_there_is_a_normaliser_for_each_kind_that_is_a_value() -> None:
    """All kinds of evidence but the link, which is a key."""
    assert set(NORMALISERS) == set(Kind) - {Kind.LINK}
