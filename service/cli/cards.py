"""Rows of a list for people, cells below each other: also where one of them is too long for its column."""

import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from service.cli.layout import READABLE, cell, line_width, widest, wrapped

INDENT = "  "
"""Before a row, and once more before its further lines."""

GAP = "  "
"""Between two columns."""


def columns(rows: Iterable[Sequence[object]], indent: str = INDENT) -> list[str]:
    """Return the lines of rows (`rows_in_columns`)."""
    return [line for row in rows_in_columns(rows, indent) for line in row]


def rows_in_columns(rows: Iterable[Sequence[object]], indent: str = INDENT) -> list[list[str]]:
    """
    Return each row's lines, cells below each other; no line is wider than one of standard output.

    Where not all fit, columns become narrower, the widest first. A longer cell pushes the rest of its row to the right,
    and what no longer fits goes on in a line below: nothing is cut off.
    """
    lines = [[cell(value) for value in row] for row in rows]
    if not lines:
        return []
    widths = [widest(texts) for texts in zip(*lines, strict=True)]
    room = line_width(sys.stdout) - cell_len(indent) - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > READABLE:
        widths[widths.index(max(widths))] -= 1
    return [_row(line, widths, indent) for line in lines]


def counted(count: int, noun: str) -> str:
    """
    Return a number of things in words.

    >>> counted(0, "device"), counted(1, "device"), counted(4711, "device")
    ('no device', '1 device', '4,711 devices')
    """
    return f"{f'{count:,}' if count else 'no'} {noun}{'s' if count > 1 else ''}"


def _row(cells: Sequence[str], widths: Sequence[int], indent: str) -> list[str]:
    found, line = [], indent
    for text, wide in zip(cells, widths, strict=True):
        if text and line.strip() and cell_len(line + text) > line_width(sys.stdout):
            found.append(line)
            line = indent + INDENT
        end = cell_len(line) + wide + len(GAP)
        first, *others = wrapped(text, line_width(sys.stdout) - cell_len(line))
        for other in others:
            found.append(line + first)
            line, first = indent + INDENT, other
        line += first
        line += " " * max(end - cell_len(line), len(GAP))
    return [each.rstrip() for each in (*found, line)]
