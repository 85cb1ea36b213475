"""Answers about devices for callers who see all records, and for those who see some."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from service.core.paging import cursor
from service.devices import answers, visible_answers
from service.devices.projection import Projection
from service.devices.searching import IdentifierQuery
from service.stewardship.reviewing import ReviewView
from service.store.access.visibility import Visibility
from service.store.resolved.device_filters import Filters
from tests.service.api.two_customers import ALL, CUSTOMERS, TOLD, unnumbered
from tests.service.reports.fleets import world_of

EVERYTHING = Projection.parse("provenance,records,reviews,decisions", None)
QUESTIONS = [IdentifierQuery(text) for text in ("5CG1234ABC", "SN-50005", "zeta-1", "cw_manage:4", "nothing")]
SOME_TIME = datetime(2026, 11, 1, tzinfo=UTC)

FILTERS = [
    Filters(),
    Filters(company="ACME INC."),
    Filters(type="server"),
    Filters(provider="rmm_beta"),
    Filters(text="ACME"),
    Filters(text="\0"),
    Filters(without_provider="rmm_beta"),
    *(Filters(active=active) for active in (True, False)),
    *(Filters(has_review=has_review) for has_review in (True, False)),
    *(Filters(has_conflict=has_conflict) for has_conflict in (True, False)),
    *(Filters(seen_before=SOME_TIME), Filters(seen_after=SOME_TIME), Filters(updated_since=SOME_TIME)),
]


def read(body: Any) -> Any:
    """Return an answer as a program reads it, with views as their text, and reviews without their numbers."""
    return orjson.loads(orjson.dumps(body, default=text, option=orjson.OPT_NON_STR_KEYS))


def text(view: object) -> str:
    """Return a view as its text."""
    return str(unnumbered([view]) if isinstance(view, ReviewView) else view)


def test_who_sees_all_records_is_answered_as_whoever_is_not_bound(tmp_path: Path) -> None:
    """Devices, look-ups and lists, in short and in full."""
    world = world_of(tmp_path, *TOLD)
    seen = world.acting(None, ALL)
    as_of = {"as_of": cursor("changes", 0)}  # no key is bound to these
    stored = answers.page(world, Filters(), projection=EVERYTHING)["data"]

    assert len(stored) > 5
    for each in stored:
        assert read(visible_answers.device(seen, each["id"], EVERYTHING)) == read(each)
    for question in QUESTIONS:
        assert read(visible_answers.lookup(seen, question)) == read(answers.lookup(world, question))
    assert read(visible_answers.lookups(seen, QUESTIONS)) == read(answers.lookups(world, QUESTIONS))
    for filters in FILTERS:
        assert read(visible_answers.page(seen, filters)) == read(answers.page(world, filters)) | as_of
    for question in QUESTIONS:
        found = visible_answers.page(seen, Filters(), held=question)
        assert read(found) == read(answers.page(world, Filters(), held=question)) | as_of


def test_who_is_not_bound_is_answered_from_what_is_stored(tmp_path: Path) -> None:
    """To the same function the bound caller's world gives another answer."""
    world = world_of(tmp_path, *TOLD)
    bound = world.acting(None, Visibility(CUSTOMERS))

    assert read(visible_answers.page(world, Filters())) == read(answers.page(world, Filters()))
    assert 0 < visible_answers.page(bound, Filters())["total"] < answers.page(world, Filters())["total"]
