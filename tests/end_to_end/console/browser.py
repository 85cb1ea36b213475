"""
A real Chromium, and visits with it that are watched.

Debian's Chromium is taken, or one of the same kind. Where there is none, the tests that need it are skipped with the
reason, but in CI they fail.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Locator, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

ARGUMENTS = [
    "--no-sandbox",  # CI runs as root
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--font-render-hinting=none",
]

WIDE, NARROW = 1400, 360
"""Pixels of a desk's screen and of a phone's."""

HEIGHT = 900

WAIT = 60_000
"""Milliseconds for which a page is awaited that people put something in force for: far more than the demo needs."""

REFUSALS = "Failed to load resource: the server responded with a status of"
"""What Chromium notes of an answer that is a refusal, which a test may ask for."""

Scheme = Literal["light", "dark"]


def executable() -> str:
    """Return the path of a Chromium; skips the test where there is none, and fails it in CI."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    missing = f"no Chromium here: none of {', '.join(NAMES)} is in the PATH (apt install chromium)"
    if "CI" in os.environ:
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Run a Chromium; until it ends, nothing else of this thread may run an event loop."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def follow(link: Locator) -> None:
    """Click on a link or a button and wait until the page to which it leads is whole, with its script."""
    with link.page.expect_navigation():
        link.click()


class Visit:
    """
    A person with a browser of their own, who is watched: what is asked for, and what goes wrong.

    `page` is the tab; `home` the address of the service; `asked` every address that was asked for; `wrong` what should
    never be: errors of scripts, violations of the Content-Security-Policy, dialogs.
    """

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.context.on("request", lambda request: self.asked.append(request.url))
        page.context.on("weberror", lambda error: self.wrong.append(f"error: {error.error}"))
        page.context.on("console", self._note)
        page.context.on("dialog", self._refuse)

    def go(self, path: str) -> Page:
        """Open a page of the service."""
        self.page.goto(self.home + path)
        return self.page

    def search(self, text: str) -> Page:
        """Type a text into the box of the page that is open, and press Enter."""
        self.page.get_by_role("combobox", name="Search for any identifier").fill(text)
        self.page.get_by_role("combobox", name="Search for any identifier").press("Enter")
        self.page.wait_for_load_state()
        return self.page

    @property
    def elsewhere(self) -> list[str]:
        """What was asked for that is not of the service."""
        return [url for url in self.asked if not url.startswith((f"{self.home}/", "data:"))]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSALS):
            self.wrong.append(f"{message.type}: {message.text}")

    def _refuse(self, dialog: Any) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def visiting(browser: Chromium, home: str, *, width: int = WIDE, scheme: Scheme = "light") -> Iterator[Visit]:
    """Let a person visit a service with cookies of their own; fails if a request left it, or anything went wrong."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)
    try:
        visit = Visit(context.new_page(), home)
        yield visit
        assert visit.elsewhere == []
        assert visit.wrong == [], visit.wrong
    finally:
        context.close()
