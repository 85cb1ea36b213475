"""JSON from bytes: the value, or the reason and the place where there is none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import DecodingError
from service.ingest.decoding import MAX_DEPTH, decode


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_json_is_decoded_with_or_without_a_byte_order_mark(value: Any) -> None:
    """Windows tools write one before UTF-8."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()

    assert decode(written) == decode(b"\xef\xbb\xbf" + written) == value


@pytest.mark.parametrize(
    ("data", "reason", "place"),
    [
        (b"[1,\n 2,\n x]", "", (3, 2)),
        (b'["caf\xe9"]', "not UTF-8", (1, 6)),
        (b'[\n"caf\xe9"]', "not UTF-8", (2, 5)),
        ("[1]".encode("utf-16"), "UTF-16 text; save it as UTF-8", (1, 1)),
        (b"[NaN]", "", (1, 2)),
        (b"", "", (1, 1)),
    ],
)
def test_what_is_no_json_is_told_with_its_place(data: bytes, reason: str, place: tuple[int, int]) -> None:
    """Lines and columns count from 1, and PowerShell's UTF-16 is known."""
    with pytest.raises(DecodingError) as error:
        decode(data)

    assert error.value.reason.startswith(reason)
    assert (error.value.line, error.value.column) == place
    assert str(error.value).endswith(f"(line {place[0]}, column {place[1]})")


@pytest.mark.parametrize(("depth", "is_read"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False)])
def test_nesting_has_a_bound(depth: int, is_read: bool) -> None:
    """What could not be written back is not read."""
    data = b"[" * depth + b"]" * depth
    if is_read:
        assert json.dumps(decode(data)).encode() == data
    else:
        with pytest.raises(DecodingError, match="nested deeper than 254 levels"):
            decode(data)
