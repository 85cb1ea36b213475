"""Answering reviews: one, or many that are alike, all or none, and taken back as one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from matching.model import Verdict
from service.core.errors import BadRequest, Conflict, NotFound, ReviewAnswered
from service.core.paging import all_items
from service.stewardship.answering import (
    MOST_ALIKE,
    alike,
    answer,
    answer_alike,
    find_group,
    take_back,
)
from service.stewardship.deciding import latest_by
from service.stewardship.reviewing import ReviewView
from service.stewardship.visible_reviews import count_open, list_reviews, review_before
from service.store.access.visibility import Customer, Visibility
from service.store.resolved import devices
from service.store.world import World
from tests.service.reports.fleets import NOW, world_of
from tests.service.stores import on_both

pytestmark = on_both


def pairs(count: int) -> list[dict[str, Any]]:
    """Two rows of each of some boxes, whose serials differ by one letter that is easily mistyped."""
    boxes = range(count)
    agents = [
        {"provider": "cw_rmm", "id": f"A-{n}", "hostname": f"nb-{n}", "serial": f"5CG190{n:02}SM", "company": "Acme"}
        for n in boxes
    ]
    typed = [
        {"provider": "cw_manage", "id": f"{n}", "hostname": f"nb-{n}", "serial": f"5CG19O{n:02}SM", "company": "Acme"}
        for n in boxes
    ]
    return [*agents, *typed]


def open_reviews(world: World) -> list[ReviewView]:
    """Return all that is open."""
    return list(all_items(lambda page: list_reviews(world, page)))


def homes(world: World) -> dict[str, str]:
    """Return the device of each record."""
    with world.store.reading() as connection:
        return {str(key): home for key, home in devices.homes(connection)}


def together(world: World) -> set[frozenset[str]]:
    """Return the records of each device."""
    found: dict[str, set[str]] = {}
    for record, home in homes(world).items():
        found.setdefault(home, set()).add(record)
    return set(map(frozenset, found.values()))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a world with five reviews that are alike, and one of another reason."""
    shared = {"serial": "PF1ABCDE", "company": "Beta"}
    clones = [
        {"provider": "cw_rmm", "id": "c-1", "hostname": "one", "macs": ["3C5282AABB01"], **shared},
        {"provider": "cw_rmm", "id": "c-2", "hostname": "two", "macs": ["3C5282AABB02"], **shared},
    ]
    return world_of(tmp_path, *pairs(5), *clones)


def test_reviews_are_alike_by_reason_proposal_and_providers(world: World) -> None:
    """The clones are no typing errors; each review is like itself."""
    found = open_reviews(world)
    [mistyped, *_] = [each for each in found if each.reason.value == "serial_mistyped"]

    own = alike(world, mistyped)

    assert len(found) > len(own) == 5
    assert {each.reason for each in own} == {mistyped.reason}
    assert mistyped in own


def test_many_are_answered_at_once_and_taken_back_as_one(world: World) -> None:
    """The devices are those of before, whoever looks; one group has all decisions."""
    before = together(world)
    [mistyped, *_] = open_reviews(world)
    ids = [each.id for each in alike(world, mistyped)]

    made = answer_alike(world, ids, Verdict.SAME, "anna", "typed by hand")

    assert len(made.decisions) == 5
    assert {each.group for each in made.decisions} == {made.group}
    assert len(together(world)) == len(before) - 5
    assert count_open(world, 100) == (len(open_reviews(world)), True)
    assert [each.revoked_at for each in find_group(world, made.group)] == [None] * 5
    assert [each.group for each in latest_by(world, "anna", NOW, 10)] == [made.group] * 5

    taken = take_back(world, made.group, "anna", "not all of them")

    assert len(taken) == 5
    assert together(world) == before
    assert {each.id for each in open_reviews(world)} >= set(ids)
    assert take_back(world, made.group, "anna", "again") == []


def test_none_is_answered_where_one_was_answered_meanwhile(world: World) -> None:
    """The others stay open."""
    [mistyped, *_] = open_reviews(world)
    ids = [each.id for each in alike(world, mistyped)]
    answer(world, ids[2], Verdict.DIFFERENT, "ben", "seen both")
    before = together(world)

    with pytest.raises(Conflict, match=r"nothing was answered.*ben"):
        answer_alike(world, ids, Verdict.SAME, "anna", "typed by hand")

    assert together(world) == before
    assert latest_by(world, "anna", NOW, 10) == []


