"""How values get into a page."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from markupsafe import Markup

from matching.model import Verdict
from service.console.rendering import environment, moment, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('" onmouseover="alert(1)', "&#34; onmouseover=&#34;alert(1)"),
        ("\u202egpj.exe\x1b[31m", "\\u202egpj.exe\\x1b[31m"),
        (["a", "<b>"], "a, &lt;b&gt;"),
        (1234567, "1,234,567"),
        (Verdict.SAME, "same box"),
        (None, ""),
        (True, "True"),
        (Markup("<b>ours</b>"), "<b>ours</b>"),
    ],
)
def test_a_value_is_text_and_nothing_else(value: object, text: str) -> None:
    """Whatever a provider wrote: markup is shown, and what turns the direction round is an escape."""
    assert environment().from_string("{{ value }}").render(value=value) == text


def test_a_value_that_a_template_lacks_is_a_defect() -> None:
    """An empty place on a page would be noticed by nobody."""
    with pytest.raises(Exception, match="nothing"):
        environment().from_string("{{ nothing }}").render()


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (
            datetime(2026, 11, 20, 8, 0, 59, tzinfo=UTC),
            '<time datetime="2026-11-20T08:00:59Z">2026-11-20 08:00 UTC</time>',
        ),
        (
            datetime(2026, 11, 20, 1, tzinfo=timezone(timedelta(hours=2))),
            '<time datetime="2026-11-19T23:00:00Z">2026-11-19 23:00 UTC</time>',
        ),
        ("2026-11-20T08:00:00Z", '<time datetime="2026-11-20T08:00:00Z">2026-11-20 08:00 UTC</time>'),
        ("<b>yesterday", "&lt;b&gt;yesterday"),
        (None, ""),
    ],
)
def test_a_time_is_shown_to_the_minute_in_utc(value: datetime | str | None, html: str) -> None:
    """What is no time is text."""
    assert str(moment(value)) == html


def test_numbers_have_separators_and_lists_commas() -> None:
    """As in all reports."""
    assert shown(1000) == "1,000"
    assert shown(("a", "b")) == "a, b"
