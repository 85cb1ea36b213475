"""Totals are numbers with their meanings."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import pytest
from pydantic import Field

from service.reports.sources import FeedState
from service.reports.totals import cell_text, single_totals


@dataclass
class _Totals:
    lost_boxes: Annotated[int, Field(description="Boxes that are lost.")]
    note: Annotated[str | None, Field(description="What to know.")]
    groups: Annotated[list[int], Field(description="By group.")]


def test_only_single_values_are_listed() -> None:
    """What is not known is left out, and tables are."""
    assert [tuple(each) for each in single_totals(_Totals(1200, None, [1]))] == [
        ("lost boxes", "Boxes that are lost.", 1200)
    ]
    assert [each.text for each in single_totals(_Totals(1200, "late", []))] == ["1,200", "late"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (1200, "1,200"),
        (1200.5, "1,200.50"),
        (FeedState.LATE, "late"),
        (datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=2))), "2026-10-31 23:30"),
        ("1200", "1200"),
    ],
)
def test_a_value_reads_well(value: Any, text: str) -> None:
    """A number has separators, and a time is in UTC."""
    assert cell_text(value) == text
