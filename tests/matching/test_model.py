"""Keys are read and written alike, and the kinds of evidence have their rank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import BadKey
from matching.model import Claim, ClaimOutcome, Key, Kind

names = st.text(st.characters(exclude_characters=":", exclude_categories=("Z", "C")), min_size=1)


@given(names, st.text(st.characters(exclude_categories=("Z", "C")), min_size=1))
def test_a_key_reads_as_it_is_written(provider: str, record_id: str) -> None:
    """Provider and id come back, colons in the id included."""
    key = Key(provider, record_id)

    assert Key.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "4711", ":4711", "cw_manage:", " : "])
def test_what_is_no_key_is_refused_with_an_example_of_one(text: str) -> None:
    """Both sides of the colon are required."""
    with pytest.raises(BadKey, match="cw_manage:4711"):
        Key.parse(text)


def test_the_kinds_are_ranked_as_the_design_has_it() -> None:
    """BIOS GUID, serial, link, MAC, hostname: an earlier one outweighs every later one."""
    assert [str(kind) for kind in Kind] == ["bios_guid", "serial", "link", "mac", "hostname"]


def test_a_claim_has_a_text_for_people() -> None:
    """The kind's label and the value; a decision has no kind."""
    left, right = Key("alpha", "1"), Key("beta", "1")

    assert Claim(Kind.MAC, ClaimOutcome.AGREE, "3C:52:82:00:00:01", left, right).text == "MAC 3C:52:82:00:00:01"
    assert Claim(None, ClaimOutcome.AGREE, "", left, right).text == ""
