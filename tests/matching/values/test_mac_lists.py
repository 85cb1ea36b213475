"""A text that should hold one MAC address may list several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.values.mac_lists import split_macs


@pytest.mark.parametrize(
    ("text", "macs"),
    [
        ("", []),
        ("00:11:22:33:44:55", ["00:11:22:33:44:55"]),
        ("00 11 22 33 44 55", ["00 11 22 33 44 55"]),
        ("0011.2233.4455", ["0011.2233.4455"]),
        ("00-11-22-33-44-55;66-77-88-99-aa-bb", ["00-11-22-33-44-55", "66-77-88-99-aa-bb"]),
        ("001122334455 66778899AABB", ["001122334455", "66778899AABB"]),
        ("00 11 22 33 44 55 66 77 88 99 AA BB", ["00 11 22 33 44 55", "66 77 88 99 AA BB"]),
        ("0011 2233 4455|0011.2233.4466", ["0011 2233 4455", "0011.2233.4466"]),
        ("00:11:22:33:44:55\r\n00:11:22:33:44:66", ["00:11:22:33:44:55", "00:11:22:33:44:66"]),
        ("00:11:22:33:44:55,00:11:2", ["00:11:22:33:44:55", "00:11:2"]),
        ("00:11:22:33:44:55:66:77", ["00:11:22:33:44:55:66:77"]),
        ("unknown", ["unknown"]),
        ("not a mac, none", ["not a mac, none"]),
        ('{"001122334455"}', ["001122334455"]),
        ('{"001122334455","001122334466"}', ["001122334455", "001122334466"]),
        ("0:11:22:33:44:5, 8:0:27:fc:ad:56", ["0:11:22:33:44:5", "8:0:27:fc:ad:56"]),
        ("MACAddress  \r\r\n00:11:22:33:44:55  \r\r\n", ["00:11:22:33:44:55"]),
        ("MAC: 00:11:22:33:44:55", ["00:11:22:33:44:55"]),
    ],
)
def test_one_text_may_list_several_macs(text: str, macs: list[str]) -> None:
    """Each notation survives whole; what is none is kept, so that somebody says why it is not used."""
    assert split_macs(text) == macs


@given(st.text(alphabet="0123456789abcdefABCDEF:-. ,;|\n", max_size=60))
def test_splitting_macs_loses_no_digit(text: str) -> None:
    """Every character that is no separator is in one of the parts, in order."""
    parts = "".join(split_macs(text)), text
    kept, written = ("".join(character for character in part if character not in ",;| \n") for part in parts)

    assert kept == written
