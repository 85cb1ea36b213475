"""The page of the rule: the kinds of evidence in rank, the vetoes against joining, and the reasons of reviews."""

from matching.clustering.vetoes import VETOES
from matching.model import Kind, ReviewReason
from service.cli.reference.markdown import code, page, table

INTRODUCTION = """
Records that agree on a kind of evidence are joined, unless a veto holds between them. A kind outweighs all kinds that
stand below it.
"""

VETOED = """
A veto is a reason for which two groups of records that share a value stay apart. It holds against joining by the kinds
in the second column. The first veto in this order that holds is the one that explanations name.
"""

REVIEWED = """
A review is a question for a person: two groups of records share evidence, and the rules do not join them.
"""


def vetoes_page() -> str:
    """Return the page."""
    return page(
        "Evidence, vetoes and reviews",
        "## Kinds of evidence",
        INTRODUCTION.strip(),
        table(
            ("rank", "kind", "name", "meaning"),
            [(str(rank), code(kind), kind.label, kind.sentence) for rank, kind in enumerate(Kind, 1)],
        ),
        "## Vetoes",
        VETOED.strip(),
        table(
            ("veto", "against joining by", "what holds", "what would change it"),
            [
                (code(veto.code), ", ".join(k.label for k in Kind if k in veto.kinds), veto.sentence, veto.remedy)
                for veto in VETOES
            ],
        ),
        "## Reasons for reviews",
        REVIEWED.strip(),
        table(("reason", "title", "meaning"), [(code(each), each.label, each.sentence) for each in ReviewReason]),
    )
