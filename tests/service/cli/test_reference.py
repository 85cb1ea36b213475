"""The reference pages: written whole by one command, and Markdown whatever the texts hold."""

import re
from pathlib import Path

import pytest

from service.cli.reference import PAGES
from service.cli.reference.__main__ import write
from service.cli.reference.markdown import table
from service.cli.reference.schemas import in_words


def test_the_command_writes_every_page(tmp_path: Path) -> None:
    """Into a folder that it makes; what was there before is replaced."""
    folder = tmp_path / "docs" / "reference"
    write(folder)
    (folder / "settings.md").write_text("old")
    write(folder)

    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == {
        name: make() for name, make in PAGES.items()
    }


def test_a_cell_is_one_line_and_its_bars_end_nothing() -> None:
    """A text with a line end or a bar would break the table."""
    assert table(("a", "b"), [("x|y", "one\n  two")]) == "| a | b |\n| --- | --- |\n| x\\|y | one two |"
    assert table(("a", "b"), []) == ""


def test_every_link_within_the_calls_leads_somewhere() -> None:
    """A shape or a call that is named is described on the same page, under a heading that is there once."""
    page = PAGES["calls.md"]()
    anchors = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^#+ (.*)$", page, re.M)]

    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= set(anchors)
    assert len(anchors) == len(set(anchors))


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/Side"}, "[Side](#side)"),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 3}, "list of at most 3: true or false"),
        ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}]}, "list of 2: text, null"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "object of number"),
        ({"type": "object", "additionalProperties": True}, "object"),
        ({"type": "string", "format": "date-time"}, "time (RFC 3339)"),
        ({"enum": ["json", "csv"], "type": "string"}, "`json`, `csv`"),
        ({"const": "about:blank"}, "`about:blank`"),
        ({}, "any value"),
    ],
)
def test_a_schema_is_put_in_words(schema: dict[str, object], words: str) -> None:
    """Whatever the document says of a value, a reader gets it in a few words."""
    assert in_words(schema) == words
