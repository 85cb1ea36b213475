"""The picture of the combinations of feeds: whole, safe, and nothing in it overlaps."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest

from service.reports.catalogue.coverage.totals import CoverageCombination
from service.reports.pictures.coverage_svg import LONGEST_NAME, MOST_BARS, coverage_svg
from service.reports.pictures.svg_text import CELL, cells
from service.reports.rules import FeedRole

SVG = "{http://www.w3.org/2000/svg}"
LONG = "a-provider-with-a-very-long-name-" + "W" * 100
FEEDS = {
    "cw_manage": FeedRole.PSA,
    "cw_rmm": FeedRole.RMM,
    LONG: FeedRole.RMM,
    "sentinel": FeedRole.EDR,
    "<script>alert(1)</script>": FeedRole.BACKUP,
    "漢字漢字漢字漢字漢字漢字漢字漢字": FeedRole.MDM,
}


def some(count: int) -> list[CoverageCombination]:
    """Return so many combinations of the feeds, the largest first."""
    chosen = [set_ for size in range(1, 7) for set_ in combinations(FEEDS, size)][:count]
    return [
        CoverageCombination(list(providers), [FEEDS[each] for each in providers], 1_234_567 // (place**3 + 1) + 1)
        for place, providers in enumerate(chosen)
    ]


def boxes(root: ET.Element) -> list[tuple[float, float, float, float]]:
    """Return where each text stands: left, right, top, bottom."""
    found = []
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", 12))
        wide = cells("".join(text.itertext())) * size * CELL
        anchor, x, y = text.get("text-anchor", "start"), float(text.attrib["x"]), float(text.attrib["y"])
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        found.append((left, left + wide, y - size, y))
    return found


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 11, 12, 13, 40])
def test_no_text_overlaps_another_or_leaves_the_picture(count: int) -> None:
    """At any number of combinations, with long names and with wide letters."""
    root = ET.fromstring(coverage_svg(some(count)))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    texts = boxes(root)

    for left, right, top, bottom in texts:
        assert 0 <= left <= right <= width
        assert 0 <= top <= bottom <= height
    for one, other in combinations(texts, 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


def test_a_bar_for_each_combination_as_tall_as_its_devices() -> None:
    """The largest is the tallest, one in half is half as tall, and bars do not touch."""
    pairs = [("a", 100), ("b", 50), ("c", 1)]
    root = ET.fromstring(coverage_svg([CoverageCombination([name], [FeedRole.RMM], count) for name, count in pairs]))

    bars = [group.find(f"{SVG}rect") for group in root.iter(f"{SVG}g")]
    places = [
        (float(bar.attrib["x"]), float(bar.attrib["width"]), float(bar.attrib["height"]))
        for bar in bars
        if bar is not None
    ]

    assert [round(height / places[0][2], 2) for _, _, height in places] == [1, 0.5, 0.01]
    assert all(left + wide < right for (left, wide, _), (right, _, _) in pairwise(places))


def test_the_dots_say_which_feeds() -> None:
    """A large dot where the feed lists the devices, a small one where it does not; a line joins the large ones."""
    root = ET.fromstring(
        coverage_svg(
            [
                CoverageCombination(["psa", "edr"], [FeedRole.PSA, FeedRole.EDR], 7),
                CoverageCombination(["rmm"], [FeedRole.RMM], 2),
            ]
        )
    )
    columns = [
        {float(dot.attrib["cy"]): dot.attrib["r"] for dot in group.iter(f"{SVG}circle")}
        for group in root.iter(f"{SVG}g")
    ]
    names = [
        "".join(text.itertext()).split()[0]
        for text in root.findall(f"{SVG}text")
        if text.find(f"{SVG}tspan") is not None
    ]

    assert names == ["psa", "rmm", "edr"]
    assert [[radius for _, radius in sorted(column.items())] for column in columns] == [
        ["6", "3", "6"],
        ["3", "6", "3"],
    ]


def test_who_cannot_see_it_reads_the_numbers() -> None:
    """The picture has a title and a description with every combination, and each bar its own words."""
    svg = coverage_svg(
        [
            CoverageCombination(["cw_manage", "cw_rmm"], [FeedRole.PSA, FeedRole.RMM], 1500),
            CoverageCombination(["cw_rmm"], [FeedRole.RMM], 500),
        ]
    )
    root = ET.fromstring(svg)

    ids = {each.get("id") for each in root}
    assert root.attrib["role"] == "img"
    assert set(root.attrib["aria-labelledby"].split()) <= ids
    description = root.findtext(f"{SVG}desc")
    assert (
        description == "cw_manage (PSA) and cw_rmm (RMM): 1,500 devices, 75 %; cw_rmm (RMM) alone: 500 devices, 25 %."
    )
    assert [group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")] == description.removesuffix(".").split(
        "; "
    )


def test_it_is_readable_on_any_page() -> None:
    """Everything has the colour of the text around it, and there is no style that a page may forbid."""
    svg = coverage_svg(some(5))

    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) == {"currentColor"}
    assert "style" not in svg


def test_a_hostile_name_is_a_text() -> None:
    """No provider's name becomes markup; a long one is shortened, and is whole in the description."""
    svg = coverage_svg(some(40))
    root = ET.fromstring(svg)

    assert "<script" not in svg
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        *("svg", "title", "desc", "text", "tspan", "rect", "g", "line", "circle"),
    }
    assert LONG in (root.findtext(f"{SVG}desc") or "")
    labels = ["".join(text.itertext()) for text in root.findall(f"{SVG}text")]
    assert max(cells(label) for label in labels if "RMM" in label) == LONGEST_NAME + len(" RMM")


def test_what_has_no_bar_is_counted() -> None:
    """Of many combinations the small ones are one line, and a fleet without devices says so."""
    fleet = some(40)
    root = ET.fromstring(coverage_svg(fleet))

    assert len(list(root.iter(f"{SVG}g"))) == MOST_BARS
    rest = sum(each.devices for each in fleet[MOST_BARS:])
    assert f"28 further combinations see {rest:,} devices." in [text.text for text in root.iter(f"{SVG}text")]
    assert "No device is in use." in coverage_svg([])
