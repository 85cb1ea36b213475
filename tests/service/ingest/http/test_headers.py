"""Headers that hold a time, as servers write them."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ingest.http.headers import http_date, retry_after

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0),
        (None, None),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("1e3", None),
        ("1.5", None),
        ("9" * 400, None),
        ("Thu, 99 Foo 2026", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    """Both forms of the RFC are read, a date that has passed is no wait, and anything else is none."""
    assert retry_after(header, NOW) == seconds


dates = st.builds(
    "{} Jan {} {}:00:00 {:+d}".format, st.integers(), st.integers(0), st.integers(0), st.integers()
)  # the shape of a date, with numbers that are none


@given(st.text(max_size=40) | dates)
def test_any_retry_after_is_a_wait_or_nothing(text: str) -> None:
    """A hostile header is no error and no negative wait."""
    wait = retry_after(text, NOW)

    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("Sun, 01 Nov 2026 08:00:00 GMT", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("Sun, 01 Nov 2026 08:00:00 -0000", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("Sun, 01 Nov 2026 08:00:00 +0200", datetime(2026, 11, 1, 8, tzinfo=timezone(timedelta(hours=2)))),
        ("today", None),
        (None, None),
    ],
)
def test_a_date_always_has_a_zone(header: str | None, moment: datetime | None) -> None:
    """One without a zone is in UTC, so that it can be compared with our own time."""
    assert http_date(header) == moment
