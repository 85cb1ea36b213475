"""What pages are made with."""

import re

from service.store.world import World
from tests.service.console.conftest import Browser, browsing


def test_the_style_is_kept_by_the_address_that_pages_name(fresh_world: World) -> None:
    """Also by a stranger, who sees the page to sign in; any other version is not kept."""
    with browsing(fresh_world, keys_required=True) as browser:
        [address] = re.findall(r'rel="stylesheet" href="([^"]+)"', browser.page("/sign-in"))
        kept, other = browser.get(address), browser.get("/static/console.css?v=old")

    assert kept.headers["content-type"] == "text/css; charset=utf-8"
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert other.headers["cache-control"] == "no-store"
    assert kept.text == other.text


def test_there_is_nothing_else(open_console: Browser) -> None:
    """No path leads into the folder of the program."""
    assert open_console.get("/static/../rendering.py").status_code == 404
    assert open_console.get("/static/%2e%2e/rendering.py").status_code == 404
