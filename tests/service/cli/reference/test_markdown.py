"""The forms of Markdown, whatever the texts hold."""

from service.cli.reference.markdown import table


def test_a_cell_is_one_line_and_its_bars_end_nothing() -> None:
    """A text with a line end or a bar would break the table."""
    assert table(("a", "b"), [("x|y", "one\n  two")]) == "| a | b |\n| --- | --- |\n| x\\|y | one two |"
    assert table(("a", "b"), []) == ""
