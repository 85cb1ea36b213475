"""The documentation pages of the repository: their links, their headings, and the commands that they quote."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from typer.main import get_command

from service.cli import app

ROOT = Path(__file__).parents[2]

PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
        *(ROOT / name / "README.md" for name in ("benchmarks", "fixtures")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
"""Every page that a reader is led to."""

FENCED = re.compile(r"^ *```.*?^ *```", re.M | re.S)
INLINE_CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
COMMAND = re.compile(r"(?:(?<=/bin/)|(?<![\w/:.=-]))samebox +((?:--)?[a-z].*)")

SHELL = re.compile(r"&&|;| \| | > ")
"""What stands between two commands of a line."""

COMMENT = re.compile(r"(?:^|\s)#")


def name_of(page: Path) -> str:
    """Return a page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def broken_links(page: Path, text: str) -> list[str]:
    """Return the relative links of a page, with the anchors, that lead to no file or to no heading of it."""
    return [target for target in LINK.findall(FENCED.sub("", text)) if not _leads_somewhere(page, text, target)]


def anchors(text: str) -> set[str]:
    """
    Return the anchors that GitHub gives to the headings of a page.

    >>> sorted(anchors("# Try `make demo`, once\\n## Why?\\n## Why?"))
    ['try-make-demo-once', 'why', 'why-1']
    """
    seen = Counter[str]()
    found = set()
    for heading in HEADING.findall(FENCED.sub("", text)):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


def quoted_commands(text: str) -> list[str]:
    r"""
    Return what follows `samebox` in every command that a page quotes, in a block of code or between backticks.

    >>> quoted_commands(r"Ask `samebox check`, or samebox itself; | `samebox db upgrade\|backup FILE` |")
    ['check', 'db upgrade|backup FILE']
    """
    blocks = [line for block in FENCED.findall(text) for line in block.splitlines()]
    in_prose = FENCED.sub("", text).replace("\\|", "|")  # as a table has it
    lines = [COMMENT.split(line)[0] for line in (*blocks, *INLINE_CODE.findall(in_prose))]
    found = [COMMAND.search(command) for line in lines for command in SHELL.split(line)]
    return [match[1].strip() for match in found if match]


def mistakes(command: str) -> list[str]:
    """
    Return the words of a quoted command that name no command and no option of it.

    >>> mistakes("decide same|different A B --preview"), mistakes("decide maybe A B --slowly")
    ([], ['maybe', '--slowly'])
    """
    levels, wrong, before = [get_command(app)], [], ""
    for word in re.findall(r"[^\s\[\]]+", command):
        if word.startswith("--"):
            wrong += [option for option in word.split("|") if option.partition("=")[0] not in _options(levels)]
        elif hasattr(levels[-1], "commands") and word[0].islower() and not _takes_value(levels, before):
            named = [levels[-1].commands.get(each) for each in word.split("|")]
            wrong += [] if all(named) else [word]
            levels += [each for each in named if each]
        before = word
    return wrong


def _leads_somewhere(page: Path, text: str, target: str) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return True
    file = page.parent / unquote(parts.path) if parts.path else page
    if not file.exists() or not parts.fragment:
        return file.exists()
    return parts.fragment in anchors(text if file == page else file.read_text())


def _takes_value(levels: list[Any], option: str) -> bool:
    """Whether a word is an option, of a command or the group that it is in, behind which its value stands."""
    own = (parameter for level in levels for parameter in level.params)
    return any(option in parameter.opts and not getattr(parameter, "is_flag", False) for parameter in own)


def _options(levels: list[Any]) -> set[str]:
    own: Iterator[Any] = (parameter for level in levels for parameter in level.params)
    return {"--help", *(name for parameter in own for name in (*parameter.opts, *parameter.secondary_opts))}
