"""The quick way to write JSON writes what the thorough one does, to the letter: rows are compared by their text."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from service.store.rows import plain_json, to_json

TEXTS = st.text(st.characters(exclude_categories=()))  # half of a pair of surrogates is one too
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(TEXTS, inner, max_size=4),
)


@given(PLAIN)
@example({"b": "\x7f", "a": '\x00\x1f\\"/\n'})
@example(["Zoë", "\U0001f4a9", "\ud800", "\u2028"])
@example([2**63, 2**64, -(2**63) - 1, 10**30])
@example({"\ue000": 1, "\U0001f4a9": 2, "a": 3})
def test_plain_values_are_written_alike_by_both(value: Any) -> None:
    """Whatever texts, whole numbers, lists and objects hold: signs that are escaped, other scripts, large numbers."""
    assert plain_json(value) == to_json(value)
