"""Bodies of answers, whole and broken."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ingest.http.answers import decode_answer, error_text, is_web_page, kind_of


def test_half_a_surrogate_pair_becomes_a_question_mark_and_whole_ones_stay() -> None:
    """No database keeps half a character, and one such row must not lose its page."""
    assert decode_answer(rb'["a\ud800b", "\ud83d\ude00"]') == ["a?b", "\N{GRINNING FACE}"]
    with pytest.raises(ValueError, match=r"nested|depth"):
        decode_answer(rb'["\ud800",' + b"[" * 5000 + b"]" * 5001)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(), lambda inner: st.lists(inner, max_size=3)
    )
)
def test_what_is_json_is_decoded_as_it_is(value: Any) -> None:
    """Apart from halves of characters nothing is changed."""
    assert decode_answer(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            b'{"code": "Outer", "message": "why", "errors": [{"code": "Inner", "message": "where"}, null]}',
            "Outer, why, Inner, where",
        ),
        (b'{"error": "Shape", "message": "two"}', "Shape, two"),
        (b'{"code": 5, "message": null, "errors": "none"}', ""),
        (b'"a JSON text"', ""),
        (b"plain text \xff", "plain text \ufffd"),
        (b" <html>", "a web page"),
        (b"", ""),
    ],
)
def test_what_an_error_body_says_is_found_in_any_shape(body: bytes, said: str) -> None:
    """Both shapes of ConnectWise, plain text, and a proxy's page, which nobody wants to read in a terminal."""
    assert error_text(body) == said


@given(st.binary(max_size=60))
def test_no_error_body_is_an_error_of_its_own(body: bytes) -> None:
    """Whatever bytes come, there is a text."""
    assert isinstance(error_text(body), str)


@pytest.mark.parametrize(("body", "is_one"), [(b"\r\n <!DOCTYPE html>", True), (b'{"a": "<"}', False), (b"", False)])
def test_a_web_page_is_known_by_its_beginning(body: bytes, is_one: bool) -> None:
    """Log-in pages come with status 200."""
    assert is_web_page(body) is is_one


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({}, "an object"),
        ([], "a list"),
        ("x", "a text"),
        (None, "null"),
        (5, "a single value"),
        (True, "a single value"),
    ],
)
def test_an_answer_of_another_shape_is_named(answer: object, kind: str) -> None:
    """In the words of JSON."""
    assert kind_of(answer) == kind
