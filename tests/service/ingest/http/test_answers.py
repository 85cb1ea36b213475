"""Bodies of answers, whole and broken."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ingest.http.answers import BodyForm, ErrorBody, decode_answer, is_damaged, is_web_page, kind_of, read_error


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
    ("body", "form", "said", "fields"),
    [
        (
            b'{"code": "Outer", "message": "why", "errors": [{"code": "Inner", "message": "where"}, null]}',
            BodyForm.JSON,
            "Outer, why, Inner, where",
            (),
        ),
        (b'{"error": "Shape", "message": "two"}', BodyForm.JSON, "Shape, two", ()),
        (b'{"code": 5, "message": null, "errors": "none"}', BodyForm.JSON, "", ()),
        (
            b'{"errors": [{"field": "pageSize"}, {"field": null}, {"field": "a/b"}]}',
            BodyForm.JSON,
            "",
            ("pageSize", "a/b"),
        ),
        (b"[1]", BodyForm.JSON, "", ()),
        (b'"a JSON text"', BodyForm.TEXT, "a JSON text", ()),
        (b"plain text \xff", BodyForm.TEXT, "plain text \ufffd", ()),
        (b" <html>", BodyForm.WEB_PAGE, "a web page", ()),
        (b" \r\n", BodyForm.EMPTY, "", ()),
        (b"", BodyForm.EMPTY, "", ()),
    ],
)
def test_what_an_error_body_says_is_found_in_any_shape(
    body: bytes, form: BodyForm, said: str, fields: tuple[str, ...]
) -> None:
    """Both shapes of ConnectWise, plain text, and a proxy's page, which nobody wants to read in a terminal."""
    assert read_error(body) == ErrorBody(form, said, fields)


@given(st.binary(max_size=60))
def test_no_error_body_is_an_error_of_its_own(body: bytes) -> None:
    """Whatever bytes come, there is a text."""
    assert isinstance(read_error(body).text, str)


@given(st.lists(st.dictionaries(st.text(), st.text() | st.booleans()), min_size=1), st.data())
def test_json_that_is_cut_anywhere_is_damaged_and_whole_json_is_not(rows: list[Any], data: st.DataObject) -> None:
    """In the middle of a text, of a character or of nothing at all."""
    whole = json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace")

    assert not is_damaged(whole)
    assert is_damaged(whole[: data.draw(st.integers(0, len(whole) - 1))])


@pytest.mark.parametrize("body", [b"Service is starting", b"<html>", b"null", b"5", b"\xff\xfe", b"\xef\xbb\xbf[]"])
def test_what_does_not_begin_as_json_is_not_damaged_json(body: bytes) -> None:
    """It is something else, and would be the same at the next try; nor is a byte order mark any damage."""
    assert not is_damaged(body)


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
