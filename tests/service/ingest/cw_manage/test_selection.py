"""Which configurations are asked for, and which of those that come are devices."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from service.ingest.cw_manage.selection import Selection
from tests.service.ingest.virtual import cw_settings


@pytest.mark.parametrize(
    ("changed", "conditions"),
    [
        ({}, "activeFlag=true"),
        ({"active_only": False}, None),
        ({"types": {"include": ["Server"]}}, 'activeFlag=true AND (type/name="Server")'),
        (
            {"active_only": False, "types": {"include": ["A", "B"], "exclude": ["C & D", "E [old]"]}},
            '(type/name="A" OR type/name="B") AND type/name!="C & D" AND type/name!="E [[]old]"',
        ),
    ],
)
def test_the_settings_choose_what_is_asked_for(changed: dict[str, Any], conditions: str | None) -> None:
    """Active ones by default; types included and excluded by name, always in brackets."""
    query = Selection(cw_settings(**changed)).query()

    assert query == ({} if conditions is None else {"conditions": conditions})


def test_what_changed_is_asked_for_whatever_the_settings_select() -> None:
    """The condition that selects would hide what has just been deactivated; the time is in UTC."""
    since = datetime(2026, 11, 1, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    selection = Selection(cw_settings(types={"include": ["Server"]}))

    assert selection.query(since) == {"conditions": "lastUpdated > [2026-11-01T00:30:00Z]"}
    assert selection.query(since) == selection.query(since.astimezone(UTC))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({"activeFlag": True, "type": {"name": "sERVER "}}, None),
        ({"activeFlag": False, "type": {"name": "Server"}}, "was deactivated at the provider"),
        ({"type": {"name": "Server"}}, "was deactivated at the provider"),
        (
            {"activeFlag": True, "type": {"name": "Toner\u202e"}},
            "is of the type Toner now, which the settings do not select",
        ),
        ({"activeFlag": True}, "is of the type (none) now, which the settings do not select"),
    ],
)
def test_a_row_that_the_settings_do_not_select_says_why(raw: dict[str, Any], why: str | None) -> None:
    """As the server's conditions judge: text without regard to case, and nothing is not active."""
    selection = Selection(cw_settings(types={"include": ["Server"]}))

    assert selection.why_unselected({"id": 1, **raw}) == why


@pytest.mark.parametrize(
    ("raw", "selected"),
    [({"type": {"name": "Printer"}}, False), ({"type": None}, False), ({"type": {"name": "Server"}}, True)],
)
def test_a_row_without_a_type_is_not_another_type_than_an_excluded_one(raw: dict[str, Any], selected: bool) -> None:
    """On the server `type/name != "Printer"` is not true of a row that has none."""
    selection = Selection(cw_settings(active_only=False, types={"exclude": ["printer"]}))

    assert (selection.why_unselected({"id": 1, **raw}) is None) is selected
