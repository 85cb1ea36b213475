"""The page of values that sit on several boxes: who holds them, and what people allow or deny."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.access.keys import Rights
from service.access.scopes import Scope
from service.store.access.visibility import Customer
from tests.service.console.conftest import OURS, Browser, browsing, followed, form_token_of, main_of, token_of
from tests.service.sandbox import Sandbox, record
from tests.service.stewardship.test_correcting import mac, parts

SHARED = "of=serial&value=5CG1234ABC"

ALLOW, DENY = (f"/shared-identifiers/correct?kind={kind}" for kind in ("allow", "deny"))


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with a serial on many boxes of one provider, and another on one box of two."""
    made = Sandbox(tmp_path)
    shared = (
        record(f"rmm:{n:03}", hostname=f"pc{n}", serial="5CG1234ABC", macs=[mac(n)], company="Acme") for n in range(120)
    )
    made.take_in(*shared, record("rmm:x", serial="5CG7777ABC"), record("psa:x", serial="5CG7777ABC"))
    return made


@pytest.fixture
def browser(world: Sandbox) -> Iterator[Browser]:
    """A browser before its console, which asks for no key."""
    with browsing(world, keys_required=False) as browser:
        yield browser


def test_values_are_listed_with_reason_and_holders_and_filtered(browser: Browser) -> None:
    """By a part of the value; the number of holders leads to them."""
    html = browser.page("/shared-identifiers")
    assert "5CG1234ABC" in main_of(html)
    assert "120 records hold 5CG1234ABC" in main_of(html)
    assert f"/shared-identifiers/holders?{SHARED}" in html.replace("&amp;", "&")
    assert "Shared identifiers (0)" in main_of(browser.page("/shared-identifiers?text=zebra"))
    assert "Shared identifiers (1)" in main_of(browser.page("/shared-identifiers?text=5cg1234"))


def test_holders_are_paged_with_their_devices(browser: Browser) -> None:
    """A hundred a page."""
    first = browser.page(f"/shared-identifiers/holders?{SHARED}")
    assert "120 records hold" in main_of(first)
    assert "rmm:000" in first
    assert "rmm:110" not in first
    assert "/devices/" in first
    assert "&amp;skip=100" in first
    rest = browser.page(f"/shared-identifiers/holders?{SHARED}&skip=100")
    assert "rmm:110" in rest
    assert "&amp;skip=" not in rest
    assert browser.get("/shared-identifiers/holders?of=serial&value=x").status_code == 404


def test_a_value_is_allowed_and_that_is_revoked(world: Sandbox, browser: Browser) -> None:
    """It leaves the list, and comes back."""
    before = parts(world)
    path = f"{ALLOW}&{SHARED}"
    asked = browser.page(path)
    assert "serial 5CG1234ABC is evidence" in main_of(asked)

    made = browser.post(path, data={"form_token": form_token_of(asked), "why": "a real one"}, headers=OURS)

    html = browser.page(followed(browser, made))
    assert "Shared identifiers (0)" in main_of(html)
    assert "a real one" in main_of(html)
    entry = html.partition("/policy-entries/")[2].partition('"')[0]
    page = browser.page(f"/policy-entries/{entry}")
    fields = {"form_token": form_token_of(page), "why": "a slip"}
    back = browser.post(f"/policy-entries/{entry}", data=fields, headers=OURS)
    assert followed(browser, back).startswith("/shared-identifiers?said=correction-revoked")
    assert parts(world) == before
    assert "Shared identifiers (1)" in main_of(browser.page("/shared-identifiers"))


def test_a_value_is_denied_in_any_notation(world: Sandbox, browser: Browser) -> None:
    """Its box is two from then on, and the page tells how many devices changed."""
    path = f"{DENY}&of=serial&value=%205cg7777abc"
    asked = browser.page(path)
    assert "would be 2 devices" in main_of(asked)

    made = browser.post(path, data={"form_token": form_token_of(asked), "why": "a sample"}, headers=OURS)

    there = followed(browser, made)
    assert there == "/shared-identifiers?said=corrected&changed=1"
    assert {"psa:x"} in parts(world)
    assert "1 device has other records since" in main_of(browser.page(there))


@pytest.mark.parametrize("query", ["of=mac&value=pc1", "of=colour&value=red"])
def test_what_is_no_value_is_refused(query: str, browser: Browser) -> None:
    """With the reason."""
    answer = browser.get(f"{DENY}&{query}")
    assert answer.status_code == 422
    assert "there is no kind" in main_of(answer.text).lower() or "that is no mac" in main_of(answer.text).lower()


def test_companies_are_not_corrected_here(browser: Browser) -> None:
    """A page of ours never leads to it."""
    assert browser.get(f"/shared-identifiers/correct?kind=same_customer&{SHARED}").status_code == 422


def test_only_an_admin_allows_and_a_bound_key_sees_nothing(world: Sandbox) -> None:
    """Others read and are offered nothing; what they send is refused."""
    bound = Rights(frozenset({Scope.READ}), customers=frozenset({Customer("rmm", "Acme")}))
    for rights, status in ((Rights(frozenset({Scope.READ})), 200), (bound, 403)):
        with browsing(world, keys_required=True) as browser:
            browser.sign_in(token_of(world, f"key {status}", rights))
            for path in ("/shared-identifiers", f"/shared-identifiers/holders?{SHARED}"):
                answer = browser.get(path)
                assert answer.status_code == status
                assert "/correct?" not in answer.text
            assert browser.get(f"{ALLOW}&{SHARED}").status_code == 403
            assert browser.post(f"{ALLOW}&{SHARED}", data={"why": "x"}, headers=OURS).status_code == 403
