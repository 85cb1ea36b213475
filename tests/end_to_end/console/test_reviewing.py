"""The steward: reviews answered by keys alone, foreseen, taken back, many at once, and beside a colleague."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from service.demo.steward import ANNA, BEN
from tests.end_to_end.console.browser import Visit, follow
from tests.end_to_end.console.service import Site
from tests.end_to_end.console.test_access import sign_in

Visitor = Callable[[str], Visit]


A_DOZEN = 12
"""Reviews of the demo that are answered in a row: of the most worthwhile ones all are about one box."""


def left(page: Page) -> int:
    """Return how many reviews the page says are left."""
    [number] = re.findall(r"(\d+) left", page.locator("main").inner_text())
    return int(number)


def press(page: Page, key: str) -> None:
    """Press a key, and wait for the page to which it leads."""
    with page.expect_navigation():
        page.keyboard.press(key)


def decisions(home: str) -> list[dict[str, object]]:
    """Return the decisions in force, as a program sees them, but for those that the demo begins with."""
    found = httpx.get(f"{home}/v1/decisions").raise_for_status().json()["data"]
    return [decision for decision in found if decision["by"] not in {ANNA, BEN}]


def test_a_steward_answers_a_dozen_reviews_by_keys_alone(visitor: Visitor, site: Site) -> None:
    """From the first page on, with each answer a key, and the count going down; a review that is skipped stays."""
    with site.served() as home:
        page = visitor(home).go("/reviews")
        before = left(page)
        assert before >= A_DOZEN + 1
        page.keyboard.press("Tab")
        while not page.evaluate("document.activeElement.matches('a.button.main')"):
            page.keyboard.press("Tab")
        press(page, "Enter")
        skipped = page.locator("h1").inner_text()
        press(page, "s")
        for number in range(A_DOZEN):
            assert page.locator("h1").inner_text() != skipped
            is_same = page.locator("button[data-key=y].main").count() == 1
            press(page, "y" if is_same else "n")
            assert left(page) == before - number - 1
        stored = decisions(home)

    assert len(stored) == A_DOZEN
    assert {each["verdict"] for each in stored} == {"same", "different"}


def test_an_answer_does_what_was_foreseen_and_is_undone_by_a_key(visitor: Visitor, site: Site) -> None:
    """Two devices become the one that the page named; `u` makes them two again, and the review is open as before."""
    with site.served() as home:
        page = visitor(home).go("/reviews")
        follow(page.get_by_role("link", name="Answer them one by one"))
        before, question = left(page), page.locator("h1").inner_text()
        foreseen = page.get_by_role("region", name="One box", exact=True)
        expect(foreseen).to_contain_text("2 devices → 1")
        name = foreseen.locator("li b").inner_text()
        page.get_by_label("Comment").fill("I read the sticker")
        follow(page.get_by_role("button", name="Same box (y)"))
        assert left(page) == before - 1
        [decision] = decisions(home)
        assert (decision["verdict"], decision["why"]) == ("same", "I read the sticker")
        assert httpx.get(f"{home}/v1/lookup", params={"identifier": name}).json()["total"] == 1

        press(page, "u")
        expect(page.get_by_role("main").get_by_role("status")).to_contain_text("taken back")
        assert decisions(home) == []
        assert httpx.get(f"{home}/v1/lookup", params={"identifier": name}).json()["total"] == 2
        page.goto(f"{home}/reviews")
        assert left(page) == before
        follow(page.get_by_role("link", name="Answer them one by one"))
        expect(page.locator("h1")).to_have_text(question)


def test_many_alike_are_answered_and_undone_as_one(visitor: Visitor, site: Site) -> None:
    """The list is shown first; what is not ticked stays open."""
    with site.served() as home:
        page = visitor(home).go("/reviews?reason=serial_mistyped")
        before = left(page)
        follow(page.get_by_role("link", name="Answer them one by one"))
        follow(page.get_by_role("link", name=re.compile(r"^Answer \d+ like this$")))
        boxes = page.get_by_role("checkbox")
        alike = boxes.count()
        assert alike > 2
        boxes.last.uncheck()
        page.get_by_role("button", name="All are the same box").click()
        expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
            f"{alike - 1} reviews are answered at once"
        )
        assert left(page) == before - alike + 1
        assert len(decisions(home)) == alike - 1

        press(page, "u")
        page.goto(f"{home}/reviews?reason=serial_mistyped")
        assert left(page) == before
        assert decisions(home) == []


def test_keys_do_nothing_while_a_comment_is_typed(visitor: Visitor, site: Site) -> None:
    """And `?` shows what they do."""
    with site.served() as home:
        page = visitor(home).go("/reviews")
        follow(page.get_by_role("link", name="Answer them one by one"))
        before = page.url
        page.keyboard.press("?")
        expect(page.locator("details.keys p")).to_be_visible()
        page.get_by_label("Comment").press_sequentially("yes, no, skip us?")
        assert page.url == before
        assert decisions(home) == []


def test_an_answer_of_somebody_else_is_shown_and_not_overwritten(visitor: Visitor, site: Site) -> None:
    """Two stewards read the same review; the slower one learns what the quicker one said."""
    anna, ben = (site.create_key(name, "--scope", "steward") for name in ("anna", "ben"))
    with site.served() as home:
        pages = []
        for key in (anna, ben):
            page = visitor(home).go("/reviews")
            sign_in(page, key.token)
            follow(page.get_by_role("link", name="Answer them one by one"))
            pages.append(page)
        press(pages[0], "n")
        press(pages[1], "y")

        expect(pages[1].locator("h1")).to_have_text("This review is answered")
        expect(pages[1].locator("main")).to_contain_text("your answer is not stored")
        expect(pages[1].locator("main")).to_contain_text("said anna")


def test_a_reader_sees_reviews_and_is_offered_no_answer(visitor: Visitor, site: Site) -> None:
    """Keys do nothing for them either."""
    key = site.create_key("desk")
    with site.served() as home:
        page = visitor(home).go("/reviews")
        sign_in(page, key.token)
        follow(page.get_by_role("table", name="Open reviews").get_by_role("link").first)
        before = page.url
        page.keyboard.press("y")

        expect(page.get_by_role("button", name=re.compile("box"))).to_have_count(0)
        assert page.url == before
