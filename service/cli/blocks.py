"""
Blocks: a heading, and below it a line for each field, where a table would not fit.

A block reads alike on a terminal, in a pipe and in a ticket: what matters is in its heading, and its last lines are the
commands to go on with.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import set_cell_size

from service.cli.layout import cell, hanging, widest, widest_word, wrapped

INDENT = 2
"""Columns before each line that is not the heading."""

GAP = 2
"""Columns between the label of a field and its value."""


class Labelled(NamedTuple):
    """A labelled value of a block; a value that says nothing is left out."""

    label: str
    value: object


class TextBlock(NamedTuple):
    """A heading; sentences; fields; and the commands to go on with, each on a line of its own."""

    heading: str
    sentences: Sequence[str] = ()
    fields: Sequence[Labelled] = ()
    commands: Sequence[str] = ()


def block_lines(block: TextBlock, width: int) -> Iterator[str]:
    """Yield the lines of a block, the first of them its heading; each has at most `width` columns."""
    yield from hanging(cell(block.heading), width)
    for sentence in block.sentences:
        yield from _indented(cell(sentence), width)
    yield from field_lines(block.fields, width)
    for command in block.commands:
        yield from hanging(f"{' ' * INDENT}{cell(command)}", width)


def field_lines(fields: Sequence[Labelled], width: int) -> Iterator[str]:
    """
    Yield the lines of fields: values below each other, wrapped there; one with a word too wide has lines of its own.
    """
    lines = [(field.label, text) for field in fields if (text := cell(field.value))]
    start = INDENT + widest(label for label, _ in lines) + GAP
    for label, text in lines:
        if widest_word([text]) > width - start:
            yield f"{' ' * INDENT}{label}"
            yield from _indented(text, width, 2 * INDENT)
            continue
        head = set_cell_size(f"{' ' * INDENT}{label}", start)
        for line in wrapped(text, width - start):
            yield head + line
            head = " " * start


def _indented(text: str, width: int, indent: int = INDENT) -> Iterator[str]:
    return (f"{' ' * indent}{line}" for line in wrapped(text, width - indent))
