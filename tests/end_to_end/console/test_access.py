"""Signing in and out, sessions that end, and forms that others made."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.end_to_end.console.browser import Visit, visiting
from tests.end_to_end.console.looking import sideways, violations
from tests.end_to_end.console.service import Key, Site, copied

Visitor = Callable[[str], Visit]


@pytest.fixture(scope="module")
def desk(browser: Chromium, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Key]]:
    """A service that asks for keys, and one that opens it; no test here changes more than sessions of its own."""
    site = copied(demo, tmp_path_factory.mktemp("desk"))
    key = site.create_key("anna", "--scope", "steward")
    with site.served() as address:
        yield address, key


def sign_in(page: Page, token: str) -> None:
    """Show a key, as a person does."""
    page.get_by_label("API key").fill(token)
    page.get_by_role("button", name="Sign in").click()


def test_a_person_signs_in_where_they_were_going_and_out_again(visitor: Visitor, desk: tuple[str, Key]) -> None:
    """A wrong key is told; the right one leads on to what was asked for; after the sign-out nothing opens."""
    home, key = desk
    visit = visitor(home)
    page = visit.go("/search?q=fno-files01")
    assert page.title() == "Sign in - Samebox"
    assert violations(visit) == []
    assert sideways(page) == {}

    sign_in(page, "sbx_wrong")
    expect(page.get_by_role("alert")).to_have_text("That key is not known here, or its time is over.")
    sign_in(page, key.token)
    expect(page.locator("h1")).to_have_text("FNO-FILES01")
    [cookie] = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], key.token in cookie["value"]) == (True, "Lax", False)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": home}])
    visit.go("/")
    assert page.title() == "Sign in - Samebox"


def test_a_revoked_key_ends_its_session_at_once(visitor: Visitor, site: Site) -> None:
    """The operator revokes it beside the running service; the next click leads to the sign-in."""
    key = site.create_key("lost-laptop")
    with site.served() as home:
        visit = visitor(home)
        page = visit.go("/")
        sign_in(page, key.token)
        expect(page.locator("h1")).to_have_text("Overview")
        site.run("keys", "revoke", key.id)
        page.get_by_role("link", name="Samebox", exact=True).click()
        expect(page).to_have_title("Sign in - Samebox")


@pytest.mark.parametrize("path", ["/sign-out", "/sign-in"])
def test_a_form_that_another_site_made_is_refused(browser: Chromium, desk: tuple[str, Key], path: str) -> None:
    """
    Another service of the same host name gets the cookie sent along, and ends no session even so.

    Nor does it begin one with a key of its own, in which a person would work for somebody else.
    """
    home, key = desk
    form = (
        f'<form action="{escape(home + path)}" method="post"><input name="key" value="{escape(key.token)}">'
        "<button>Win a laptop</button></form>"
    )
    with showing(form) as elsewhere, visiting(browser, home) as visit:
        page = visit.go("/")
        sign_in(page, key.token)
        expect(page.locator("h1")).to_have_text("Overview")
        session = page.context.cookies()
        page.goto(elsewhere)
        with page.expect_response(home + path) as sent:
            page.get_by_role("button").click()
        assert "cookie" in sent.value.request.all_headers()
        assert sent.value.status == 403
        expect(page.locator("main")).to_contain_text("That form was not sent from this console")
        assert page.context.cookies() == session
        visit.go("/")
        expect(page.locator("h1")).to_have_text("Overview")
        visit.asked = [url for url in visit.asked if not url.startswith(f"{elsewhere}/")]


@pytest.mark.parametrize(
    "token", ["", "00" * 16 + "." + "00" * 32, "of another session"], ids=["none", "made-up", "another-session"]
)
def test_a_form_without_the_token_of_its_session_is_refused(
    visitor: Visitor, desk: tuple[str, Key], token: str
) -> None:
    """Even where the browser says that one of our pages sent it."""
    home, key = desk
    page = visitor(home).go("/")
    sign_in(page, key.token)
    if token == "of another session":
        other = visitor(home).go("/")
        sign_in(other, key.token)
        token = other.locator("input[name=form_token]").first.get_attribute("value") or ""
        assert re.fullmatch(r"[0-9a-f]{32}\.[0-9a-f]{64}", token)
    page.locator("form.who input[name=form_token]").evaluate("(field, token) => { field.value = token }", token)
    page.get_by_role("button", name="Sign out").click()

    expect(page.locator("main")).to_contain_text("That form was not sent from this console")
    page.goto(home)
    expect(page.locator("h1")).to_have_text("Overview")


@contextmanager
def showing(html: str) -> Iterator[str]:
    """Serve a page from another port of this machine, and return its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = html.encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
