"""The first page."""

import re
from pathlib import Path
from typing import Any

from service.access.keys import Rights
from service.access.scopes import Scope
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.console.conftest import Browser, browsing, main_of, token_of
from tests.service.reports.fleets import empty_world, world_of

BOX: dict[str, Any] = {"serial": "5CG1234ABC"}
ACME = {**BOX, "provider": "p", "id": "1", "name": "ACME-1", "company": "Acme", "hostname": "acme-1"}
BETA = {**BOX, "provider": "p", "id": "2", "name": "<i>BETA-2", "company": "Beta", "hostname": "beta-2"}


def test_it_counts_what_there_is_and_leads_to_what_waits(tmp_path: Path) -> None:
    """Records and devices, the open review with both devices, and each provider; hostile names are text."""
    with browsing(world_of(tmp_path, ACME, BETA), keys_required=False) as browser:
        html = browser.page("/")
        links = re.findall(r'class="name" href="(/devices/[^"]+)"', html)
        pages = [browser.get(link).status_code for link in links]
    said = main_of(html)

    assert "records 2 devices 2" in said
    assert "open reviews 1" in said
    assert len(links) == 2
    assert pages == [200, 200]
    assert "Acme, Beta" in said or "Beta, Acme" in said
    assert "&lt;i&gt;BETA-2" in html
    assert re.search(r"\bp agent 2 0 never current", said)
    assert 'href="/syncs?provider=p"' in html
    assert '<img src="/reports/coverage.svg"' in html
    assert 'href="/reviews?reason=' in html


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    """With the commands that bring records."""
    with browsing(empty_world(tmp_path), keys_required=False) as browser:
        said = main_of(browser.page("/"))

    assert "Nothing is stored yet. samebox sync" in said
    assert "no question is left to a person" in said
    assert "No provider has listed anything yet." in said


def test_a_bound_key_sees_its_own_devices_alone(fresh_world: World) -> None:
    """No count of all customers, no provider."""
    rights = Rights(frozenset({Scope.READ}), customers=frozenset({Customer("cw_rmm", "none")}))
    with browsing(fresh_world, keys_required=True) as browser:
        browser.sign_in(token_of(fresh_world, "bound", rights))
        said = main_of(browser.page("/"))

    assert "devices of your customers 0" in said
    assert "Providers" not in said
    assert "cw_manage" not in said


def test_it_is_the_page_of_the_open_console(open_console: Browser) -> None:
    """Without a key, at this machine."""
    assert "Overview" in main_of(open_console.page("/"))
