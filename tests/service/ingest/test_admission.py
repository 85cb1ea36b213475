"""One door: what is refused, what is repaired, and what is kept as it was written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import DecodingError
from service.ingest.admission import (
    MAX_DEPTH,
    MAX_FIELD,
    MOST_WARNINGS,
    Admitted,
    Inadmissible,
    admit,
    read_json,
)


def admitted(members: str) -> Admitted:
    """Return the record of a provider `a` with the id `1` and these members, in JSON."""
    return admit(read_json(f'{{"provider":"a","id":"1",{members}}}'.encode()))


def refused(members: str) -> tuple[str, str, str]:
    """Return pointer, code and reason of the refusal of the same."""
    with pytest.raises(Inadmissible) as refusal:
        admitted(members)
    return refusal.value.pointer, refusal.value.code.value, refusal.value.reason


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**39), 10**39)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_json_is_read_as_it_is_written(value: Any) -> None:
    """Every value within the bounds, with or without a byte order mark."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass")

    assert read_json(written) == read_json(b"\xef\xbb\xbf" + written) == value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("{}".encode("utf-16"), "UTF-16 or UTF-32 text; save it as UTF-8"),
        ("{}".encode("utf-16-be"), "UTF-16 or UTF-32 text; save it as UTF-8"),
        ("{}".encode("utf-32"), "UTF-16 or UTF-32 text; save it as UTF-8"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b"", "Expecting value"),
        (b"[1] [2]", "Extra data"),
        (b'"a\nb"', "Invalid control character at"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_text_that_is_no_json_is_refused_with_a_sentence(data: bytes, reason: str) -> None:
    """Also what some readers would take: UTF-16, and surrogates in UTF-8."""
    with pytest.raises(DecodingError) as refusal:
        read_json(data)

    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ('"x":1,"x":1', ("", "malformed", "an object that has the member 'x' twice")),
        ('"x":[{"n":1,"n":2}]', ("/x/0", "malformed", "an object that has the member 'n' twice")),
        ('"x":{"a/b~":-Infinity}', ("/x/a~1b~0", "malformed", "-Infinity, which is no JSON")),
        ('"x":1e400', ("/x", "malformed", "a number beyond what JSON can say")),
        (f'"x":-{"9" * 41}', ("/x", "too_large", "a number of more than 40 digits")),
        (f'"x":0.{"1" * 5000}', ("/x", "too_large", "a number of more than 40 digits")),
        (f'"x":{"[" * 64}{"]" * 64}', ("/x", "too_large", "nested deeper than 64 levels")),
        (f'"x":"{"é" * 32768}"', ("/x", "too_large", "a field of more than 65,536 bytes")),
        (f'"x":[{"0," * 65536}0]', ("/x", "too_large", "a field of more than 65,536 bytes")),
        (
            ",".join(f'"x{place}":"{"y" * 60000}"' for place in range(18)),
            ("", "too_large", "a record of more than 1,048,576 bytes"),
        ),
        (r'"links":[{"provider":"b","id":"\udc00"}]', ("/links/0/id", "invalid", "half of a surrogate pair in links")),
    ],
    ids=str,
)
def test_a_record_beyond_a_bound_is_refused_with_the_bound_and_the_place(
    members: str, expected: tuple[str, str, str]
) -> None:
    """The sender learns which value it is, and what it may be."""
    assert refused(members) == expected


def test_what_is_just_within_the_bounds_is_admitted() -> None:
    """The bounds are the ones that are written down."""
    depth = MAX_DEPTH - 1
    text = "y" * (MAX_FIELD - 1)

    assert admitted(f'"x":{"[" * depth}{"]" * depth}').record
    assert admitted(f'"x":"{text}"').record
    assert admitted(f'"serial":{"9" * 40}').record["serial"] == "9" * 40


def test_half_of_a_surrogate_pair_becomes_a_question_mark_with_a_warning() -> None:
    """In a known field, in an unknown one and in a name; a whole pair is a character like any other."""
    found = admitted(r'"name":"cut \ud83d","x":{"\udfff":["\ud83d\ude00"]}')

    assert found.record == {"provider": "a", "id": "1", "name": "cut ?", "x": {"?": ["\U0001f600"]}}
    assert [each for each in found.warnings if "surrogate" in each.message] == [
        ("/name", "half of a surrogate pair became ?"),
        ("/x/?", "half of a surrogate pair became ?"),
    ]


def test_control_characters_are_kept_as_written() -> None:
    """Agents pad serials with NUL: the record counts, and the payload says what was sent."""
    assert admitted(r'"serial":"5CG1234ABC\u0000\u0000","x":"\u001b[31m"').record == {
        "provider": "a",
        "id": "1",
        "serial": "5CG1234ABC\0\0",
        "x": "\x1b[31m",
    }


@pytest.mark.parametrize("record_id", [r"a\u0000b", r"\u001b[31m", "", " ", "x" * 201])
def test_control_characters_in_an_id_are_refused(record_id: str) -> None:
    """An id is part of addresses and of lines."""
    with pytest.raises(Inadmissible) as refusal:
        admit(read_json(f'{{"provider":"a","id":"{record_id}"}}'.encode()))

    assert refusal.value.pointer == "/id"


@pytest.mark.parametrize(
    "name", ["a/b", "a b", "a:b", ".", "..", "...", "é", "a%2Fb", "a\\\\b", "x" * 101, "", "\\u0000"]
)
def test_a_name_of_a_provider_that_an_address_reads_differently_is_refused(name: str) -> None:
    """Letters, digits, `_`, `-` and `.`, and not only dots."""
    with pytest.raises(Inadmissible) as refusal:
        admit(read_json(f'{{"provider":"{name}","id":"1"}}'.encode()))

    assert (refusal.value.pointer, refusal.value.code) == ("/provider", "invalid")


@pytest.mark.parametrize("name", ["a", "cw_manage", "RMM-2.eu", ".a", "x" * 100])
def test_other_names_of_providers_stand(name: str) -> None:
    """Those that vendors have."""
    assert admit({"provider": name, "id": "1"}).record["provider"] == name


def test_unknown_fields_and_unreadable_times_are_warned_of() -> None:
    """They are kept; of very many the rest is one warning."""
    found = admitted('"last_seen":"yesterday","colour":"red"')
    many = admitted(",".join(f'"x{place}":1' for place in range(200)))

    assert found.warnings == (
        ("/colour", "an unknown field; it is kept and counts for nothing"),
        ("/last_seen", "no time as RFC 3339 has it; it is kept and counts for nothing"),
    )
    assert len(many.warnings) == MOST_WARNINGS
    assert many.warnings[-1] == ("", "151 more warnings")
