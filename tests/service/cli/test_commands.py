"""The commands: what their help teaches on a terminal of 80 columns, and what each of them imports."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.main import get_command

from service.cli import app
from service.cli.commands import COMMANDS, GROUPS
from tests.service.conftest import Run

PRIVATE = r"set aside|\btold\b|\btells?\b|\bsettles?\b|\banew\b|\bparts? two\b"
"""Words that a reader of the help has to guess at."""


def command_names(group: Any, context: typer.Context, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, groups included, from the outermost one."""
    yield path
    for name in getattr(group, "commands", ()):
        command = group.get_command(context, name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        yield from command_names(command, inner, (*path, name))


OUTERMOST: Any = get_command(app)
NAMES = list(command_names(OUTERMOST, OUTERMOST.make_context("samebox", [], resilient_parsing=True)))


@pytest.fixture
def pages(run: Run, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, ...], str]:
    """The help of every command, as a terminal of 80 columns shows it."""
    monkeypatch.setenv("COLUMNS", "80")
    return {name: run(*name, "--help").out for name in NAMES}


def test_every_page_fits_a_terminal(pages: dict[tuple[str, ...], str]) -> None:
    """No line is broken by the terminal, and no sentence is cut off in a list of commands."""
    lines = [line for page in pages.values() for line in page.splitlines()]

    assert len(pages) > len(COMMANDS)
    assert [line for line in lines if len(line) > 80] == []
    assert [line for line in lines if re.match(r"  [a-z]+ +[A-Z].*\.\.\.$", line)] == []


def test_the_commands_stand_under_headings(pages: dict[tuple[str, ...], str]) -> None:
    """Each command is listed once, under the heading of what it is for."""
    listed = re.findall(r"^(?:([A-Z].*):|  ([a-z]+) +[A-Z].*\.)$", pages[()].partition("Get started")[2], re.M)

    assert [name for _, name in listed if name] == list(COMMANDS)
    assert [heading for heading, _ in listed if heading] == list(GROUPS)[1:]


def test_help_is_written_in_words_that_are_read_once(pages: dict[tuple[str, ...], str]) -> None:
    """No word means something here that it means nowhere else."""
    assert {name: found for name, page in pages.items() if (found := re.findall(PRIVATE, page))} == {}


def test_the_examples_can_be_typed(pages: dict[tuple[str, ...], str]) -> None:
    """Each example names a command that there is, with options that it has."""
    examples = [
        line
        for page in pages.values()
        for line in re.findall(r"^    samebox (.*)$", re.sub(r" \\\n +", " ", page), re.M)
    ]
    known = {name: set(re.findall(r"--[a-z-]+", page.partition("\nOptions:")[2])) for name, page in pages.items()}

    assert len(examples) > 50
    for example in examples:
        words = shlex.split(re.split(r" [|>] | && |  ", example)[0])
        name = max((name for name in known if tuple(words[: len(name)]) == name), key=len)
        assert name, example
        assert {word for word in words if word.startswith("--")} <= known[name], example


@pytest.mark.parametrize("name", [name for name in NAMES if name and name not in {("keys",), ("db",)}], ids=" ".join)
def test_help_teaches_by_examples(run: Run, name: tuple[str, ...]) -> None:
    """Every command shows how it is typed."""
    ran = run(*name, "--help")

    assert ran.code == 0
    assert re.search(rf"Examples?:\n(    .*\n)*?    (samebox .* && )?samebox {' '.join(name)}\b", ran.out)


def test_a_command_imports_only_what_it_needs() -> None:
    """`match` does not wait for the web server that `serve` needs."""
    program = (
        "import sys\n"
        "from service.cli import main\n"
        "try:\n"
        "    main([sys.argv[1], '--help'])\n"
        "finally:\n"
        "    sys.stderr.write(str('uvicorn' in sys.modules))\n"
    )
    told = {
        name: subprocess.run([sys.executable, "-c", program, name], capture_output=True, text=True, check=True).stderr
        for name in ("match", "serve")
    }

    assert told == {"match": "False", "serve": "True"}
