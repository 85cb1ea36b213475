"""How values get into a page."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import cast

import pytest
from markupsafe import Markup

from matching.model import Verdict
from service.console.rendering import environment, moment, question, shown
from service.stewardship.reviewing import ReviewView


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


def test_the_long_ids_of_records_are_cut_short_in_a_question() -> None:
    """What is compared stays whole."""
    record, guid = "cw_rmm:8f7b05c8-1947-45e8-b9e2-4a9e95849881", "6D7FE501-0606-4890-AFDD-341D021C6320"
    review = SimpleNamespace(
        sentence=f"cw_manage:4711 and {record} agree on BIOS GUID {guid}: clone?",
        left=SimpleNamespace(records=["cw_manage:4711"]),
        right=SimpleNamespace(records=[record]),
    )

    assert (
        question(cast(ReviewView, review)) == f"cw_manage:4711 and cw_rmm:8f7b05c8.. agree on BIOS GUID {guid}: clone?"
    )
