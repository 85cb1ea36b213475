"""The page of the commands: usage, meaning, arguments, options and examples, as the application itself knows them."""

import re
from collections.abc import Iterator
from typing import Any

import typer
from typer.main import get_command

from service.cli import app
from service.cli.commands import GROUPS
from service.cli.reference.markdown import block, code, page, table

INTRODUCTION = """
`samebox COMMAND --help` shows the same on a terminal. A record is written `provider:id`, such as `cw_manage:4711`.
"""


def commands_page() -> str:
    """Return the page."""
    outermost: Any = get_command(app)
    context = outermost.make_context("samebox", [], resilient_parsing=True)
    parts = [INTRODUCTION.strip(), *_described(outermost, context)]
    for heading, names in GROUPS.items():
        parts.append(f"## {heading}")
        for name in names:
            parts += _command(outermost, context, name, 3)
    return page("Commands", *parts)


def _command(group: Any, outer: typer.Context, name: str, depth: int) -> Iterator[str]:
    """A command and the commands below it; the depth of a heading shows the place of its command."""
    command = group.get_command(outer, name)
    context = command.make_context(name, [], parent=outer, resilient_parsing=True)
    yield f"{'#' * depth} {context.command_path}"
    yield from _described(command, context)
    for inner in getattr(command, "commands", ()):
        yield from _command(command, context, inner, depth + 1)


def _described(command: Any, context: typer.Context) -> Iterator[str]:
    yield block(command.get_usage(context).removeprefix("Usage: "), "text")
    for paragraph in re.split(r"\n\n", command.help.replace("\b\n", "")):
        heading, _, lines = paragraph.partition("\n")
        is_example = heading in {"Example:", "Examples:"}
        yield block(re.sub(r"^  ", "", lines, flags=re.M)) if is_example else " ".join(paragraph.split())
    yield table(("option", "meaning"), _options(command, context))


def _options(command: Any, context: typer.Context) -> Iterator[tuple[str, str]]:
    """Arguments and options but for --help, which every command has."""
    for parameter in command.get_params(context):
        shown, meaning = parameter.get_help_record(context) or ("", "")
        if shown and "--help" not in parameter.opts:
            yield code(shown), meaning
