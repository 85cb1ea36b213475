"""What the console answers when something goes wrong: pages, with the status that the API would give."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import Request

from service.app import create_app
from service.console.app import DEFECT
from service.core.server_settings import ServerSettings
from service.core.settings import Settings
from service.store.world import World
from tests.service.api.conftest import seeded_world, serving
from tests.service.console.conftest import OURS, PAGE, Browser, browsing, main_of, token_of
from tests.service.stores import made_on


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/no-such-page", 404, "There is no such page."),
        ("/devices/none", 404, "No device 'none'."),
        ("/search?q=" + "a" * 501, 422, "The address of the page holds a value that cannot be used: q."),
    ],
)
def test_an_error_is_a_page_in_a_sentence(open_console: Browser, path: str, status: int, said: str) -> None:
    """With the search box and a way on, and without what was sent."""
    answer = open_console.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert said in main_of(answer.text)
    assert 'role="search"' in answer.text
    assert "aaaa" not in main_of(answer.text)


def test_a_wrong_method_is_an_error_too(open_console: Browser) -> None:
    """A page is not written to."""
    assert open_console.post("/search", headers=OURS).status_code == 405


def test_a_busy_database_is_said_without_its_name(tmp_path: Path) -> None:
    """A sign-in has to write: while another writer does not end it is refused, and may be tried again."""
    with made_on("sqlite"):
        world = seeded_world(tmp_path)
    settings = Settings(server=ServerSettings(wait_seconds=0.2))
    token = token_of(world, "anna")
    file = world.store.file
    assert file
    with browsing(world, keys_required=True, settings=settings) as browser, closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = browser.sign_in(token)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Another writer is at work" in main_of(answer.text)
    assert file.name not in answer.text


def test_a_key_may_ask_so_many_pages_a_minute_together_with_its_calls(fresh_world: World) -> None:
    """One allowance, whichever way they come."""
    token = token_of(fresh_world, "anna")
    settings = Settings(server=ServerSettings(requests_per_minute=3))
    with browsing(fresh_world, keys_required=True, settings=settings) as browser:
        browser.sign_in(token)
        call = browser.get("/v1/devices", headers={"Authorization": f"Bearer {token}"})
        *pages, refused = [browser.get("/") for _ in range(3)]

    assert call.status_code == 200
    assert [each.status_code for each in (*pages, refused)] == [200, 200, 429]
    assert "this key may make 3 requests in 60 seconds" in main_of(refused.text).lower()
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["ratelimit"].startswith('"key";r=0')


def test_a_defect_is_a_page_that_tells_nothing(fresh_world: World) -> None:
    """A page that fails in a way nobody thought of: the headers are those of every page."""
    app = create_app(fresh_world, Settings(), keys_required=False)
    [door] = [each for each in app.user_middleware if "console" in each.kwargs]

    def fail(request: Request) -> None:
        raise ZeroDivisionError("a secret")

    door.kwargs["console"].add_api_route("/search/defect", fail)  # type: ignore[attr-defined]
    with serving(app) as address, Browser(base_url=address, headers=PAGE) as browser:
        answer = browser.get("/search/defect")

    assert answer.status_code == 500
    assert DEFECT in main_of(answer.text)
    assert "secret" not in answer.text
    assert "form-action 'self'" in answer.headers["content-security-policy"]
