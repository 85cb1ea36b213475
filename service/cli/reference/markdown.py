"""The few forms of Markdown that the pages are made of."""

from collections.abc import Iterable, Sequence

MADE = "<!-- `make reference` writes this page from the program; a test compares the two. Do not edit it. -->"


def page(title: str, *parts: str) -> str:
    """Return a page: its title, and its parts with blank lines between them."""
    return "\n\n".join((f"# {title}", MADE, *(part for part in parts if part))) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; empty without rows."""
    lines = [[_cell(value) for value in row] for row in rows]
    if not lines:
        return ""
    return "\n".join(f"| {' | '.join(line)} |" for line in ([*columns], ["---"] * len(columns), *lines))


def code(text: str) -> str:
    """Return a text as code within a line; empty if it is empty."""
    return f"`{text}`" if text else ""


def block(text: str, language: str = "sh") -> str:
    """Return a text as a block of code."""
    return f"```{language}\n{text}\n```"


def _cell(text: str) -> str:
    """A cell is one line, and a bar would end it."""
    return " ".join(text.split()).replace("|", "\\|")
