"""Checksums stand for texts in databases, so they never change and fit where they are stored."""

from hypothesis import given
from hypothesis import strategies as st

from matching.checksums import checksum


def test_a_checksum_is_the_same_for_ever() -> None:
    """Stores of earlier versions hold them: another algorithm would find nothing there."""
    assert checksum(("serial", "SN-10001")) == -7746806355599454241


def test_the_order_and_the_bounds_of_the_texts_count() -> None:
    """A kind and its value are not the same as the value and the kind, nor as both in one text."""
    different = [("serial", "mac"), ("mac", "serial"), ("serialmac",), ("seria", "lmac"), ("serial", "mac", "")]

    assert len({checksum(parts) for parts in different}) == len(different)


@given(st.lists(st.text(st.characters())))
def test_any_text_has_one_that_a_database_can_store(parts: list[str]) -> None:
    """A signed integer of 64 bits, also for halves of surrogate pairs, which no encoding takes."""
    assert -(2**63) <= checksum(parts) < 2**63
