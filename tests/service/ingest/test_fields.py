"""Values of a row, whatever the row is."""

import pytest

from service.core.errors import Unparsable
from service.ingest.fields import make_record, moment, serials, text, texts


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1767607872.4, "2026-01-05T10:11:12.400000Z"),
        (1767607872, "2026-01-05T10:11:12Z"),
        ("2026-01-05T10:11:12Z", "2026-01-05T10:11:12Z"),
        ("2026-01-05T10:11:12", "2026-01-05T10:11:12Z"),
        ("2026-01-05T12:11:12.1234567+02:00", "2026-01-05T10:11:12.123456Z"),
    ],
)
def test_a_moment_is_written_in_utc_whatever_the_vendor_writes(written: object, read: str) -> None:
    """Epoch seconds, fractions of any length, offsets and missing zones come out alike."""
    assert moment(written) == read


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        "",
        "yesterday",
        0,
        -1e300,
        float("nan"),
        float("inf"),
        10**400,
        1767607872000,
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-10:00",
        {},
    ],
)
def test_what_is_no_moment_is_left_out(written: object) -> None:
    """Zero dates, milliseconds taken for seconds, and nonsense are dropped, and none of them raises."""
    assert moment(written) is None


def test_numbers_are_texts_and_everything_else_is_absent() -> None:
    """A value may come as text or whole number; booleans, blanks and endless numbers are no values."""
    raw = {"id": 17, "flag": True, "blank": " \t", "endless": 10**5000, "inner": {"name": " x "}}

    assert [text(raw, name) for name in ("id", "flag", "blank", "endless", "none")] == ["17", None, None, None, None]
    assert text(raw, "inner", "name") == " x "
    assert texts(["a", None, ["deeper"], "a", 5], "b", None) == ["a", "5", "b"]


def test_serials_that_differ_in_spelling_alone_are_one() -> None:
    """Only serial numbers that really differ make a list."""
    assert serials("PF0 EXMPL", "pf0exmpl", None) == "PF0 EXMPL"
    assert serials("PF0EXMPL", "VMware-56 4d") == ["PF0EXMPL", "VMware-56 4d"]
    assert serials(None, " ") is None


@pytest.mark.parametrize("record_id", [None, "", " ", True, 1.5, [], {}, "a\nb", "x" * 1000])
def test_a_row_without_a_usable_id_is_refused(record_id: object) -> None:
    """Without an id there is no record, and the refusal says so."""
    with pytest.raises(Unparsable, match="id"):
        make_record("ninjaone", record_id, {"name": "X"})