def test_none_is_answered_where_one_is_not_like_the_others(world: World) -> None:
    """Its question has changed since somebody saw the list."""
    found = open_reviews(world)
    [clone, *_] = [each for each in found if each.reason.value != "serial_mistyped"]
    [mistyped, *_] = [each for each in found if each.reason.value == "serial_mistyped"]

    with pytest.raises(Conflict, match=rf"nothing was answered.*review {clone.number} .*not like the others"):
        answer_alike(world, [mistyped.id, clone.id], Verdict.SAME, "anna", "why")

    assert latest_by(world, "anna", NOW, 10) == []


def test_reviews_that_others_close_are_answered_with_them(tmp_path: Path) -> None:
    """Two answers make one box of three spellings; the third review is answered by the group as well."""
    rows = [
        {"provider": "cw_manage", "id": serial, "hostname": "nb-1", "serial": serial, "company": "Acme"}
        for serial in ("5CG19000SM", "5CG19O00SM", "5CG190O0SM")
    ]
    world = world_of(tmp_path, *rows)
    before, found = together(world), open_reviews(world)
    ids = [each.id for each in alike(world, found[0])]
    assert len(ids) == 3

    made = answer_alike(world, ids, Verdict.SAME, "anna", "one sticker")

    assert {each.review for each in made.decisions} == set(ids)
    assert open_reviews(world) == []
    take_back(world, made.group, "anna", "two boxes after all")
    assert together(world) == before


def test_reviews_are_counted_up_to_a_bound_where_some_are_asked_for(world: World) -> None:
    """All of them are counted; of those of a reason, so many as somebody would go through."""
    reason = open_reviews(world)[0].reason

    assert count_open(world, 2) == (len(open_reviews(world)), True)
    assert count_open(world, 2, reason=reason) == (2, False)
    assert count_open(world, 9, reason=reason, company="acme") == (5, True)


def test_the_review_before_one_is_that_of_the_list(world: World) -> None:
    """For a reason, a customer, and for who sees some records alone."""
    found = open_reviews(world)
    mistyped = [each for each in found if each.reason.value == "serial_mistyped"]

    assert [review_before(world, each) for each in found] == [None, *found[:-1]]
    before = [review_before(world, each, reason=mistyped[0].reason, company="acme") for each in mistyped]
    assert before == [None, *mistyped[:-1]]
    assert review_before(world, mistyped[-1], company="Beta") is None


def test_who_sees_some_records_alone_goes_back_among_their_own(tmp_path: Path) -> None:
    """As in their list."""
    world = world_of(tmp_path, *({**each, "company_id": "1"} for each in pairs(3)))
    bound = replace(world, visibility=Visibility(frozenset({Customer("cw_rmm", "1"), Customer("cw_manage", "1")})))
    found = open_reviews(bound)

    assert len(found) == 3
    assert [review_before(bound, each) for each in found] == [None, *found[:-1]]


def test_another_answer_than_the_one_that_stands_is_refused(world: World) -> None:
    """The same one is returned as it stands."""
    [review, *_] = open_reviews(world)
    first = answer(world, review.id, Verdict.SAME, "ben", "seen it")

    again = answer(world, review.id, Verdict.SAME, "anna", "me too")

    assert (again.is_new, again.decision) == (False, first.decision)
    with pytest.raises(ReviewAnswered, match="ben"):
        answer(world, review.id, Verdict.DIFFERENT, "anna", "no")


def test_a_number_of_reviews_that_nobody_reads_is_refused(world: World) -> None:
    """None, and more than a hundred."""
    with pytest.raises(BadRequest, match="1 to 100"):
        answer_alike(world, [], Verdict.SAME, "anna", "why")
    with pytest.raises(BadRequest, match="1 to 100"):
        answer_alike(world, [f"{n}" for n in range(MOST_ALIKE + 1)], Verdict.SAME, "anna", "why")


def test_a_group_that_nobody_made_is_not_found(world: World) -> None:
    """Also to be taken back."""
    with pytest.raises(NotFound):
        find_group(world, "nothing")
    with pytest.raises(NotFound):
        take_back(world, "nothing", "anna", "why")
