"""The page of the vetoes."""

import re

from matching.clustering.vetoes import VETOES
from matching.model import Kind, ReviewReason
from service.cli.reference.vetoes import vetoes_page


def test_the_tables_keep_the_order_that_the_rules_have() -> None:
    """Evidence by rank, vetoes by weight: the page says that the first one wins."""
    evidence, vetoes, reviews = re.split(r"^## .*$", vetoes_page(), flags=re.M)[1:]

    assert re.findall(r"^\| (\d+) \| `(\w+)` \|", evidence, re.M) == [
        (str(rank), kind.value) for rank, kind in enumerate(Kind, 1)
    ]
    assert re.findall(r"^\| `(\w+)` \|", vetoes, re.M) == [veto.code for veto in VETOES]
    assert re.findall(r"^\| `(\w+)` \|", reviews, re.M) == [reason.value for reason in ReviewReason]


def test_a_veto_names_the_kinds_that_it_outweighs() -> None:
    """A reader learns what it holds against: no other veto than a decision stands against all of them."""
    against = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \| [^|]* \| [^|]* \|$", vetoes_page(), re.M))

    assert against["decided_different"] == ", ".join(kind.label for kind in Kind)
    assert against["cloned"] == "BIOS GUID, serial"
