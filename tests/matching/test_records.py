"""Whatever arrives becomes a clean record or is refused with a reason, and one of two rows stands."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.errors import NotARecord
from matching.evidence.identity import identify
from matching.evidence.search import search_terms
from matching.model import Record, key_of
from matching.policy import Policy
from matching.records import future_time, latest, read_record, seen_at, without_future_time

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


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def seen(time: str) -> Record:
    """Return a record that was seen then."""
    return Record(provider="p", id="1", last_seen=time)


@pytest.mark.parametrize(
    ("time", "is_suppressed"),
    [
        ("2026-11-02T12:00:00Z", False),
        ("2026-11-02T12:00:01Z", True),
        ("2026-11-02T14:00:00+02:00", False),
        ("2026-11-02T12:00:00", False),
        ("9999-12-31T23:59:59Z", True),
        ("9999-12-31T23:59:59-14:00", False),  # no moment at all: nothing is read
        ("soon", False),
    ],
)
def test_a_time_more_than_a_day_after_the_receipt_counts_for_nothing(time: str, *, is_suppressed: bool) -> None:
    """It is told with its reason; every other record counts as it is."""
    record = seen(time)
    noted = future_time(record, NOON)

    assert (noted is not None) is is_suppressed
    assert without_future_time(record, NOON) == ({"provider": "p", "id": "1"} if is_suppressed else record)
    assert record["last_seen"] == time
    if is_suppressed:
        assert seen_at(record, NOON) is None


def test_where_nobody_says_when_a_record_came_every_time_counts() -> None:
    """The engine has no clock."""
    record = seen("9999-12-31T23:59:59Z")

    assert seen_at(record) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert without_future_time(record, None) is record
    assert latest(seen("2026-10-30T08:00:00Z"), record) is record


def test_of_two_rows_the_one_from_the_future_does_not_stand() -> None:
    """Nor does the further one of two from the future: the greater bytes decide, in either order."""
    honest, odd, odder = seen("2026-10-30T08:00:00Z"), seen("9998-01-01T00:00:00Z"), seen("9999-01-01T00:00:00Z")
    odd["name"] = "z"

    assert latest(honest, odd, NOON) is latest(odd, honest, NOON) is honest
    assert latest(odd, odder, NOON) is latest(odder, odd, NOON)
