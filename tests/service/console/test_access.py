"""Who sees pages: people who are signed in, for as long as their session and its key last."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from matching.records import read_record
from service.access import keys
from service.access.keys import Rights
from service.access.scopes import Scope
from service.access.sessions import IDLE, LONGEST
from service.console.access import own_path
from service.devices.lookup import lookup
from service.intake.importing import import_rows
from service.store.access.visibility import Customer
from service.store.ingested.records import entry
from service.store.world import World
from tests.service.console.conftest import Browser, browsing, main_of, token_of, words
from tests.service.reports.fleets import NOW


@pytest.fixture(scope="module")
def stranger(world: World) -> Iterator[Browser]:
    """A browser before a console that asks for keys, without a session."""
    with browsing(world, keys_required=True) as browser:
        yield browser


def push_two(world: World) -> tuple[str, str]:
    """Store three devices of two customers; return the id of one of either."""
    rows = [
        {"provider": "cw_rmm", "id": "P-1", "company_id": "acme", "hostname": "acme-srv-boxes", "serial": "PX111"},
        {"provider": "cw_rmm", "id": "P-2", "company_id": "acme", "hostname": "acme-srv-boxes-2", "serial": "PX112"},
        {"provider": "cw_rmm", "id": "P-3", "company_id": "other", "hostname": "other-srv-boxes", "serial": "PX113"},
    ]
    import_rows(world, [entry(read_record(row)[0]) for row in rows])
    return lookup(world, "PX111")[0].id, lookup(world, "PX113")[0].id


@pytest.mark.parametrize(
    ("path", "next"),
    [
        ("/", ""),
        ("/search?q=VM9", "?next=/search%3Fq%3DVM9"),
        ("/devices/none", "?next=/devices/none"),
        ("/no-such-page", "?next=/no-such-page"),
        ("//evil.example/x", ""),
        ("/\\evil.example", "?next=/%255Cevil.example"),
    ],
)
def test_a_stranger_is_led_to_the_sign_in_and_learns_nothing(stranger: Browser, path: str, next: str) -> None:
    """A page that there is looks like one that there is not, and no address leads to another host."""
    answer = stranger.get(f"{stranger.base_url}{path}")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in{next}")
    assert answer.content == b""


def test_a_program_is_refused_as_before(stranger: Browser) -> None:
    """What is no page is the API's, with its problems in JSON; a session opens nothing of it."""
    answer = stranger.get("/v1/devices")

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorised")
    assert stranger.get("/no-such-page", headers={"Accept": "*/*"}).status_code == 401


def test_a_session_opens_pages_and_no_calls_of_the_api(fresh_world: World) -> None:
    """A page of another site could make a browser send its cookie along, so a cookie is no key."""
    with browsing(fresh_world, keys_required=True) as browser:
        browser.sign_in(token_of(fresh_world, "anna"))

        assert browser.get("/search?q=acme").status_code == 200
        assert browser.get("/v1/devices").status_code == 401


def test_a_revoked_key_ends_its_session_at_once(fresh_world: World) -> None:
    """The next page is the sign-in, and the browser forgets its session."""
    key_id, token = keys.create(fresh_world, "anna", secrets.token_bytes)
    with browsing(fresh_world, keys_required=True) as browser:
        browser.sign_in(token)
        assert browser.get("/").status_code == 200
        keys.revoke(fresh_world, key_id)
        answer = browser.get("/search?q=acme")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/search%3Fq%3Dacme")
    assert 'samebox=""' in answer.headers["set-cookie"]
    assert not browser.cookies


@pytest.mark.parametrize(
    ("steps", "is_over"),
    [
        ([IDLE - timedelta(seconds=1)], False),
        ([IDLE], True),
        ([timedelta(minutes=20)] * 23, False),
        ([timedelta(minutes=20)] * 24, True),
    ],
    ids=["just-in-time", "idle", "in-use", "old"],
)
def test_a_session_ends_by_idleness_and_by_age(fresh_world: World, steps: list[timedelta], is_over: bool) -> None:
    """After 30 minutes without a request, and after 8 hours with as many as one likes."""
    assert timedelta(minutes=20) * 24 == LONGEST
    passed = timedelta()
    world = replace(fresh_world, now=lambda: NOW + passed)
    with browsing(world, keys_required=True) as browser:
        browser.sign_in(token_of(world, "anna"))
        for step in steps:
            passed += step
            status = browser.get("/").status_code

    assert status == (303 if is_over else 200)


def test_a_bound_key_sees_what_the_api_shows_it(fresh_world: World) -> None:
    """The devices of its customers, by search and by address; another one's is not there."""
    rights = Rights(frozenset({Scope.READ}), customers=frozenset({Customer("cw_rmm", "acme")}))
    mine, others = push_two(fresh_world)
    with browsing(fresh_world, keys_required=True) as browser:
        browser.sign_in(token_of(fresh_world, "acme", rights))
        listed = main_of(browser.page("/search?q=srv-boxes"))
        own, other = browser.get(f"/devices/{mine}"), browser.get(f"/devices/{others}")

    assert "acme-srv-boxes" in listed
    assert "other-srv-boxes" not in listed
    assert (own.status_code, other.status_code) == (200, 404)
    assert "other-srv-boxes" not in words(other.text)


def test_without_keys_only_this_machine_sees_pages(open_console: Browser) -> None:
    """A name that was bent to this machine is refused, as by the API."""
    assert open_console.get("/").status_code == 200
    assert open_console.get("/", headers={"Host": "localhost:8000"}).status_code == 200
    refused = open_console.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 421
    assert refused.headers["content-type"].startswith("text/html")
    assert "127.0.0.1 or localhost" in main_of(refused.text)
    assert open_console.get("/sign-in").headers["location"] == "/"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/search?q=a%20b", "/search?q=a%20b"),
        ("/devices/0192f0c1", "/devices/0192f0c1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/a\r\nSet-Cookie: b=c", "/"),
        ("/" + "a" * 1000, "/"),
        ("", "/"),
    ],
)
def test_a_sign_in_leads_to_paths_of_this_host_alone(text: str, path: str) -> None:
    """Whatever a link says that somebody sends by mail."""
    assert own_path(text) == path
