"""The forms of Markdown, whatever the texts hold."""

from service.cli.reference.markdown import MADE, block, code, page, table


def test_a_cell_is_one_line_and_its_bars_end_nothing() -> None:
    """A text with a line end or a bar would break the table."""
    assert table(("a", "b"), [("x|y", "one\n  two")]) == "| a | b |\n| --- | --- |\n| x\\|y | one two |"
    assert table(("a", "b"), []) == ""


def test_a_page_has_its_title_and_no_part_that_is_empty() -> None:
    """Parts are a blank line apart, and the reader is told that a program wrote the page."""
    assert page("Title", "one", "", "two") == f"# Title\n\n{MADE}\n\none\n\ntwo\n"


def test_code_is_marked_within_a_line_and_as_a_block() -> None:
    """Nothing to mark stays nothing: two bare quotes would be shown."""
    assert (code("a b"), code("")) == ("`a b`", "")
    assert block("samebox check") == "```sh\nsamebox check\n```"
    assert block("{}", "json") == "```json\n{}\n```"
