"""Read the headers that hold a time, `Date` and `Retry-After`; servers and proxies do write nonsense into them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(header: str | None) -> datetime | None:
    """Return the time in a header; None where the header is absent or is no date."""
    try:
        moment = parsedate_to_datetime(header or "")
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def retry_after(header: str | None, now: datetime) -> float | None:
    """
    Return the seconds that a `Retry-After` header asks for; None where it is absent or makes no sense.

    Source: RFC 9110, section 10.2.3 (seconds or a date).

    >>> retry_after("Sun, 01 Nov 2026 00:00:09 GMT", datetime(2026, 11, 1, tzinfo=UTC))
    9.0
    """
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    moment = http_date(text)
    return max(0.0, (moment - now).total_seconds()) if moment else None
