"""The page of a device."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from matching.model import Decision, Key, Verdict
from service.devices.lookup import lookup
from service.stewardship.deciding import decide
from service.store.world import World
from tests.service.console.conftest import Browser, browsing, main_of, words
from tests.service.reports.fleets import world_of

HOSTILE = "<script>alert(1)</script>\u202e"
BOXES: list[dict[str, Any]] = [
    {
        "provider": "cw_manage",
        "id": "4711",
        "name": "NB-1",
        "hostname": "nb-1",
        "company": HOSTILE,
        "serial": "5CG1234ABC",
        "macs": ["3C5282AABB09"],
    },
    {
        "provider": "cw_rmm",
        "id": "A-17",
        "hostname": "nb-1",
        "serial": "5cg 1234 abc",
        "last_seen": "2026-11-20T08:00:00Z",
        "os_info": "Windows 11",
        "macs": ["00:00:00:00:00:00"],
    },
    {"provider": "cw_rmm", "id": "B-1", "hostname": "nb-2", "serial": "5CG9999ABC", "company": "Beta"},
]


@pytest.fixture
def boxes(tmp_path: Path) -> World:
    """Return a world of two devices, of which the first has two records."""
    return world_of(tmp_path, *BOXES)


@pytest.fixture
def browser(boxes: World) -> Iterator[Browser]:
    """A browser before the console of that world."""
    with browsing(boxes, keys_required=False) as browser:
        yield browser


def path_of(world: World, serial: str) -> str:
    """Return the path of the page of the device that has a serial."""
    [device] = lookup(world, serial)
    return f"/devices/{device.id}"


def test_the_golden_record_says_where_each_value_is_from(boxes: World, browser: Browser) -> None:
    """Field, value, source, as of, rule and the values that lost."""
    said = main_of(browser.page(path_of(boxes, "5CG1234ABC")))

    golden = said.partition("Golden record")[2].partition("Records side by side")[0]
    assert "Field Value Source As of Rule Other values" in golden
    assert "OS Windows 11 cw_rmm:A-17 2026-11-20 08:00 UTC" in golden
    assert "Serial 5CG1234ABC" in golden
    assert "ConnectWise id 4711 cw_manage:4711" in golden


def test_records_stand_side_by_side_with_their_differences_marked(boxes: World, browser: Browser) -> None:
    """By a mark and not by colour alone; the same serial in two notations is no difference."""
    html = browser.page(path_of(boxes, "5CG1234ABC"))
    side = html.partition('<table class="side">')[2].partition("</table>")[0]
    rows = {row.partition('scope="row">')[2].partition("<")[0].strip(): row for row in side.split("<tr ")[1:]}

    assert 'class="equal"' in rows["Serial"]
    assert 'class="different"' in rows["MACs"]
    assert "(they differ)" in rows["MACs"]
    assert "(they differ)" not in rows["Serial"]
    assert 'class="alone"' in rows["OS details"]
    assert "4711" in side
    assert "A-17" in side


def test_a_value_that_is_no_evidence_has_its_reason(boxes: World, browser: Browser) -> None:
    """Whoever wonders why two records are apart finds it here."""
    said = main_of(browser.page(path_of(boxes, "5CG1234ABC")))

    assert "Values that are no evidence" in said
    assert "00:00:00:00:00:00 MAC cw_rmm:A-17" in said


def test_hostile_text_is_text(boxes: World, browser: Browser) -> None:
    """Of every field, wherever it stands on the page."""
    html = browser.page(path_of(boxes, "5CG1234ABC"))

    assert "<script>" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e" in html


def test_what_people_decided_and_what_happened_is_told(boxes: World, browser: Browser) -> None:
    """The latest change first; the device that went into another one leads there."""
    before, other = path_of(boxes, "5CG1234ABC"), path_of(boxes, "5CG9999ABC")
    left, right = Key("cw_manage", "4711"), Key("cw_rmm", "B-1")
    decide(boxes, Decision(Verdict.SAME, left, right, "anna", "one sticker on both"))
    after = path_of(boxes, "5CG9999ABC")

    [retired] = {before, other} - {after}
    moved = browser.get(retired)
    said = main_of(browser.page(moved.headers["location"]))

    assert (moved.status_code, moved.headers["location"]) == (303, f"{after}?said=moved")
    assert "That id is retired." in said
    decided = said.partition("Decisions")[2].partition("History")[0]
    assert "cw_manage:4711 and cw_rmm:B-1 same box anna" in decided
    assert "one sticker on both" in decided
    history = said.partition("History")[2]
    assert history.index("merged") < history.index("created")
    assert "by a decision of anna: same box (one sticker on both)" in history.replace("By a", "by a")


def test_a_large_picture_has_its_whole_size(tmp_path: Path) -> None:
    """A browser reads no thousands separators in the places of a picture."""
    macs = [f"3C5282AA{number:04X}" for number in range(40)]
    rows = [{"provider": provider, "id": "1", "hostname": "nb-1", "macs": macs} for provider in ("one", "two")]
    with browsing(world_of(tmp_path, *rows), keys_required=False) as browser:
        html = browser.page(browser.get("/search?q=nb-1").headers["location"])

    picture = html.partition('<svg class="evidence" role="img"')[2].partition("</svg>")[0]
    assert float(re.findall(r' height="([^"]+)"', picture)[0]) > 1000
    assert not re.search(r' (?:d|x|y|cx|cy|width|viewBox|transform)="[^"]*\d,\d', picture)


def test_a_device_of_one_record_has_nothing_to_compare(boxes: World, browser: Browser) -> None:
    """No row of it differs from another one."""
    html = browser.page(path_of(boxes, "5CG9999ABC"))

    assert 'class="different"' not in html
    assert 'class="equal"' not in html
    assert "Nobody has decided anything" in main_of(html)


def test_an_open_review_about_it_is_shown_with_the_other_device(tmp_path: Path) -> None:
    """Its question, its grounds and the other device."""
    box = {"provider": "p", "serial": "5CG1234ABC"}
    acme = {**box, "id": "1", "name": "BOX-1", "company": "Acme", "macs": ["3C5282AABB01"]}
    beta = {**box, "id": "2", "name": "BOX-2", "company": "Beta", "macs": ["3C5282AABB02"]}
    world = world_of(tmp_path, acme, beta)
    one, other = lookup(world, "5CG1234ABC")
    with browsing(world, keys_required=False) as browser:
        html = browser.page(f"/devices/{one.id}")

    assert "Open reviews (1)" in main_of(html)
    assert f'href="/devices/{other.id}"' in html


def test_the_evidence_is_a_picture_and_the_same_is_a_table(tmp_path: Path) -> None:
    """Each edge with its state and reason; states differ by the shape of line and mark, not by colour alone."""
    box = {"provider": "p", "serial": "5CG1234ABC"}
    acme = {**box, "id": "1", "name": "BOX-1", "company": "Acme", "macs": ["00:00:00:00:00:00"]}
    beta = {**box, "id": "2", "name": "BOX-2", "company": "Beta"}
    world = world_of(tmp_path, acme, beta)
    one, other = lookup(world, "5CG1234ABC")
    if one.records[0].id != "1":
        one, other = other, one
    with browsing(world, keys_required=False) as browser:
        html = browser.page(f"/devices/{one.id}")

    picture = html.partition('aria-labelledby="evidence-title')[2].partition("</svg>")[0]
    groups = re.findall(r'<g class="edge (\w+)"><title>([^<]+)</title>(.*?)</g>', picture)
    shapes = {
        state: (re.findall(r"stroke-dasharray=\"[^\"]+\"", drawn), "<circle" in drawn, "cross" in drawn)
        for state, _, drawn in groups
    }
    assert set(shapes) == {"accepted", "vetoed", "suppressed"}
    assert len({str(shape) for shape in shapes.values()}) == 3
    assert "style=" not in picture
    table = words_of_rows(html)
    assert len(table) == len(groups)
    for state, title, _ in groups:
        reason = unescape(title).partition(". ")[2]
        assert any(reason in row for row in table), (state, reason)
    assert f'href="/devices/{other.id}"' in html


def words_of_rows(html: str) -> list[str]:
    """Return the text of each row of the table of evidence."""
    table = html.partition('aria-label="The evidence"')[2].partition("</tbody>")[0].partition("<tbody>")[2]
    return [words(f"<body>{row}") for row in table.split("<tr>")[1:]]


def test_a_row_without_identifiers_shows_what_it_may_be(tmp_path: Path) -> None:
    """Each suggestion has its reasons and leads to where the two are compared."""
    row = {"provider": "cw_manage", "id": "1", "name": "Reception PC", "company": "Acme", "last_user": "anna"}
    agent = {"provider": "cw_rmm", "id": "A & 17", "hostname": "ACME-RECEPTION-01", "company": "Acme"}
    world = world_of(tmp_path, row, {**agent, "serial": "5CG1234ABC", "last_user": "anna"})
    [silent] = lookup(world, "cw_manage:1")
    with browsing(world, keys_required=False) as browser:
        html = browser.page(f"/devices/{silent.id}")
        other = browser.page(path_of(world, "5CG1234ABC"))

    assert "same last user anna; a name like ACME-RECEPTION-01" in main_of(html)
    assert 'href="/decide?left=cw_manage%3A1&amp;right=cw_rmm%3AA+%26+17"' in html
    assert "It has no identifier" not in main_of(other)


def test_a_row_that_is_like_nothing_says_so(tmp_path: Path) -> None:
    """What to do is said in place of an empty list."""
    world = world_of(tmp_path, {"provider": "cw_manage", "id": "1", "name": "Reception PC", "company": "Acme"})
    [silent] = lookup(world, "cw_manage:1")
    with browsing(world, keys_required=False) as browser:
        said = main_of(browser.page(f"/devices/{silent.id}"))

    assert "A serial in the PSA would join it." in said
