"""The page of the REST calls."""

import re
from pathlib import Path

import pytest

from service.cli.reference import PAGES
from service.cli.reference.calls import the_document

OPEN = ["GET /livez", "GET /readyz"]
"""The calls that a platform asks, without a key."""


def test_every_link_within_the_calls_leads_somewhere() -> None:
    """A shape or a call that is named is described on the same page, under a heading that is there once."""
    page = PAGES["calls.md"]()
    anchors = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^#+ (.*)$", page, re.M)]

    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_the_calls_that_need_no_key_are_marked() -> None:
    """Those that a platform asks, and no other."""
    described = re.findall(r"^### ([A-Z]+ /\S*)\n\n(.*)$", PAGES["calls.md"](), re.M)

    assert len(described) > 20
    assert [name for name, text in described if "*Open.*" in text] == OPEN


def test_each_call_names_its_errors() -> None:
    """Every call that needs a key says 401, once, outside the table of answers."""
    sections = re.split(r"^### ", PAGES["calls.md"]().partition("\n## Shapes")[0], flags=re.M)[1:]
    with_key = [each for each in sections if each.partition("\n")[0] not in OPEN]

    assert len(with_key) == len(sections) - len(OPEN)
    assert [each for each in with_key if len(re.findall(r"^Errors: .*401 Unauthorized", each, re.M)) != 1] == []
    assert [each for each in sections if "| 401 |" in each] == []


def test_the_document_is_made_without_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes the pages finds no file beside them."""
    monkeypatch.chdir(tmp_path)

    assert "/v1/lookup" in the_document()["paths"]
    assert list(tmp_path.iterdir()) == []
