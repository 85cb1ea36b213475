"""Which requests are the console's, and what all its answers say to a browser."""

import re

import pytest

from tests.service.console.conftest import Browser

ANYTHING = {"Accept": "*/*"}
TOO_LONG = "/search?q=" + "a" * 501


@pytest.mark.parametrize(
    ("path", "headers", "is_page"),
    [
        ("/", ANYTHING, True),
        ("/search?q=a", ANYTHING, True),
        ("/devices/none", ANYTHING, True),
        ("/static/none", ANYTHING, True),
        ("/no-such-page", {}, True),
        ("/no-such-page", ANYTHING, False),
        ("/livez", {}, False),
        ("/docs", {}, False),
        ("/openapi.json", {}, False),
        ("/v1/no-such-call", {}, False),
        ("/devicesx", ANYTHING, False),
    ],
)
def test_pages_are_told_from_calls(open_console: Browser, path: str, headers: dict[str, str], is_page: bool) -> None:
    """By the path; what is neither is a page for browsers, and a problem for programs."""
    answer = open_console.get(path, headers=headers)

    assert ("form-action 'self'" in answer.headers["content-security-policy"]) is is_page
    if answer.status_code == 404:
        assert answer.headers["content-type"].startswith("text/html" if is_page else "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/", "/search?q=acme", "/devices/none", "/static/console.css", "/search?q=" + "a" * 501]
)
def test_every_answer_forbids_what_no_page_needs(open_console: Browser, path: str) -> None:
    """No script, style or form of others, no frame around it; errors are no exception, and each header comes once."""
    answer = open_console.get(path)
    headers = [name for name, _ in answer.headers.multi_items()]

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert len(headers) == len(set(headers))


@pytest.mark.parametrize("path", ["/", "/search?q=acme", "/search?q=VM9", "/devices/none"])
def test_a_page_needs_nothing_from_elsewhere_and_nothing_inline(open_console: Browser, path: str) -> None:
    """The policy would keep a browser from it anyway: the page would be broken."""
    html = open_console.get(path, follow_redirects=True).text

    addresses = re.findall(r'(?:href|src|action|srcset|poster)="([^"]*)"', html)
    assert "/static/console.css" in html
    assert [each for each in addresses if not re.match(r"/(?!/)|#|data:,$", each)] == []
    inline = r"""<style|<script(?! src="/static/\w+\.js\?v=\w+" defer></script>)|\sstyle=|\son\w+="""
    assert not re.search(inline, html)
    assert re.search(r"<title>[^<]+ - Samebox</title>", html)


def test_head_is_answered_as_get(open_console: Browser) -> None:
    """As everywhere in the service."""
    answer = open_console.head("/search?q=acme")

    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
