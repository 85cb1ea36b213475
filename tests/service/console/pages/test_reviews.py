"""The pages on which reviews are read, answered, and answers taken back."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from matching.model import Verdict
from service.access.keys import Rights
from service.access.scopes import Scope
from service.stewardship.answering import answer
from service.stewardship.reviewing import ReviewView
from service.stewardship.visible_reviews import list_reviews
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.console.conftest import (
    OURS,
    Browser,
    browsing,
    form_token_of,
    main_of,
    token_of,
    words,
)
from tests.service.reports.fleets import world_of
from tests.service.stewardship.test_answering import pairs, together

HOSTILE = "<script>alert(1)</script>\u202e"


def fleet(count: int = 4) -> list[dict[str, object]]:
    """Return rows of so many boxes with mistyped serials, of which one has a hostile user."""
    rows = pairs(count)
    rows[0] |= {"last_user": HOSTILE}
    return rows


@pytest.fixture
def fleet_world(tmp_path: Path) -> World:
    """Return a world with four reviews that are alike."""
    return world_of(tmp_path, *fleet())


@pytest.fixture
def browser(fleet_world: World) -> Iterator[Browser]:
    """A browser before its console, which asks for no key."""
    with browsing(fleet_world, keys_required=False) as browser:
        yield browser


def open_reviews(world: World) -> list[ReviewView]:
    """Return what is open, the most worthwhile first."""
    return list_reviews(world).data


def send(browser: Browser, page: str, path: str, **fields: str) -> httpx.Response:
    """Send a form of a page."""
    token = form_token_of(browser.page(page))
    return browser.post(path, data={"form_token": token, **fields}, headers=OURS)


def test_the_list_leads_to_each_review(browser: Browser, fleet_world: World) -> None:
    """With its number, both devices, the reason and what is proposed."""
    html = browser.page("/reviews")

    assert "Reviews: 4 left" in words(html)
    for each in open_reviews(fleet_world):
        assert f'href="/reviews/{each.number}"' in html
    assert main_of(html).count("mistyped serial?") >= 4
    assert "Almost certainly one box" in html


def test_a_filter_stays_from_one_review_to_the_next(browser: Browser) -> None:
    """A reason that is none is an error, one without reviews says so."""
    html = browser.page("/reviews?reason=serial_mistyped&company=acme")

    [first, *_] = re.findall(r'href="(/reviews/\d+[^"]+)"', html)
    following = re.findall(r'href="([^"]+)" data-key="s j"', browser.page(unescape(first)))
    assert "reason=serial_mistyped&company=acme" in unescape(first)
    assert "reason=serial_mistyped&company=acme" in unescape(following[0])
    assert "None is open with these filters" in words(browser.page("/reviews?reason=clone"))
    assert browser.get("/reviews?reason=clown").status_code == 400


def test_a_review_shows_both_sides_and_what_each_answer_would_change(browser: Browser, fleet_world: World) -> None:
    """Nothing is stored by looking."""
    before = together(fleet_world)
    [review] = [each for each in open_reviews(fleet_world) if "cw_rmm:A-0" in each.left.records + each.right.records]

    text = words(browser.page(f"/reviews/{review.number}"))

    assert "2 devices → 1" in text
    assert "No device changes." in text
    assert "5CG190" in text
    assert "5CG19O" in text
    assert "4 left" in text
    assert "Answer 4 like this" in text
    assert "script>" in text
    assert "\\u202e" in text
    assert "<script>alert" not in browser.page(f"/reviews/{review.number}")
    assert together(fleet_world) == before


def test_an_answer_leads_to_the_next_review_and_can_be_undone(browser: Browser, fleet_world: World) -> None:
    """The undo leads back to the review, which is open again."""
    before = together(fleet_world)
    first, second, *_ = open_reviews(fleet_world)

    answered = send(browser, f"/reviews/{first.number}", f"/reviews/{first.number}", verdict="same")

    assert answered.status_code == 303
    assert answered.headers["location"].startswith(f"/reviews/{second.number}?answered=")
    html = browser.page(answered.headers["location"])
    assert "Answered: same box" in words(html)
    assert "as proposed: Almost certainly one box" in words(html)
    assert "3 left" in words(html)
    [decision] = re.findall(r'name="decision" value="([^"]+)"', html)
    undone = browser.post("/take-back", data={"form_token": form_token_of(html), "decision": decision}, headers=OURS)
    assert undone.headers["location"] == f"/reviews/{first.number}?said=taken-back"
    assert together(fleet_world) == before
    assert "4 left" in words(browser.page(undone.headers["location"]))


def test_the_last_review_leads_to_its_answer(tmp_path: Path) -> None:
    """Where none is left, the page says what was answered."""
    world = world_of(tmp_path, *pairs(1))
    [review] = open_reviews(world)
    with browsing(world, keys_required=False) as browser:
        path = f"/reviews/{review.number}"
        answered = send(browser, path, path, verdict="different", why="both are on my desk")
        text = words(browser.page(answered.headers["location"]))
        shown = words(browser.page("/reviews"))

    assert "This review is answered" in text
    assert "both are on my desk" in text
    assert "None is open" in shown
    assert "Your latest answers" in shown


def test_somebody_elses_answer_is_shown_and_stands(browser: Browser, fleet_world: World) -> None:
    """Whatever was answered meanwhile."""
    first, *_ = open_reviews(fleet_world)
    page = f"/reviews/{first.number}"
    token = form_token_of(browser.page(page))
    answer(fleet_world, first.id, Verdict.DIFFERENT, "ben", "seen both")

    late = browser.post(page, data={"form_token": token, "verdict": "same"}, headers=OURS)

    assert late.status_code == 303
    text = words(browser.page(late.headers["location"]))
    assert "Somebody else was quicker: your answer is not stored." in text
    assert "said ben" in text
    assert "seen both" in text
    assert "different boxes" in text
    assert 'data-key="u"' not in browser.page(late.headers["location"])


def test_many_that_are_alike_are_answered_at_once(browser: Browser, fleet_world: World) -> None:
    """Those that are chosen; one undo takes all back."""
    before = together(fleet_world)
    first, *_ = open_reviews(fleet_world)
    path = f"/reviews/{first.number}/alike"
    html = browser.page(path)
    ids = re.findall(r'name="(review-[^"]+)" checked', html)
    assert len(ids) == 4

    answered = send(browser, path, path, verdict="same", **dict.fromkeys(ids[:3], "on"))

    html = browser.page(answered.headers["location"])
    assert "3 reviews are answered at once" in words(html)
    assert "Reviews: 1 left" in words(html)
    [group] = set(re.findall(r'name="group" value="([^"]+)"', html))
    undone = browser.post("/take-back", data={"form_token": form_token_of(html), "group": group}, headers=OURS)
    assert "Reviews: 4 left" in words(browser.page(undone.headers["location"]))
    assert together(fleet_world) == before


def test_the_sum_of_the_changes_is_shown_before_many_are_answered(browser: Browser, fleet_world: World) -> None:
    """Of all that are listed, and then of those that stay ticked; nothing is stored by looking."""
    first, *_ = open_reviews(fleet_world)
    path, before = f"/reviews/{first.number}/alike", together(fleet_world)
    html = browser.page(path)
    ids = re.findall(r'name="(review-[^"]+)" checked', html)

    looked = send(browser, path, path, look="yes", **dict.fromkeys(ids[:2], "on"))

    assert "8 devices → 4" in words(html)
    assert "No device gets other records." in words(html)
    assert looked.status_code == 200
    assert "What an answer to the ticked 2 would change" in words(looked.text)
    assert "4 devices → 2" in words(looked.text)
    assert re.findall(r'name="(review-[^"]+)" checked', looked.text) == ids[:2]
    assert together(fleet_world) == before
    assert len(open_reviews(fleet_world)) == 4


def test_the_reviews_before_and_behind_are_a_key_away(browser: Browser, fleet_world: World) -> None:
    """In the order of the list; behind the last one comes the first that is left."""
    numbers = [each.number for each in open_reviews(fleet_world)]
    pages = [browser.page(f"/reviews/{number}") for number in numbers]

    before = [re.findall(r'href="/reviews/(\d+)" data-key="k"', html) for html in pages]
    behind = [re.findall(r'href="/reviews/(\d+)" data-key="s j"', html) for html in pages]

    assert before == [[], *([f"{number}"] for number in numbers[:-1])]
    assert behind == [[f"{number}"] for number in (*numbers[1:], numbers[0])]


def test_it_says_how_many_are_left_with_the_filters_and_in_all(tmp_path: Path) -> None:
    """A reason and a customer in the list lead to theirs alone."""
    other = {"company": "Beta", "hostname": "nb-x"}
    rows = [each | (other if each["id"] in {"A-1", "1"} else {}) for each in pairs(3)]
    with browsing(world_of(tmp_path, *rows), keys_required=False) as browser:
        html = browser.page("/reviews?reason=serial_mistyped")
        [path] = set(re.findall(r'href="([^"]+)" title="Only the reviews of this customer">Beta', html))
        text = words(browser.page(unescape(path)))

    assert "3 left with these filters, 3 in all" in words(html)
    assert unescape(path) == "/reviews?reason=serial_mistyped&company=Beta"
    assert "1 left with these filters, 3 in all" in text


def test_none_of_many_is_answered_where_one_is_closed(browser: Browser, fleet_world: World) -> None:
    """The list is shown anew, with who was quicker; so it is where none is chosen."""
    first, second, *_ = open_reviews(fleet_world)
    path = f"/reviews/{first.number}/alike"
    html = browser.page(path)
    ids = re.findall(r'name="(review-[^"]+)" checked', html)
    answer(fleet_world, second.id, Verdict.DIFFERENT, "ben", "seen both")
    before = together(fleet_world)

    token = {"form_token": form_token_of(html)}
    late = browser.post(path, data={**token, "verdict": "same", **dict.fromkeys(ids, "on")}, headers=OURS)
    empty = browser.post(path, data={**token, "verdict": "same"}, headers=OURS)

    assert (late.status_code, empty.status_code) == (409, 400)
    assert "nothing was answered" in words(late.text)
    assert "ben" in words(late.text)
    assert "3 reviews like" in words(late.text)
    assert "choose 1 to 100" in words(empty.text)
    assert together(fleet_world) == before


def test_who_may_only_read_answers_nothing(fleet_world: World) -> None:
    """The buttons are not there, and a form that is sent all the same is refused."""
    first, *_ = open_reviews(fleet_world)
    token = token_of(fleet_world, "reader", Rights(frozenset({Scope.READ})))
    path = f"/reviews/{first.number}"
    with browsing(fleet_world, keys_required=True) as browser:
        browser.sign_in(token)
        html = browser.page(path)
        sent = browser.post(path, data={"form_token": form_token_of(html), "verdict": "same"}, headers=OURS)

    assert 'name="verdict"' not in html
    assert "has the scope steward" in words(html)
    assert sent.status_code == 403
    assert len(open_reviews(fleet_world)) == 4


def test_a_forged_form_answers_nothing(browser: Browser, fleet_world: World) -> None:
    """One of another site, and one without the token of the session."""
    first, *_ = open_reviews(fleet_world)
    path = f"/reviews/{first.number}"
    token = form_token_of(browser.page(path))
    fields = {"form_token": token, "verdict": "same"}

    assert browser.post(path, data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post(path, data={"verdict": "same"}, headers=OURS).status_code == 403
    assert browser.post("/take-back", data={"decision": "x"}, headers=OURS).status_code == 403
    assert len(open_reviews(fleet_world)) == 4


def test_a_key_that_is_bound_to_customers_answers_its_own(tmp_path: Path) -> None:
    """It is asked what is open between its records alone, by id; others are not found."""
    own = [{**each, "company_id": "1"} for each in pairs(1)]
    other = [
        {**each, "id": f"x{each['id']}", "hostname": "nb-x", "company": "Beta", "company_id": "2"}
        for each in pairs(2)[1::2]
    ]
    world = world_of(tmp_path, *own, *other)
    own_customers = frozenset({Customer("cw_rmm", "1"), Customer("cw_manage", "1")})
    token = token_of(world, "bound", Rights(frozenset({Scope.STEWARD}), customers=own_customers))
    [foreign] = [each for each in open_reviews(world) if "cw_rmm:xA-1" in each.left.records + each.right.records]
    with browsing(world, keys_required=True) as browser:
        browser.sign_in(token)
        html = browser.page("/reviews")
        [path] = set(re.findall(r'href="(/reviews/[0-9a-f]{64})"', html))
        page = browser.page(path)
        assert browser.get(f"/reviews/{foreign.id}").status_code == 404
        assert browser.get(f"/reviews/{foreign.number}").status_code == 404
        answered = browser.post(path, data={"form_token": form_token_of(page), "verdict": "same"}, headers=OURS)

    assert "Reviews: 1 left" in words(html)
    assert answered.status_code == 303
    assert [each.id for each in open_reviews(world)] == [foreign.id]


def test_the_preview_waits_for_the_policy_to_be_in_force(tmp_path: Path) -> None:
    """A page that resolved everything anew would hold up everybody else."""
    world = world_of(tmp_path, *pairs(1))
    [review] = open_reviews(world)
    changed = World(
        world.store,
        world.policy.__class__(islands=4),
        world.now,
        world.new_id,
    )
    with browsing(changed, keys_required=False) as browser:
        text = words(browser.page(f"/reviews/{review.number}"))

    assert "The settings of matching have changed" in text
    assert "2 devices → 1" not in text


def test_a_review_that_never_was_is_not_found(browser: Browser) -> None:
    """By a number or an id."""
    for ref in ("999", "99999999999999999999", "f" * 64, "<b>"):
        assert browser.get(f"/reviews/{ref}").status_code == 404
