"""Forms of other sites, of other sessions, and what is no form."""

import secrets

import pytest

from service.console.forms import form_token, is_token_of
from service.store.world import World
from tests.service.console.conftest import OURS, Browser, browsing, form_token_of, token_of, words


def test_a_token_is_of_one_session() -> None:
    """Each form has another text, and whatever is changed in it makes it worthless."""
    one, other = (form_token("session", secrets.token_bytes(16)) for _ in range(2))

    assert one != other
    assert is_token_of("session", one)
    assert is_token_of("session", other)
    assert not is_token_of("another", one)
    assert not is_token_of("session", f"{one[:-1]}{'0' if one[-1] != '0' else '1'}")
    assert not is_token_of("session", f"{other.partition('.')[0]}.{one.partition('.')[2]}")
    assert not is_token_of("session", "")
    assert not is_token_of("session", "ü.ü")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{here}"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_refused(fresh_world: World, headers: dict[str, str]) -> None:
    """Also with a right token, and also the one that signs in: nobody is signed in as somebody else by a link."""
    token = token_of(fresh_world, "anna")
    with browsing(fresh_world, keys_required=True) as browser:
        here = str(browser.base_url).rstrip("/")
        sent = {name: value.format(here=here) for name, value in headers.items()}
        sign_in = browser.post("/sign-in", data={"key": token}, headers=sent)
        browser.sign_in(token)
        fields = {"form_token": form_token_of(browser.page("/"))}
        sign_out = browser.post("/sign-out", data=fields, headers=sent)

        assert (sign_in.status_code, sign_out.status_code) == (403, 403)
        assert "was not sent from this console" in words(sign_out.text)
        assert browser.get("/").status_code == 200


@pytest.mark.parametrize("how", ["sec-fetch-site", "by-the-user", "origin"])
def test_our_own_form_is_taken(fresh_world: World, how: str) -> None:
    """A browser that is too old to say where a form is from names its origin."""
    with browsing(fresh_world, keys_required=True) as browser:
        here = str(browser.base_url).rstrip("/")
        sent = {
            "sec-fetch-site": OURS,
            "by-the-user": {"Sec-Fetch-Site": "none"},
            "origin": {"Origin": here},
        }[how]
        browser.sign_in(token_of(fresh_world, "anna"))
        fields = {"form_token": form_token_of(browser.page("/"))}

        assert browser.post("/sign-out", data=fields, headers=sent).headers["location"] == "/sign-in?said=signed-out"


@pytest.mark.parametrize("token", ["", "made.up", "of-another-session"])
def test_a_form_without_the_token_of_its_session_is_refused(fresh_world: World, token: str) -> None:
    """Even if it comes from here."""
    key = token_of(fresh_world, "anna")
    with browsing(fresh_world, keys_required=True) as browser:
        browser.sign_in(key)
        other = form_token_of(browser.page("/"))
        browser.cookies.clear()
        browser.sign_in(key)
        fields = {"form_token": other if token == "of-another-session" else token}

        assert browser.post("/sign-out", data=fields, headers=OURS).status_code == 403
        assert browser.get("/").status_code == 200


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"&".join(b"a=1" for _ in range(300))], ids=["not-utf-8", "many"])
def test_what_is_no_form_is_refused(open_console: Browser, body: bytes) -> None:
    """Neither text that cannot be read nor more fields than any of our forms has."""
    headers = {**OURS, "Content-Type": "application/x-www-form-urlencoded"}

    assert open_console.post("/sign-out", content=body, headers=headers).status_code == 400


def test_a_form_that_is_too_large_is_refused(open_console: Browser) -> None:
    """No form of ours is that large."""
    assert open_console.post("/sign-out", data={"a": "b" * 300_000}, headers=OURS).status_code == 413
