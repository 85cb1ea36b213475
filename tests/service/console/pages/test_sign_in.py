"""Signing in and out, and the cookie that it is about."""

import secrets
from pathlib import Path

import httpx
import pytest

from service.access import keys
from service.access.keys import Rights
from service.access.scopes import Scope
from service.core.server_settings import ServerSettings
from service.core.settings import Settings
from service.store.world import World
from tests.end_to_end.commands import PATIENCE
from tests.service.console.conftest import OURS, browsing, form_token_of, token_of, words
from tests.service.sandbox import Sandbox
from tests.service.server.process import served


def test_a_key_opens_the_page_that_was_asked_for(fresh_world: World) -> None:
    """A hidden field of the form leads there; the cookie lasts as long as the browser, and no script has it."""
    with browsing(fresh_world, keys_required=True) as browser:
        form = browser.page("/sign-in?next=/search%3Fq%3Dacme")
        answer = browser.sign_in(f" {token_of(fresh_world, 'anna')}\n", next="/search?q=acme")
        found = browser.page("/search?q=acme")

    assert 'name="next" value="/search?q=acme"' in form
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=acme")
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith("samebox=")
    assert {each.lower() for each in attributes} == {"httponly", "path=/", "samesite=lax"}
    assert "anna" in words(found)


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_sign_in_leads_nowhere_else(fresh_world: World, next: str) -> None:
    """Neither by the address of the page nor by the field of its form."""
    with browsing(fresh_world, keys_required=True) as browser:
        page = browser.get("/sign-in", params={"next": next}).text
        answer = browser.sign_in(token_of(fresh_world, "anna"), next=next)

    assert 'name="next" value="/"' in page
    assert answer.headers["location"] == "/"


def test_a_wrong_key_opens_nothing_and_is_not_repeated(fresh_world: World) -> None:
    """The page says so without the key, and sets no cookie; a key that may not read is told apart."""
    ingest = token_of(fresh_world, "feed", Rights(frozenset({Scope.INGEST}), frozenset({"cw_rmm"})))
    with browsing(fresh_world, keys_required=True) as browser:
        wrong, useless = browser.sign_in("sbx_nobody-has-this", next="/search?q=a"), browser.sign_in(ingest)

    assert wrong.status_code == 401
    assert "That key is not known here" in words(wrong.text)
    assert 'value="/search?q=a"' in wrong.text
    assert "nobody-has-this" not in wrong.text
    assert useless.status_code == 403
    assert "may not read" in words(useless.text)
    assert "set-cookie" not in {*wrong.headers, *useless.headers}


def test_wrong_keys_are_limited_together_with_those_of_the_api(fresh_world: World) -> None:
    """Whoever tries keys has one allowance; after it not even a right one is checked."""
    settings = Settings(server=ServerSettings(failed_keys_per_minute=4))
    token = token_of(fresh_world, "anna")
    with browsing(fresh_world, keys_required=True, settings=settings) as browser:
        tried = [browser.sign_in(f"sbx_{number}").status_code for number in range(2)]
        tried += [
            browser.get("/v1/devices", headers={"Authorization": f"Bearer sbx_{number}"}).status_code
            for number in range(2)
        ]
        refused = browser.sign_in(token)

    assert tried == [401] * 4
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


def test_each_sign_in_has_a_new_id_and_ends_the_session_before(fresh_world: World) -> None:
    """An id that somebody planted in the browser is worth nothing afterwards."""
    token = token_of(fresh_world, "anna")
    with browsing(fresh_world, keys_required=True) as browser:
        browser.cookies.set("samebox", "planted")
        first = browser.sign_in(token).cookies["samebox"]
        second = browser.sign_in(token).cookies["samebox"]
        browser.cookies.clear()
        old = browser.get("/", headers={"Cookie": f"samebox={first}"}).status_code
        new = browser.get("/", headers={"Cookie": f"samebox={second}"}).status_code

    assert len({"planted", first, second}) == 3
    assert (old, new) == (303, 200)


def test_signing_out_ends_the_session_here_and_in_the_browser(fresh_world: World) -> None:
    """A copy of the cookie opens nothing any more, and the page says that it is done."""
    with browsing(fresh_world, keys_required=True) as browser:
        browser.sign_in(token_of(fresh_world, "anna"))
        session_id = browser.cookies["samebox"]
        answer = browser.post("/sign-out", data={"form_token": form_token_of(browser.page("/"))}, headers=OURS)
        kept = "samebox" in browser.cookies
        said = browser.page(answer.headers["location"])
        browser.cookies.clear()
        again = browser.get("/", headers={"Cookie": f"samebox={session_id}"})

    assert answer.status_code == 303
    assert not kept
    assert "You are signed out." in words(said)
    assert again.status_code == 303


@pytest.mark.parametrize(
    ("trusted", "headers", "is_secure"),
    [
        ("127.0.0.1", {"X-Forwarded-Proto": "https", "Host": "samebox.example"}, True),
        ("127.0.0.1", {"X-Forwarded-Proto": "https", "Host": "localhost"}, True),
        ("[]", {"X-Forwarded-Proto": "https", "Host": "localhost"}, False),
        ("127.0.0.1", {"X-Forwarded-Proto": "http", "Host": "localhost"}, False),
        ("[]", {"X-Forwarded-Proto": "https", "Host": "samebox.example"}, None),
        ("127.0.0.1", {"X-Forwarded-Proto": "http", "Host": "samebox.example"}, None),
    ],
)
def test_a_session_goes_over_tls_or_stays_on_this_machine(
    tmp_path: Path, trusted: str, headers: dict[str, str], is_secure: bool | None
) -> None:
    """What a proxy says of TLS counts if it is trusted; where anybody could read the key, none is taken (None)."""
    _, token = keys.create(Sandbox(tmp_path), "anna", secrets.token_bytes)
    with served(tmp_path, TrustedProxies=trusted) as service, httpx.Client(base_url=service.address) as client:
        page = client.get("/sign-in", headers=headers, timeout=PATIENCE)
        answer = client.post("/sign-in", data={"key": token}, headers={**headers, **OURS}, timeout=PATIENCE)

    if is_secure is None:
        assert (page.status_code, answer.status_code) == (403, 403)
        assert "Sign in over HTTPS" in words(page.text)
        assert "<form" not in page.text.partition("<main")[2]
        assert "set-cookie" not in answer.headers
        return
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name.startswith("__Host-samebox=" if is_secure else "samebox=")
    assert {each.lower() for each in attributes} == {"httponly", "path=/", "samesite=lax"} | (
        {"secure"} if is_secure else set()
    )
