"""The page of the rows that were no records."""

import re
from pathlib import Path

from service.store.ingested import quarantine
from service.store.ingested.quarantine import Unread
from tests.service.console.conftest import browsing, main_of, words
from tests.service.reports.fleets import NOW, empty_world

HOSTILE = "<img src=x onerror=alert(1)>\u202e"


def test_rows_are_shown_as_text_page_by_page(tmp_path: Path) -> None:
    """With reason, provider and time; what would be obeyed by a browser or a terminal is shown."""
    world = empty_world(tmp_path)
    with world.store.writing() as connection:
        quarantine.replace(connection, "cw_rmm", [Unread("cw_rmm", "7", "no id", {"name": HOSTILE})], NOW)
        rows = [Unread("ninjaone", f"{number}", "not an object", number) for number in range(120)]
        quarantine.replace(connection, "ninjaone", rows, NOW)
    with browsing(world, keys_required=False) as browser:
        html = browser.page("/quarantine?provider=cw_rmm")
        first = browser.page("/quarantine")
        [following] = re.findall(r'rel="next" href="([^"]+)"', first)
        second = browser.page(following.replace("&amp;", "&"))
        unknown = browser.get("/quarantine?provider=cw_rm")

    assert "7 cw_rmm no id 2026-11-23 12:00 UTC" in main_of(html).replace("  ", " ")
    assert "<img" not in html
    assert "\\u202e" in html
    assert "ninjaone" not in main_of(html).partition("Filter")[2]
    assert first.count("<tr>") + second.count("<tr>") == 121 + 2
    assert unknown.status_code == 400
    assert "cw_rmm" in words(unknown.text)


def test_an_empty_quarantine_says_so(tmp_path: Path) -> None:
    """Without a table."""
    with browsing(empty_world(tmp_path), keys_required=False) as browser:
        assert "None: every row is a record." in main_of(browser.page("/quarantine"))
