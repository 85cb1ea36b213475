"""Rows are compared by their text: equal values have equal texts, and whatever a provider sends has one."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.store.database.canonical_json import canonical_json, sayable

TEXTS = st.text(st.characters(exclude_categories=()))  # half of a pair of surrogates is one too
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(TEXTS, inner, max_size=4),
)


@given(VALUES)
@example({"b": "\x7f", "a": '\x00\x1f\\"/\n', "\ud800": "\ud800"})
@example([2**64, 2**63, -(2**63) - 1, 10**30, float("nan"), float("-inf"), 1e16, -0.0])
def test_whatever_it_is_it_can_be_written_and_is_read_as_it_was_said(value: Any) -> None:
    """Nothing is lost on the way: no infinity becomes null, no number another one."""
    said = sayable(value)

    assert json.loads(canonical_json(said)) == listed(said)
    assert sayable(said) == said


def listed(value: Any) -> Any:
    """Return a value with lists for tuples."""
    if isinstance(value, dict):
        return {name: listed(each) for name, each in value.items()}
    return [listed(each) for each in value] if isinstance(value, list | tuple) else value


@given(st.dictionaries(TEXTS.filter(lambda text: sayable(text) == text), st.integers(0, 9)), st.randoms())
def test_equal_values_have_equal_texts(value: dict[str, int], chance: Random) -> None:
    """In whatever order their fields came."""
    mixed = list(value.items())
    chance.shuffle(mixed)

    assert canonical_json(dict(mixed)) == canonical_json(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (10**29, "1" + "0" * 29),
        (2**64, "18446744073709551616"),
        (2**64 - 1, 2**64 - 1),
        (-(2**63), -(2**63)),
        (1 << 20_000, hex(1 << 20_000)),
        ("a\ud800b", "a\\ud800b"),
        ({"x\udfff": [float("inf"), 1.5]}, {"x\\udfff": ["Infinity", 1.5]}),
        ({"day": {1}}, {"day": "{1}"}),
        ("Zoë \U0001f4a9 \x7f \0", "Zoë \U0001f4a9 \x7f \0"),
    ],
    ids=[
        *(
            "not a number",
            "infinite",
            "30 digits",
            "a bit too many",
            "the largest",
            "the smallest",
            "thousands of digits",
        ),
        *("half a pair", "inside", "a set", "other scripts"),
    ],
)
def test_what_json_cannot_say_is_replaced_by_its_text(value: Any, said: Any) -> None:
    """And nothing else is."""
    assert sayable(value) == said


def test_texts_stand_as_they_are() -> None:
    """A database is read by people as well."""
    assert canonical_json({"b": ["Zoë", 1, True, None], "a": 0.5}) == '{"a":0.5,"b":["Zoë",1,true,null]}'
