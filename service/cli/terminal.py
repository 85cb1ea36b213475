"""
Output to the terminal: results on standard output, everything else on standard error.

Text from providers is treated as hostile: control characters are shown, not obeyed, and nothing is read as markup.
"""

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson
from rich import box
from rich import progress as bars
from rich.console import Console
from rich.table import Table
from rich.text import Text

from matching.codes import Code
from service.core.progress import Progress

STEP = 1000
"""Rows between two lines of progress, at the least, where there is no terminal."""

PLAIN_WIDTH = 240
"""Columns of a table that is no terminal's: wide enough not to break the lines that a program filters."""


def harmless(value: object) -> str:
    """Return a text with all that a terminal would obey, or that turns its direction round, written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value))


def say(text: object) -> None:
    """Tell the operator, a line at a time, on standard error."""
    for line in str(text).splitlines():
        print(f"samebox: {harmless(line)}", file=sys.stderr)


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


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """
    Write a table: a code as its label, numbers to the right; what does not fit is folded, never cut off.
    """
    lines = [list(row) for row in rows]
    heading = Text(harmless(title), "bold")
    table = Table(title=heading, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, show_header=any(columns))
    for place, column in enumerate(columns):
        numbers = bool(lines) and all(isinstance(line[place], int | float) for line in lines)
        table.add_column(Text(column), justify="right" if numbers else "left", overflow="fold")
    for line in lines:
        table.add_row(*(Text(_cell(value)) for value in line))
    _console(sys.stdout).print(table)


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
        """Say a line about `what` at the end, and whenever it has gone on by a step."""
        if done == expected or done >= self._said.get(what, 0) + STEP:
            self._said[what] = done
            say(f"{what}: {_done(done, expected, self._unit)}")


def _done(read: int, expected: int | None, unit: str) -> str:
    return f"{read:,} {unit}" if expected is None else f"{read:,} of {expected:,} {unit}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Code):
        return value.label
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return harmless(value)


def _console(stream: TextIO) -> Console:
    """rich itself heeds NO_COLOR, TERM and COLUMNS."""
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)
