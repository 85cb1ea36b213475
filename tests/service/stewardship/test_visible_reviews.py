"""Reviews for callers who see some records."""

from pathlib import Path

import pytest

from matching.model import Decision, Verdict
from service.core.errors import BadRequest, NotFound, ReviewAnswered, ReviewClosed
from service.core.paging import PageRequest, all_items, cursor
from service.stewardship import reviewing
from service.stewardship.deciding import decide, find_decision
from service.stewardship.visible_reviews import find_review, list_reviews, pair
from service.store.access.visibility import Customer, Visibility
from tests.service.api.two_customers import ALL, CUSTOMERS, TOLD, add_foreign, own_world, unnumbered
from tests.service.reports.fleets import world_of


def test_who_sees_all_records_reads_the_list_that_is_stored(tmp_path: Path) -> None:
    """In its order, page by page, and with the records by which each is decided."""
    world = world_of(tmp_path, *TOLD)
    seen = world.acting(None, ALL)
    numbered = reviewing.list_reviews(world).data
    stored = unnumbered(numbered)

    assert len(stored) > 2
    assert all(each.number for each in numbered)
    assert list_reviews(world).data == numbered
    assert list_reviews(seen).data == stored
    pages = [list_reviews(seen, PageRequest(1))]
    while pages[-1].next_cursor:
        pages.append(list_reviews(seen, PageRequest(1, pages[-1].next_cursor)))
    assert [review for page in pages for review in page.data] == stored
    assert list(all_items(lambda page: list_reviews(seen, page))) == stored
    assert [find_review(seen, each.id) for each in stored] == stored
    assert [pair(seen, each.id, Verdict.SAME) for each in stored] == [
        pair(world, each.id, Verdict.SAME) for each in stored
    ]


def test_a_review_with_hidden_records_is_shown_without_them(tmp_path: Path) -> None:
    """Neither on a side nor waiting, nor as evidence."""
    world = own_world(tmp_path)
    add_foreign(world)

    found = list_reviews(world.acting(None, Visibility(CUSTOMERS))).data

    assert len(found) == 2
    assert "rmm_beta" in str(reviewing.list_reviews(world).data)
    assert "rmm_beta" not in str(found)


def test_a_review_of_others_is_not_open(tmp_path: Path) -> None:
    """Whoever has its id cannot decide by it; nor is a cursor of another list one of this."""
    world = world_of(tmp_path, *TOLD)
    nobody = world.acting(None, Visibility(frozenset({Customer("cw_manage", "1")})))
    [first, *_] = reviewing.list_reviews(world).data

    assert list_reviews(nobody).data == []
    with pytest.raises(NotFound, match="is open"):
        pair(nobody, first.id, Verdict.SAME)
    with pytest.raises(NotFound, match="is open"):
        find_review(nobody, first.id)
    with pytest.raises(BadRequest):
        list_reviews(nobody, PageRequest(1, cursor("here", 1.0, "x")))


def test_who_answered_a_review_is_told_if_the_records_are_visible(tmp_path: Path) -> None:
    """To others it is as if there had been none."""
    world = world_of(tmp_path, *TOLD)
    seen = world.acting(None, ALL)
    nobody = world.acting(None, Visibility(frozenset({Customer("cw_manage", "1")})))
    [first, *_] = reviewing.list_reviews(world).data
    left, right = pair(seen, first.id, Verdict.SAME)
    made = decide(world, Decision(Verdict.SAME, left, right, "anna", "saw it")).decision

    assert pair(seen, first.id, Verdict.SAME) == (left, right)
    with pytest.raises(ReviewAnswered, match=made.id):
        pair(seen, first.id, Verdict.DIFFERENT)
    with pytest.raises(ReviewClosed, match=made.id):
        find_review(seen, first.id)
    assert find_decision(seen, made.id).model_copy(update={"review": first.id, "proposed": made.proposed}) == made
    with pytest.raises(NotFound, match="is open"):
        find_review(nobody, first.id)
    with pytest.raises(NotFound, match="no decision"):
        find_decision(nobody, made.id)
