"""The page of the REST calls."""

import re

from service.cli.reference import PAGES


def test_every_link_within_the_calls_leads_somewhere() -> None:
    """A shape or a call that is named is described on the same page, under a heading that is there once."""
    page = PAGES["calls.md"]()
    anchors = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^#+ (.*)$", page, re.M)]

    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= set(anchors)
    assert len(anchors) == len(set(anchors))
