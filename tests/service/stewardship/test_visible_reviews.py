"""Reviews for callers who see some records."""

from pathlib import Path

import pytest

from service.core.errors import BadRequest, NotFound
from service.core.paging import PageRequest, all_items, cursor
from service.stewardship import reviewing
from service.stewardship.visible_reviews import list_reviews, pair
from service.store.visibility import Customer, Visibility
from tests.service.api.two_customers import ALL, CUSTOMERS, TOLD, add_foreign, own_world
from tests.service.reports.fleets import world_of


def test_who_sees_all_records_reads_the_list_that_is_stored(tmp_path: Path) -> None:
    """In its order, page by page, and with the records by which each is decided."""
    world = world_of(tmp_path, *TOLD)
    seen = world.acting(None, ALL)
    stored = reviewing.list_reviews(world).data

    assert len(stored) > 2
    assert list_reviews(seen).data == stored == list_reviews(world).data
    pages = [list_reviews(seen, PageRequest(1))]
    while pages[-1].next_cursor:
        pages.append(list_reviews(seen, PageRequest(1, pages[-1].next_cursor)))
    assert [review for page in pages for review in page.data] == stored
    assert list(all_items(lambda page: list_reviews(seen, page))) == stored
    assert [pair(seen, each.id) for each in stored] == [pair(world, each.id) for each in stored]


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
        pair(nobody, first.id)
    with pytest.raises(BadRequest):
        list_reviews(nobody, PageRequest(1, cursor("here")))
