"""Pages lead from one to the next, and each item of a list comes once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import BadRequest
from service.core.paging import FIRST_PAGE, LARGEST_PAGE, Page, PageRequest, all_items, cursor
from service.devices.lookup import DeviceView

NAMES = [f"{number:04}" for number in range(2 * LARGEST_PAGE + 1)]


def names(asked: PageRequest) -> Page[str]:
    """Return a page of the names."""
    left = [name for name in NAMES if name > asked.place]
    return asked.page(left[: asked.limit], lambda name: name, is_last=len(left) <= asked.limit)


def test_all_items_are_those_of_every_page() -> None:
    """In order, each once, however many pages there are."""
    assert list(all_items(names)) == NAMES


def test_the_last_page_leads_nowhere() -> None:
    """Every other one has the cursor with which the next begins."""
    last_but_one = names(PageRequest(1, cursor(NAMES[-3])))
    last = names(PageRequest(1, last_but_one.next_cursor))

    assert last_but_one.data == [NAMES[-2]]
    assert (last.data, last.next_cursor) == (NAMES[-1:], None)


@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_a_cursor_leads_back_to_its_place(place: str) -> None:
    """Whatever a list is ordered by, in letters that an address can carry."""
    text = cursor(place)

    assert text.replace("-", "").replace("_", "").isalnum() or not place
    assert PageRequest(cursor=text).place == place
    assert FIRST_PAGE.place == ""


@pytest.mark.parametrize("text", ["!", "a b", "\u00e9", cursor("a\0b"), "_w"])
def test_a_cursor_that_no_page_ended_with_is_refused(text: str) -> None:
    """No base64, no UTF-8, or a text that not every database takes."""
    with pytest.raises(BadRequest, match="none of ours"):
        _ = PageRequest(cursor=text).place


@pytest.mark.parametrize("limit", [0, -1, LARGEST_PAGE + 1])
def test_a_page_is_neither_empty_nor_too_large(limit: int) -> None:
    """It is refused before any list is read."""
    with pytest.raises(BadRequest, match="a page holds 1 to 1000"):
        PageRequest(limit)


def test_a_page_is_named_after_what_it_holds() -> None:
    """Clients are generated from these names."""
    assert Page[DeviceView].__name__ == "DevicePage"
