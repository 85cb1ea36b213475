"""The page of customers: they are corrected after a look at what that changes, and corrections are revoked."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from service.access.keys import Rights
from service.access.scopes import Scope
from service.store.access.visibility import Customer
from tests.service.console.conftest import OURS, Browser, browsing, followed, form_token_of, main_of, token_of
from tests.service.sandbox import Sandbox
from tests.service.stewardship.test_correcting import DIFFERENT, TWO, companies_in, parts, said

ASK = "/customers/correct?kind=same_customer&one=psa:h&other=rmm:n"


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store of several companies."""
    return companies_in(tmp_path)


@pytest.fixture
def browser(world: Sandbox) -> Iterator[Browser]:
    """A browser before its console, which asks for no key."""
    with browsing(world, keys_required=False) as browser:
        yield browser


def test_customers_are_listed_with_the_reason_and_filtered(browser: Browser) -> None:
    """By a part of a name or an id, in any case."""
    html = browser.page("/customers")
    assert "Acme Inc. psa:a ACME rmm:a equal names" in main_of(html)
    assert "Customers (3)" in main_of(html)
    assert "/customers/correct?kind=different_customers&one=psa%3Aa&other=rmm%3Aa" in unescape(html)
    filtered = main_of(browser.page("/customers?text=HERITAGE"))
    assert "Customers (1)" in filtered
    assert "ACME" not in filtered.partition("Two companies")[0]


def test_a_correction_is_foretold_made_and_revoked(world: Sandbox, browser: Browser) -> None:
    """What it would change is shown first; then who made it, when and why; nothing stays of one that is revoked."""
    before = parts(world)
    asked = browser.page(ASK)
    assert "2 devices would be one" in main_of(asked)
    assert parts(world) == before

    token = form_token_of(asked)
    made = browser.post(ASK, data={"form_token": token, "why": "asked them"}, headers=OURS)

    there = followed(browser, made)
    assert there == "/customers?said=corrected&changed=2"
    assert {"psa:1", "rmm:1"} in parts(world)
    html = browser.page(there)
    text = main_of(html)
    assert "2 devices have other records since" in text
    assert "Heritage Staffing psa:h and North Temps rmm:n are one customer" in text
    assert "a person said so (someone on this machine, " in text
    assert "asked them" in text
    path = unescape(html).partition('href="/policy-entries/')[2].partition('"')[0]
    page = browser.page(f"/policy-entries/{path}")
    assert "would be 2 devices" in main_of(page)
    fields = {"form_token": form_token_of(page), "why": "a slip"}
    back = browser.post(f"/policy-entries/{path}", data=fields, headers=OURS)
    assert followed(browser, back) == "/customers?said=correction-revoked&changed=1"
    assert parts(world) == before
    assert "revoked by someone on this machine" in main_of(browser.page("/customers"))


def test_a_contradiction_is_shown_and_not_made(world: Sandbox, browser: Browser) -> None:
    """With what it contradicts; a form that is sent anyway is refused."""
    said(world, TWO)
    path = "/customers/correct?kind=same_customer&one=psa:a&other=rmm:a"

    answer = browser.get(path)

    assert answer.status_code == 409
    assert "the entry of anna of 2026-11-01" in main_of(answer.text)
    assert "Put it in force" not in answer.text
    token = form_token_of(browser.page(ASK))
    assert browser.post(path, data={"form_token": token, "why": "x"}, headers=OURS).status_code == 409


@pytest.mark.parametrize("query", ["kind=deny&one=psa:a&other=rmm:a", "kind=same_customer&one=psa:a&other=psa:a"])
def test_what_is_no_correction_of_a_customer_is_refused(query: str, browser: Browser) -> None:
    """A page of ours never leads to it."""
    assert browser.get(f"/customers/correct?{query}").status_code == 422


def test_a_form_without_its_token_or_reason_changes_nothing(world: Sandbox, browser: Browser) -> None:
    """It was sent from elsewhere, or says nothing."""
    assert browser.post(ASK, data={"why": "x"}, headers=OURS).status_code == 403
    token = form_token_of(browser.page(ASK))
    assert browser.post(ASK, data={"form_token": token, "why": " "}, headers=OURS).status_code == 422
    assert world.rows("SELECT * FROM policy_entries") == []


def test_only_an_admin_corrects_and_a_bound_key_sees_nothing(world: Sandbox) -> None:
    """Others read and are offered nothing; what they send is refused."""
    entry = said(world, TWO).entries[0].id
    bound = Rights(frozenset({Scope.READ}), customers=frozenset({Customer("psa", "a")}))
    tokens = [
        (token_of(world, "steward", Rights(frozenset({Scope.STEWARD}))), 200),
        (token_of(world, "bound", bound), 403),
    ]
    for token, status in tokens:
        with browsing(world, keys_required=True) as browser:
            browser.sign_in(token)
            answer = browser.get("/customers")
            assert answer.status_code == status
            assert "/correct?" not in answer.text
            assert "/policy-entries/" not in answer.text
            for path in (ASK, f"/policy-entries/{entry}"):
                assert browser.get(path).status_code == 403
                assert browser.post(path, data={"why": "x"}, headers=OURS).status_code == 403
            assert ('href="/customers"' in browser.get("/search").text) is (status == 200)


def test_a_hostile_name_is_text(tmp_path: Path) -> None:
    """In the list and where it is corrected."""
    world = Sandbox(tmp_path)
    for provider in ("psa", "rmm"):
        name = f"<script>alert(1)</script> {provider}"
        world.push({"provider": provider, "id": "1", "hostname": "pc", "company": name, "company_id": "<b>"})
    world.take_in()
    with browsing(world, keys_required=False) as browser:
        for path in (
            "/customers",
            f"/customers/correct?kind={DIFFERENT}&one={quote('psa:<b>')}&other={quote('rmm:<b>')}",
        ):
            html = browser.get(path).text
            assert "<script>alert" not in html
            assert "<b>" not in html.replace("<b>are different customers</b>", "")
