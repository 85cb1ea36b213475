"""Pages lead from one to the next, and each item of a list comes once."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import BadRequest, UnknownCursor
from service.core.paging import FIRST_PAGE, LARGEST_NUMBER, LARGEST_PAGE, Page, PageRequest, all_items, cursor
from service.devices.lookup import DeviceView

NAMES = [f"{number:04}" for number in range(2 * LARGEST_PAGE + 1)]


def names(asked: PageRequest) -> Page[str]:
    """Return a page of the names."""
    [after] = asked.after("names", str) or [""]
    left = [name for name in NAMES if name > after]
    return asked.page("names", left[: asked.limit], lambda name: (name,), is_last=len(left) <= asked.limit)


def test_all_items_are_those_of_every_page() -> None:
    """In order, each once, however many pages there are."""
    assert list(all_items(names)) == NAMES


def test_the_last_page_leads_nowhere() -> None:
    """Every other one has the cursor with which the next begins."""
    last_but_one = names(PageRequest(1, cursor("names", NAMES[-3])))
    last = names(PageRequest(1, last_but_one.next_cursor))

    assert last_but_one.data == [NAMES[-2]]
    assert (last.data, last.next_cursor) == (NAMES[-1:], None)


PRINTABLE = st.text(st.characters(categories=["L", "N", "P", "S"]))


@given(PRINTABLE, st.integers(0, LARGEST_NUMBER), st.floats(0, LARGEST_NUMBER))
def test_a_cursor_leads_back_to_its_place(word: str, whole: int, number: float) -> None:
    """Whatever a list is ordered by, in letters that an address can carry."""
    text = cursor("names", word, whole, number)

    assert text.replace("-", "").replace("_", "").isalnum()
    assert PageRequest(cursor=text).after("names", str, int, float) == (word, whole, number)
    assert FIRST_PAGE.after("names", str, int, float) is None


def encoded(text: str) -> str:
    """Return a text as cursors are written."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        *("!", "a b", "\u00e9", "_w", encoded("0001"), encoded("[" * 100_000)),  # no base64, no UTF-8, no JSON
        *(encoded("{}"), encoded("[]"), encoded('[1,"names"]'), encoded('[1,"names","a","b"]')),
        *(cursor("others", "a"), encoded('[2,"names","a"]')),  # of another list, or another version
        *(cursor("names", 1), cursor("names", "a\0b"), encoded('[1,"names","\\ud800"]')),
    ],
)
def test_a_cursor_that_no_page_of_the_list_ended_with_is_refused(text: str) -> None:
    """Whatever is wrong with it; what no database takes never comes to one."""
    with pytest.raises(UnknownCursor, match="none of this list's"):
        PageRequest(cursor=text).after("names", str)


@pytest.mark.parametrize("number", ["1e999", "NaN", "2147483648", "-2147483649"])
def test_a_number_that_no_place_has_is_refused(number: str) -> None:
    """A database would overflow."""
    for kind in (int, float):
        with pytest.raises(UnknownCursor):
            PageRequest(cursor=encoded(f'[1,"names",{number}]')).after("names", kind)


@pytest.mark.parametrize("limit", [0, -1, LARGEST_PAGE + 1])
def test_a_page_is_neither_empty_nor_too_large(limit: int) -> None:
    """It is refused before any list is read."""
    with pytest.raises(BadRequest, match="a page holds 1 to 1000"):
        PageRequest(limit)


def test_a_page_is_named_after_what_it_holds() -> None:
    """Clients are generated from these names."""
    assert Page[DeviceView].__name__ == "DevicePage"
