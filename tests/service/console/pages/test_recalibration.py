"""The page on which people follow what they put in force."""

from pathlib import Path
from threading import Event

from service.stewardship.recalibrating import BackgroundRecalibrations, Recalibrating
from service.store.resolved.recalibrations import RecalibrationKind
from service.store.world import World
from tests.end_to_end.commands import PATIENCE
from tests.service.console.conftest import Browser, browsing, main_of
from tests.service.sandbox import Sandbox
from tests.service.stewardship.test_recalibrating import ended


def test_it_is_read_again_while_it_is_under_way_and_leads_back_afterwards(tmp_path: Path) -> None:
    """Also without script; whoever does not follow it stays, and finds it in the list of the policy."""
    world = Sandbox(tmp_path)
    reached, go = Event(), Event()

    def wait(_: World, __: object) -> int:
        reached.set()
        assert go.wait(PATIENCE)
        return 3

    wanted = Recalibrating(RecalibrationKind.CORRECTION, "<b>one</b> customer", "anna", None, wait)
    with browsing(world, keys_required=False) as browser:
        run = BackgroundRecalibrations(world).begin(world, wanted)
        try:
            assert reached.wait(PATIENCE)
            path = f"/recalibrations/{run}?follow=true&back=customers"
            followed, still = browser.page(path), browser.page(f"/recalibrations/{run}")
        finally:
            go.set()
        ended(world, run)
        led = browser.get(path)
        astray = browser.get(f"/recalibrations/{run}?follow=true&back=//evil.example")
        after, listed = main_of(browser.page(f"/recalibrations/{run}")), browser.page("/policy")

    assert 'http-equiv="refresh"' in followed
    assert 'http-equiv="refresh"' not in still
    assert "under way" in main_of(still)
    assert "&lt;b&gt;one&lt;/b&gt; customer" in still
    assert (led.status_code, led.headers["location"]) == (303, "/customers?said=corrected&changed=3")
    assert astray.headers["location"].startswith("/policy?")  # it leads to pages of ours alone
    assert "3 devices have other records since" in after
    assert f"/recalibrations/{run}" in listed


def test_what_is_not_there_is_said(open_console: Browser) -> None:
    """With a page like any other."""
    answer = open_console.get("/recalibrations/x")
    assert answer.status_code == 404
    assert "Nothing that was put in force has the id" in main_of(answer.text)
