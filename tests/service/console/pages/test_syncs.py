"""The pages of syncs: begun, followed, held, let through; and who may do that."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest

from service.access.keys import Rights
from service.access.scopes import Scope
from service.app import create_app
from service.core.settings import Providers, Settings, SyncSettings
from service.store.access.visibility import Customer
from service.store.world import World
from tests.end_to_end.commands import PATIENCE
from tests.service.api.conftest import serving
from tests.service.console.conftest import OURS, PAGE, Browser, form_token_of, main_of, token_of, words
from tests.service.ingest.virtual import cw_settings
from tests.service.psa import Psa, running_psa
from tests.service.reports.fleets import NOW, empty_world


@pytest.fixture(scope="module")
def server() -> Iterator[Psa]:
    """One server for all tests."""
    with running_psa() as psa:
        yield psa


@pytest.fixture
def psa(server: Psa) -> Psa:
    """The server with 25 rows: three pages."""
    server.fill(25)
    return server


@contextmanager
def syncing(world: World, psa: Psa, *, keys_required: bool = False) -> Iterator[Browser]:
    """Serve a console that may sync from the server, and return a browser before it."""
    settings = Settings(
        providers=Providers(connect_wise_manage=cw_settings(base_url=psa.base_url, page_size=10, max_attempts=1)),
        sync=SyncSettings(full_every_hours=0),
    )
    app = create_app(world, settings, keys_required=keys_required)
    try:
        with serving(app) as address, Browser(base_url=address, headers=PAGE, timeout=60) as browser:
            yield browser
    finally:
        app.state.context.syncs.stop(PATIENCE)


def begin(browser: Browser, **fields: str) -> httpx.Response:
    """Send the form that begins a sync."""
    return browser.post("/syncs", data={"form_token": form_token_of(browser.page("/syncs")), **fields}, headers=OURS)


def ended(browser: Browser, answer: httpx.Response) -> str:
    """Follow the sync that an answer leads to, until it has ended; return its page."""
    assert answer.status_code == 303, words(answer.text)
    path = answer.headers["location"]
    end = time.monotonic() + PATIENCE
    while "http-equiv" in (html := browser.page(path)):
        assert time.monotonic() < end
        time.sleep(0.02)
    return html


def test_a_sync_is_begun_and_followed(tmp_path: Path, psa: Psa) -> None:
    """Its page is read again until it has ended, and says what it changed; the list has it, with the health."""
    with syncing(empty_world(tmp_path), psa) as browser:
        html = ended(browser, begin(browser, provider="cw_manage", mode="full"))
        listed = main_of(browser.page("/syncs"))

    assert "new 25 records that came for the first time" in main_of(html)
    assert "created from cw_manage:" in main_of(html)
    assert 'href="/devices/' in html
    assert "cw_manage PSA current" in listed
    assert "25 read, 25 new" in listed


def test_all_that_are_configured_are_synced_at_once(tmp_path: Path, psa: Psa) -> None:
    """A provider that was never synced is offered as well."""
    with syncing(empty_world(tmp_path), psa) as browser:
        offered = main_of(browser.page("/syncs"))
        html = ended(browser, begin(browser))
        unknown = begin(browser, provider="ninjaone")

    assert "cw_manage never synced" in offered
    assert "succeeded" in html
    assert unknown.status_code == 422
    assert "is not configured" in words(unknown.text)


def test_a_held_sync_shows_what_would_go_and_is_let_through(tmp_path: Path, psa: Psa) -> None:
    """Only what is confirmed removes anything; afterwards nothing waits, and it cannot be let through again."""
    seconds = count()
    world = replace(empty_world(tmp_path), now=lambda: NOW + timedelta(seconds=next(seconds)))
    with syncing(world, psa) as browser:
        ended(browser, begin(browser, mode="full"))
        psa.delete(*range(1, 11))
        html = ended(browser, begin(browser, mode="full"))
        health = browser.page("/syncs")
        [path] = {part.partition('"')[0] for part in html.split('action="')[1:] if "let-through" in part[:100]}
        fields = {"form_token": form_token_of(html)}
        unconfirmed = browser.post(path, data=fields, headers=OURS)
        after = ended(browser, browser.post(path, data={**fields, "confirmed": "on"}, headers=OURS))
        again = browser.post(path, data={**fields, "confirmed": "on"}, headers=OURS)

    assert "What waits: 10 of 25 records did not come" in main_of(html)
    assert main_of(html).count("cw_manage:") >= 10
    assert html.index("let-through") < html.index("Records that would go")  # of which there may be a hundred
    assert "cw_manage PSA held what is held" in main_of(health)
    assert f'href="{path.removesuffix("/let-through")}"' in health
    assert (unconfirmed.status_code, again.status_code) == (400, 404)
    assert "gone 10 records removed" in main_of(after)


def test_who_may_not_sync_is_not_offered_it_and_is_refused(tmp_path: Path, psa: Psa) -> None:
    """A steward reads; an admin begins; a form that is forged begins nothing; a bound key sees no run."""
    world = empty_world(tmp_path)
    rights = {
        "steward": Rights(frozenset({Scope.STEWARD})),
        "admin": Rights(frozenset({Scope.ADMIN})),
        "bound": Rights(frozenset({Scope.READ}), customers=frozenset({Customer("cw_rmm", "1")})),
    }
    with syncing(world, psa, keys_required=True) as browser:
        browser.sign_in(token_of(world, "steward", rights["steward"]))
        shown = browser.page("/syncs")
        token = {"form_token": form_token_of(shown)}
        refused = browser.post("/syncs", data=token, headers=OURS)
        browser.sign_in(token_of(world, "admin", rights["admin"]))
        forged = [
            browser.post("/syncs", data={"form_token": "x"}, headers=OURS),
            browser.post(
                "/syncs",
                data={"form_token": form_token_of(browser.page("/syncs"))},
                headers={"Sec-Fetch-Site": "cross-site"},
            ),
            browser.post("/syncs/1/let-through", data={"form_token": "x", "confirmed": "on"}, headers=OURS),
            browser.post("/calibration", data={"form_token": "x", "answer": "accept"}, headers=OURS),
        ]
        nothing = main_of(browser.page("/syncs"))
        run = ended(browser, begin(browser))
        browser.sign_in(token_of(world, "bound", rights["bound"]))
        bound = [browser.get(path) for path in ("/syncs", "/quarantine", "/calibration")]
        home = browser.page("/")

    assert "Sync all" not in shown
    assert "Sync all" in nothing
    assert refused.status_code == 403
    assert "scope admin" in words(refused.text)
    assert [answer.status_code for answer in forged] == [403] * 4
    assert "Runs Provider all import (files) Filter None." in nothing
    assert "Begun by admin" in main_of(run)
    assert [answer.status_code for answer in bound] == [403] * 3
    assert 'href="/syncs"' not in home


def test_the_runs_are_paged_and_narrowed_to_a_provider(fresh_world: World, psa: Psa) -> None:
    """Also to files; what is no provider is said."""
    with syncing(fresh_world, psa) as browser:
        ended(browser, begin(browser))
        files, synced = (main_of(browser.page(f"/syncs?provider={name}")) for name in ("import", "cw_manage"))
        unknown = browser.get("/syncs?provider=cw_managee")
        nowhere = browser.get("/syncs?cursor=nonsense")

    assert "Runs of import" in files
    assert " cw_manage full" not in files
    assert " cw_manage full" in synced
    assert (unknown.status_code, nowhere.status_code) == (400, 400)
    assert "did you mean" in words(unknown.text)
