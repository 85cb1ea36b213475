"""
Blocks: a heading, sentences, fields below each other, and the commands to go on with.

`test_width` shows them in the commands that ask and tell, on the store of the demo.
"""

from hypothesis import given
from hypothesis import strategies as st

from service.cli.blocks import Labelled, TextBlock, block_lines
from service.cli.layout import widest

WORDS = st.text("abcxyz0189:-", min_size=1, max_size=36)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)


def test_a_block_says_what_it_holds_in_order() -> None:
    """Values stand below each other, also where they go on; what says nothing is left out."""
    fields = [Labelled("A", "NB-1 (cw_manage:4711, ninjaone:88)"), Labelled("proposed", None), Labelled("against", "x")]
    block = TextBlock("17  Acme Inc.", ["Are these one box?"], fields, ["samebox decide same 17"])

    assert list(block_lines(block, 40)) == [
        "17  Acme Inc.",
        "  Are these one box?",
        "  A        NB-1 (cw_manage:4711,",
        "           ninjaone:88)",
        "  against  x",
        "  samebox decide same 17",
    ]


def test_a_word_too_wide_to_stand_beside_its_label_has_a_line_of_its_own() -> None:
    """An id of 64 digits is whole in 80 columns, whatever the label."""
    block = TextBlock("x", fields=[Labelled("the id of the review", "a" * 64)])

    assert list(block_lines(block, 80)) == ["x", "  the id of the review", f"    {'a' * 64}"]


@given(TEXTS.filter(bool), st.lists(TEXTS, max_size=2), st.lists(st.tuples(WORDS, TEXTS), max_size=4), TEXTS)
def test_no_line_is_too_wide_and_no_word_is_broken(
    heading: str, sentences: list[str], fields: list[tuple[str, str]], command: str
) -> None:
    """Every word of at most 36 letters is found whole, whatever a block holds."""
    lines = list(block_lines(TextBlock(heading, sentences, [Labelled(*each) for each in fields], [command]), 80))

    told = " ".join([heading, *sentences, command, *(text for _, text in fields)]).split()
    assert widest(lines) <= 80
    assert not set(told) - set(" ".join(lines).split())
