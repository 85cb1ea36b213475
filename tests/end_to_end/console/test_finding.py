"""The service desk: a device by any of its names, and why it is one box."""

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end.console.browser import Visit
from tests.end_to_end.test_demo import SPELLINGS

MORE = {
    "GUID without dashes": "37383638 3330 5A43 4A33 34323058374B",
    "bare hostname": "fno-files01",
    "asset tag": "fe00417",
    "record": "ninjaone:88",
    "record of the PSA": "cw_manage:4711",
    "name in capitals": " FNO-FILES01 ",
}


@pytest.mark.parametrize("spelling", [*SPELLINGS, *MORE])
def test_any_identifier_in_any_notation_leads_to_its_device(visit: Visit, spelling: str) -> None:
    """Typed into the box of the first page, and Enter: one hit is the device itself."""
    visit.go("/")
    page = visit.search({**SPELLINGS, **MORE}[spelling])

    expect(page.locator("h1")).to_have_text("FNO-FILES01")
    assert re.fullmatch(r".*/devices/[0-9a-f-]{36}", page.url)


def test_a_part_of_a_name_lists_several_and_one_click_opens_one(visit: Visit) -> None:
    """The list says whose they are, and the box keeps what was typed."""
    visit.go("/")
    page = visit.search("lt-008")
    expect(page.locator("h1")).to_contain_text("lt-008")
    assert page.get_by_role("combobox", name="Search for any identifier").input_value() == "lt-008"
    names = page.locator("main a.name")
    assert names.count() > 1
    names.filter(has_text="TPE-LT-008").click()

    expect(page.locator("h1")).to_have_text("TPE-LT-008")


def test_nothing_found_says_what_was_tried(visit: Visit) -> None:
    """And no page is empty."""
    visit.go("/")
    page = visit.search("no such thing anywhere")

    expect(page.locator("main")).to_contain_text("Nothing was found.")


def test_a_value_on_several_boxes_is_said_to_identify_none(visit: Visit) -> None:
    """With the reason, from the first page, where it is listed."""
    page = visit.go("/")
    page.get_by_role("table", name="Values on several boxes").get_by_role("link").first.click()

    expect(page.locator(".message.warn").first).to_contain_text("identifies no device")


def test_a_device_says_why_it_is_one(visit: Visit) -> None:
    """Golden values with their sources, the records beside each other, the drawn evidence and the same as a table."""
    visit.go("/")
    page = visit.search("fno-files01")
    serial = page.get_by_role("table", name="Golden record").get_by_role("row").filter(has_text="CZJ3420X7K").first
    expect(serial).to_contain_text("Serial")
    expect(page.locator("table.side thead th")).to_have_count(5)

    drawn = page.get_by_role("img", name="The evidence around FNO-FILES01")
    expect(drawn).to_be_visible()
    assert drawn.locator(".edge.accepted").count() > 4
    assert drawn.locator(".box.record").count() == 4
    summary = page.locator("details summary")
    if not page.locator("details[open]").count():
        summary.click()
    rows = page.get_by_role("table", name="The evidence").locator("tbody tr")
    assert rows.count() >= drawn.locator(".edge").count()
    expect(rows.first).to_be_visible()
    expect(page.locator("ol.history li").last).to_contain_text("created")


def test_a_review_on_the_first_page_leads_to_a_device_that_tells_of_it(visit: Visit) -> None:
    """With its question and the other device, which is a click away."""
    page = visit.go("/")
    page.get_by_role("table", name="Open reviews").locator("a.name").first.click()

    expect(page.get_by_role("heading", name=re.compile("^Open reviews"))).to_be_visible()
    before = page.url
    page.locator("article.card a.name").first.click()
    assert page.url != before
    expect(page.get_by_role("heading", name=re.compile("^Open reviews"))).to_be_visible()
