"""A bar chart is a small SVG that can stand anywhere."""

from xml.etree import ElementTree as ET

from service.reports.pictures.bars import BARS, Bar, bars_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_bar_is_as_long_as_its_number() -> None:
    """The longest has all the room, none has none, and a small one can be seen."""
    picture = ET.fromstring(bars_svg("Rows", [Bar("many", 1000), Bar("half", 500), Bar("few", 1), Bar("none", 0)]))

    assert [int(each.get("width", "")) for each in picture.iter(f"{SVG}rect")] == [BARS, BARS // 2, 1, 0]
    assert picture.findtext(f"{SVG}title") == "Rows: many 1,000; half 500; few 1; none 0"


def test_labels_are_texts() -> None:
    """Whatever they say; a long one is cut, and whole in its title."""
    label = "<script>&" + "x" * 40
    picture = ET.fromstring(bars_svg("a & b", [Bar(label, 1)]))

    texts = [each.text or "" for each in picture.iter(f"{SVG}text")]
    assert (texts[0][:9], "…" in texts[0], len(texts[0])) == ("<script>&", True, 28)
    assert picture.findtext(f"{SVG}g/{SVG}title") == f"{label}: 1"


def test_nothing_is_an_empty_picture() -> None:
    """It is still one."""
    assert ET.fromstring(bars_svg("Rows", [])).get("role") == "img"
