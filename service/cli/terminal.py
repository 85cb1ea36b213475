"""
Output to the terminal: results on standard output, everything else on standard error.

Text from providers is treated as hostile: control characters are shown, not obeyed, and nothing is read as markup.
"""

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import orjson
from rich import box
from rich import progress as bars
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.blocks import Labelled, TextBlock, block_lines, field_lines
from service.cli.layout import cell, column_widths, hanging, line_width, wrapped
from service.core.harmless import harmless
from service.core.progress import Progress

STEP = 1000
"""Rows between two lines of progress, at the least, where there is no terminal."""


GAP = 2
"""Columns between two columns of a table."""


def say(text: object) -> None:
    """Tell the operator, a line at a time, on standard error; a terminal's lines are wrapped between words."""
    for line in str(text).splitlines():
        message = f"samebox: {harmless(line)}"
        for part in hanging(message, line_width(sys.stderr)) if sys.stderr.isatty() else [message]:
            print(part, file=sys.stderr)


def show(text: object = "") -> None:
    """Write one line of the result."""
    print(harmless(text), flush=True)


def show_bytes(content: bytes) -> None:
    """Write a file as the result."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def show_chunks(chunks: Iterable[bytes]) -> None:
    """Write a file as the result, as its bytes come."""
    sys.stdout.flush()
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def show_json(value: Any) -> None:
    """Write the result for a program: one JSON value, UTF-8 whatever the terminal."""
    show_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def show_text(text: object, indent: int = 0) -> None:
    """Write a text of the result, wrapped between words where it is wider than a line."""
    for line in wrapped(harmless(text), line_width(sys.stdout) - indent):
        show(f"{' ' * indent}{line}")


def show_title(text: object) -> None:
    """Write the title of what follows: bold on a terminal."""
    _show_bold(wrapped(harmless(text), line_width(sys.stdout)))


def show_blocks(blocks: Iterable[TextBlock]) -> None:
    """Write blocks, an empty line before each but the first."""
    for place, block in enumerate(blocks):
        if place:
            show()
        heading, *others = block_lines(block, line_width(sys.stdout))
        _show_bold([heading])
        for line in others:
            show(line)


def show_fields(title: str, fields: Iterable[Labelled]) -> None:
    """Write a title, and fields below it, their values below each other; an empty line ends them."""
    show_title(title)
    for line in field_lines(list(fields), line_width(sys.stdout)):
        show(line)
    show()


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """
    Write a table: a code as its label, numbers to the right.

    Cells are wrapped between words. A table that does not fit the line is written as blocks, one a row, each headed by
    its first cell.
    """
    lines = [list(row) for row in rows]
    texts = [[cell(value) for value in line] for line in lines]
    show_title(title)
    columns_of_text = [[column, *(row[place] for row in texts)] for place, column in enumerate(columns)]
    widths = column_widths(columns_of_text, line_width(sys.stdout) - GAP * (len(columns) - 1))
    if widths is None:
        show_blocks(TextBlock(row[0], fields=list(map(Labelled, columns[1:], row[1:]))) for row in texts)
        show()
        return
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0), show_header=any(columns)
    )
    for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
        numbers = bool(lines) and all(isinstance(line[place], int | float) for line in lines)
        table.add_column(Text(column), justify="right" if numbers else "left", overflow="fold", width=width)
    for row in texts:
        table.add_row(*map(Text, row))
    _console(sys.stdout).print(table)
    show()


@contextmanager
def progress(unit: str = "rows") -> Iterator[Progress]:
    """Show progress on standard error: as live bars on a terminal, as plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield _Plain(unit).report
        return
    columns = (
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(bar_width=30),
        bars.TextColumn("{task.fields[done]}", markup=False),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=_console(sys.stderr), transient=True) as shown:
        yield _Live(shown, unit).report


def survive_any_encoding() -> None:
    """Let a stream that cannot write a letter write its escape: a name must not end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


class _Live:
    def __init__(self, shown: bars.Progress, unit: str) -> None:
        self._bars, self._unit = shown, unit
        self._tasks: dict[str, bars.TaskID] = {}

    def report(self, what: str, done: int, expected: int | None = None) -> None:
        """Move the bar of `what`; make it the first time."""
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(harmless(what), total=expected, done="")
        self._bars.update(self._tasks[what], completed=done, done=_done(done, expected, self._unit))


class _Plain:
    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._said: dict[str, int] = {}

    def report(self, what: str, done: int, expected: int | None = None) -> None:
        """Say a line about `what` at the end, whenever it has gone on by a step, and before a known number begins."""
        if done == expected or (expected and not done) or done >= self._said.get(what, 0) + STEP:
            self._said[what] = done
            say(f"{what}: {_done(done, expected, self._unit)}")


def _done(read: int, expected: int | None, unit: str) -> str:
    return f"{read:,} {unit}" if expected is None else f"{read:,} of {expected:,} {unit}"


def _show_bold(lines: Iterable[str]) -> None:
    for line in lines:
        _console(sys.stdout).print(Text(harmless(line), "bold"), soft_wrap=True)
    sys.stdout.flush()


def _console(stream: TextIO) -> Console:
    """rich itself heeds NO_COLOR and TERM."""
    return Console(file=stream, width=line_width(stream), markup=False, emoji=False, highlight=False)
