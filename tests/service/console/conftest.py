"""A console over loopback, what a browser sends to it, and what is read of its pages."""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx
import pytest

from service.access import keys
from service.access.keys import Rights
from service.access.scopes import Scope
from service.app import create_app
from service.core.settings import Settings
from service.store.world import World
from tests.end_to_end.commands import PATIENCE
from tests.service.api.conftest import seeded_world, serving

STEWARD = Rights(frozenset({Scope.STEWARD}))
PAGE = {"Accept": "text/html,application/xhtml+xml"}
OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form that one of our pages sends."""


class Browser(httpx.Client):
    """A client that asks for pages, follows no redirect and keeps cookies."""

    def sign_in(self, token: str, **fields: str) -> httpx.Response:
        """Send the form of the page on which a key is shown."""
        return self.post("/sign-in", data={"key": token, **fields}, headers=OURS)

    def page(self, path: str) -> str:
        """Return a page, which has to be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (answer.status_code, words(answer.text))
        return answer.text


@contextmanager
def browsing(world: World, *, keys_required: bool, settings: Settings | None = None) -> Iterator[Browser]:
    """Serve the console over a world, and return a browser before it."""
    app = create_app(world, settings or Settings(), keys_required=keys_required)
    with serving(app) as address, Browser(base_url=address, headers=PAGE, timeout=60) as browser:
        yield browser


def followed(browser: Browser, begun: httpx.Response) -> str:
    """Return where the browser is led when what a form began has ended well, asking again as the page does."""
    assert begun.status_code == 303, (begun.status_code, words(begun.text))
    path = begun.headers["location"]
    assert path.startswith("/recalibrations/")
    deadline = time.monotonic() + PATIENCE
    while (answer := browser.get(path)).status_code == 200:
        assert 'http-equiv="refresh"' in answer.text, words(answer.text)
        assert time.monotonic() < deadline, "it does not end"
        time.sleep(0.01)
    return str(answer.headers["location"])


def token_of(world: World, name: str, rights: Rights = STEWARD) -> str:
    """Make a key and return its token."""
    return keys.create(world, name, secrets.token_bytes, rights)[1]


def words(html: str) -> str:
    """Return the text of a page, with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2])).split())


def main_of(html: str) -> str:
    """Return the text of what a page is about."""
    return words("<body>" + html.partition("<main")[2].partition(">")[2])


def form_token_of(html: str) -> str:
    """Return the token of the first form of a page that has one."""
    return str(re.findall(r'name="form_token" value="([^"]+)"', html)[0])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world with devices in it."""
    return seeded_world(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def open_console(world: World) -> Iterator[Browser]:
    """A browser at the machine of a console without keys."""
    with browsing(world, keys_required=False) as browser:
        yield browser


@pytest.fixture
def fresh_world(tmp_path: Path) -> World:
    """Return a world of one test with devices in it."""
    return seeded_world(tmp_path)
