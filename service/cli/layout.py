"""
Lay text out in lines: what a cell says, how wide a line may be, and where it is wrapped.

Lines are wrapped between words and never inside one: an identifier that fits a line stays whole, to be copied.
"""

import io
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from matching.codes import Code
from service.core.harmless import harmless

PLAIN_WIDTH = 80
"""Columns of a line where there is no terminal and COLUMNS does not say how many: a ticket and a mail hold them."""

NARROWEST = 40
"""Columns of a line at the least, whatever the terminal says."""

FURTHER = 4
"""Columns by which a line is indented that goes on with the one before."""

READABLE = 20
"""Columns that a text needs, so that its lines hold more than a word."""

_MEASURE = Console(file=io.StringIO(), width=PLAIN_WIDTH, markup=False, emoji=False, highlight=False)


def cell(value: object) -> str:
    """Return a value as people read it: a code as its label, a number with separators, a time in UTC."""
    if value is None:
        return ""
    if isinstance(value, Code):
        return value.label
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return harmless(value)


def line_width(stream: TextIO) -> int:
    """Return how many columns a line of a stream may have: those of its terminal, else COLUMNS, else 80."""
    if stream.isatty():
        return max(Console(file=stream).width, NARROWEST)
    columns = os.environ.get("COLUMNS", "")
    return max(int(columns), NARROWEST) if columns.isdecimal() and int(columns) else PLAIN_WIDTH


def wrapped(text: str, width: int) -> list[str]:
    """
    Return a text in lines of at most so many columns, wrapped between words.

    Only a word that is wider than a line is broken.

    >>> wrapped("cw_manage:4711 and ninjaone:88", 16)
    ['cw_manage:4711', 'and ninjaone:88']
    """
    return [line.plain.rstrip() for line in Text(text).wrap(_MEASURE, width)] or [""]


def hanging(text: str, width: int) -> list[str]:
    """
    Return a text in lines of at most so many columns; it goes on, indented further, where it is wrapped.

    >>> hanging("  samebox decide same 17", 20)
    ['  samebox decide', '      same 17']
    """
    if cell_len(text) <= width:
        return [text]
    bare = text.lstrip()
    before = " " * (len(text) - len(bare))
    first, *others = wrapped(bare, width - len(before) - FURTHER)
    return [f"{before}{first}", *(f"{before}{' ' * FURTHER}{line}" for line in others)]


def widest_word(texts: Iterable[str]) -> int:
    """Return the columns of the widest word of some texts."""
    return max((cell_len(word) for text in texts for word in text.split()), default=0)


def widest(texts: Iterable[str]) -> int:
    """Return the columns of the widest of some texts."""
    return max(map(cell_len, texts), default=0)


def column_widths(columns: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """
    Return how wide to make columns that have so much room together; None where they do not fit.

    Each gets its widest word, and text enough to be read; those that want more share what is left, the least first.

    >>> column_widths([["id", "cw_manage:4711"], ["why", "the serials agree and so do the names"]], 44)
    [14, 30]
    >>> column_widths([["id", "cw_manage:4711"], ["why", "the serials agree and so do the names"]], 30)
    """
    wanted = [widest(texts) for texts in columns]
    widths = [max(widest_word(texts), min(want, READABLE)) for texts, want in zip(columns, wanted, strict=True)]
    left = room - sum(widths)
    if left < 0:
        return None
    growing = sorted((want - width, place) for place, (want, width) in enumerate(zip(wanted, widths, strict=True)))
    for still, (more, place) in enumerate(growing):
        given = min(more, left // (len(growing) - still))
        widths[place] += given
        left -= given
    return widths
