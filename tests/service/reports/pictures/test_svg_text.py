"""Text in a picture is safe, and its width is known."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.pictures.svg_text import cells, shortened, svg_safe


@given(st.text())
def test_any_text_can_stand_in_an_element_and_in_an_attribute(text: str) -> None:
    """Whatever a provider is called, the picture is well-formed and no text becomes markup."""
    root = ET.fromstring(f'<a b="{svg_safe(text)}">{svg_safe(text)}</a>')

    assert len(root) == 0
    assert root.text == root.attrib["b"] or not text.strip()


def test_what_cannot_be_drawn_is_seen_as_such() -> None:
    """A control character, and what turns the direction of writing: a name would look like another."""
    assert svg_safe("a\x00b\u202ec\ud800") == "a\ufffdb\ufffdc\ufffd"
    assert svg_safe("<b>&'\"") == "&lt;b&gt;&amp;&#39;&quot;"


@pytest.mark.parametrize(("text", "width"), [("", 0), ("abc", 3), ("漢字", 4), ("e\u0301", 1)])
def test_wide_letters_count_twice(text: str, width: int) -> None:
    """As a browser draws them."""
    assert cells(text) == width


@given(st.text(max_size=80), st.integers(min_value=4, max_value=40))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    """A short one is left as it is; of a long one the beginning and the end are kept."""
    found = shortened(text, most)

    assert cells(found) <= most
    assert found == text or "\u2026" in found


def test_the_beginning_and_the_end_of_a_long_name_are_kept() -> None:
    """Names of one vendor begin alike, and names of one customer end alike."""
    assert shortened("backup-of-the-north-01", 11) == "backu\u2026th-01"
