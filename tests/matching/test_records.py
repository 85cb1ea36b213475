"""Whatever arrives becomes a clean record or is refused with a reason, and one of two rows stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import NotARecord
from matching.evidence.identity import identify
from matching.evidence.search import search_terms
from matching.model import Record, key_of
from matching.policy import Policy
from matching.records import latest, read_record

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from([*Record.__annotations__, "unknown"])


@given(json_values | st.dictionaries(fields, json_values))
def test_any_json_value_is_read_or_refused(raw: object) -> None:
    """Nothing that JSON can say raises anything but the refusal; what was read reads as itself and can be used."""
    try:
        record, _ = read_record(raw)
    except NotARecord:
        return
    assert read_record(record) == (record, ())
    assert all(key_of(record))
    identify(record, Policy())
    search_terms(record)


def test_a_value_of_the_wrong_type_is_dropped_and_the_record_kept() -> None:
    """The reason names the field; the rest of the record stands."""
    raw = {
        "provider": "p",
        "id": 7,
        "serial": {"no": 1},
        "macs": ["3C5282000001", 5.5],
        "hostname": "pc1",
        "extra": [1],
    }

    record, dropped = read_record(raw)

    assert record == {"provider": "p", "id": "7", "macs": ["3C5282000001"], "hostname": "pc1", "extra": [1]}
    assert [value.kind for value in dropped] == ["serial", "macs"]


def test_absent_null_and_empty_are_alike() -> None:
    """None of them is a value, and none is worth a complaint."""
    record, dropped = read_record({"provider": "p", "id": "1", "serial": None, "hostname": "", "macs": None})

    assert record == {"provider": "p", "id": "1"}
    assert dropped == ()


@pytest.mark.parametrize(
    "raw",
    [None, [], "x", {}, {"provider": "p"}, {"id": "1"}, {"provider": "a:b", "id": "1"}, {"provider": "p", "id": True}],
)
def test_what_has_no_key_is_no_record(raw: object) -> None:
    """A provider without a colon and an id are all that is required."""
    with pytest.raises(NotARecord):
        read_record(raw)


@given(
    st.lists(st.sampled_from(["2026-10-30T08:00:00Z", "2026-10-30T09:00:00+02:00", "soon", ""]), min_size=2, max_size=2)
)
def test_of_two_rows_with_one_key_the_same_stands_in_either_order(times: list[str]) -> None:
    """The later one, then the greater bytes: never the one that came last."""
    left, right = (Record(provider="p", id="1", last_seen=time, name=str(i)) for i, time in enumerate(times))

    assert latest(left, right) == latest(right, left)


def test_the_later_row_stands_whatever_its_time_zone() -> None:
    """08:00 UTC is later than 09:00 two hours east of it."""
    early = Record(provider="p", id="1", last_seen="2026-10-30T09:00:00+02:00")
    late = Record(provider="p", id="1", last_seen="2026-10-30T08:00:00Z")

    assert latest(early, late) is late
