"""The pages on which a person decides about two records, and takes a decision back."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from matching.model import Decision, Key, Verdict
from service.access.keys import Rights
from service.access.scopes import Scope
from service.devices.lookup import lookup
from service.stewardship.deciding import DecisionView, decide, list_decisions
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.console.conftest import OURS, Browser, browsing, form_token_of, main_of, token_of
from tests.service.reports.fleets import world_of

HOSTILE = "<script>alert(1)</script>\u202e"
SERIAL = "5CG1234ABC"
PSA, RMM, OTHER = Key("cw_manage", "4711"), Key("cw_rmm", "A-17"), Key("cw_rmm", "B & 1")
BOXES: list[dict[str, object]] = [
    {"provider": "cw_manage", "id": "4711", "name": "NB-1", "company": "Acme", "company_id": "1", "serial": SERIAL},
    {"provider": "cw_rmm", "id": "A-17", "hostname": "nb-1", "company": "Acme", "company_id": "1", "serial": SERIAL},
    {"provider": "cw_rmm", "id": "B & 1", "hostname": "nb-2", "company": HOSTILE, "company_id": "2"},
]


@pytest.fixture
def boxes(tmp_path: Path) -> World:
    """Return a world of two devices: one of two records, and one that has nothing in common with it."""
    return world_of(tmp_path, *BOXES)


@pytest.fixture
def browser(boxes: World) -> Iterator[Browser]:
    """A browser before its console, which asks for no key."""
    with browsing(boxes, keys_required=False) as browser:
        yield browser


def compare(left: Key, right: Key) -> str:
    """Return the address at which two records are compared."""
    return f"/decide?{urlencode({'left': str(left), 'right': str(right)})}"


def send(browser: Browser, page: str, path: str, **fields: str) -> httpx.Response:
    """Send a form of a page."""
    token = form_token_of(browser.page(page))
    return browser.post(path, data={"form_token": token, **fields}, headers=OURS)


def devices_with(world: World, identifier: str) -> int:
    """Return how many devices hold an identifier."""
    return len(lookup(world, identifier))


def decided(world: World) -> list[DecisionView]:
    """Return the decisions that stand."""
    return list(list_decisions(world).data)


def made(world: World, verdict: Verdict, left: Key = PSA, right: Key = RMM) -> DecisionView:
    """Let Anna decide."""
    return decide(world, Decision(verdict, left, right, "anna", "she looked")).decision


def test_two_records_are_shown_with_what_each_answer_would_change(browser: Browser) -> None:
    """Both records, why they are one, that *different* parts them, and nothing of what a provider wrote is markup."""
    html = browser.page(compare(PSA, RMM))
    said = main_of(html)

    assert "Both are records of NB-1 now." in said
    assert f"serial {SERIAL}" in said
    assert "1 device → 2" in said
    hostile = browser.page(compare(PSA, OTHER))
    assert "<script>alert" not in hostile
    assert "\u202e" not in hostile


def test_a_decision_leads_to_the_device_where_it_can_be_undone(boxes: World, browser: Browser) -> None:
    """The records are parted, the page says so, and its form takes that back."""
    answer = send(
        browser, compare(PSA, RMM), "/decide", left=str(PSA), right=str(RMM), verdict="different", why="two on the desk"
    )
    assert answer.status_code == 303
    [decision] = decided(boxes)
    assert (decision.verdict, decision.why) == (Verdict.DIFFERENT, "two on the desk")
    assert devices_with(boxes, SERIAL) == 2
    path = answer.headers["location"]
    html = browser.page(path)
    assert "Decided: different" in main_of(html)
    assert f'action="/decisions/{decision.id}"' in html

    undone = send(browser, path, f"/decisions/{decision.id}")
    assert undone.status_code == 303
    assert "The decision is taken back" in main_of(browser.page(undone.headers["location"]))
    assert (decided(boxes), devices_with(boxes, SERIAL)) == ([], 1)


def test_without_a_comment_the_reason_says_where_it_was_decided(boxes: World, browser: Browser) -> None:
    """A decision has a reason always."""
    send(browser, compare(PSA, OTHER), "/decide", left=str(PSA), right=str(OTHER), verdict="same", why="  ")

    assert [each.why for each in decided(boxes)] == ["decided in the console: same box"]


def test_an_equal_decision_that_stands_is_shown_and_not_offered_again(boxes: World, browser: Browser) -> None:
    """Who decided, with the way to take it back."""
    decision = made(boxes, Verdict.SAME)
    html = browser.page(compare(RMM, PSA))

    assert "What stands about the two" in main_of(html)
    assert "anna has decided this already" in main_of(html)
    assert f'href="/decisions/{decision.id}"' in html
    assert 'value="same">Same box' not in html


def test_what_contradicts_is_named_with_every_decision(boxes: World, browser: Browser) -> None:
    """Also where the form is sent all the same; the comment that was typed is not lost."""
    chain = [made(boxes, Verdict.SAME), made(boxes, Verdict.SAME, RMM, OTHER)]
    html = browser.page(compare(PSA, OTHER))
    for each in chain:
        assert f'href="/decisions/{each.id}"' in html
    assert 'value="different">' not in html

    answer = send(
        browser, compare(PSA, OTHER), "/decide", left=str(PSA), right=str(OTHER), verdict="different", why="I saw two"
    )
    assert answer.status_code == 409
    assert "cannot be decided different" in main_of(answer.text)
    assert 'value="I saw two"' in answer.text
    assert len(decided(boxes)) == 2


def test_the_page_of_a_device_leads_to_parting_joining_and_taking_back(boxes: World, browser: Browser) -> None:
    """Two of its records are chosen, or another device is looked for."""
    decision = made(boxes, Verdict.SAME)
    [device] = lookup(boxes, SERIAL)
    html = browser.page(f"/devices/{device.id}")
    assert 'name="right"><option value="cw_manage:4711">' in html
    assert 'name="find"' in html
    assert f'href="/decisions/{decision.id}"' in html

    found = browser.page(f"/decide?{urlencode({'left': str(PSA), 'find': 'nb-'})}")
    assert f"/decide?{urlencode({'left': str(PSA), 'right': str(OTHER)})}".replace("&", "&amp;") in found
    assert "right=cw_rmm%3AA-17" not in found  # its own records are no other device


@pytest.mark.parametrize(
    ("left", "right", "status", "sentence"),
    [
        (str(PSA), "cw_rmm:no", 404, "No record 'cw_rmm:no'"),
        (str(PSA), str(PSA), 422, "both are the same one"),
        ("nothing", str(PSA), 422, "nothing"),
    ],
)
def test_what_cannot_be_compared_is_said(browser: Browser, left: str, right: str, status: int, sentence: str) -> None:
    """A page that says what is wrong."""
    answer = browser.get(f"/decide?{urlencode({'left': left, 'right': right})}")

    assert answer.status_code == status
    assert sentence in main_of(answer.text)


def test_a_key_that_may_only_read_is_offered_nothing_and_refused(boxes: World) -> None:
    """It sees what each answer would change; decisions ask for the scope steward, as in the API."""
    decision = made(boxes, Verdict.SAME)
    [device] = lookup(boxes, SERIAL)
    token = token_of(boxes, "desk", Rights(frozenset({Scope.READ})))
    with browsing(boxes, keys_required=True) as browser:
        browser.sign_in(token)
        html = browser.page(compare(PSA, OTHER))
        assert "sign in with one that has the scope steward" in main_of(html)
        assert 'name="verdict"' not in html
        assert "Take back" not in browser.page(f"/devices/{device.id}")
        refused = send(browser, compare(PSA, OTHER), "/decide", left=str(PSA), right=str(OTHER), verdict="same")
        kept = send(browser, f"/decisions/{decision.id}", f"/decisions/{decision.id}")

    assert (refused.status_code, kept.status_code) == (403, 403)
    assert [each.id for each in decided(boxes)] == [decision.id]


def test_a_key_of_a_customer_decides_about_its_records_alone(boxes: World) -> None:
    """Records and decisions of others are not there for it; what its own would change is told."""
    decision = made(boxes, Verdict.SAME)
    foreign = made(boxes, Verdict.DIFFERENT, PSA, OTHER)
    acme = frozenset({Customer("cw_manage", "1"), Customer("cw_rmm", "1")})
    token = token_of(boxes, "acme", Rights(frozenset({Scope.STEWARD}), customers=acme))
    with browsing(boxes, keys_required=True) as browser:
        browser.sign_in(token)
        assert browser.get(compare(PSA, OTHER)).status_code == 404
        assert browser.get(f"/decisions/{foreign.id}").status_code == 404
        assert "What taking it back would change" in main_of(browser.page(f"/decisions/{decision.id}"))
        assert "One box" in main_of(browser.page(compare(PSA, RMM)))
        send(browser, f"/decisions/{decision.id}", f"/decisions/{decision.id}")

    assert [each.id for each in decided(boxes)] == [foreign.id]
