"""The page of the commands."""

import re

from service.cli.commands import GROUPS
from service.cli.reference.commands import commands_page


def test_commands_stand_below_their_group() -> None:
    """Headings are those of the help, in its order; a command of a command is a heading below it."""
    page = commands_page()
    keys = page.partition("\n### samebox keys\n")[2].partition("\n### ")[0]

    assert re.findall(r"^## (.*)$", page, re.M) == list(GROUPS)
    assert re.findall(r"^### samebox (.*)$", page, re.M) == [name for names in GROUPS.values() for name in names]
    inner = [f"samebox keys {name}" for name in ("create", "list", "rotate", "revoke")]
    assert re.findall(r"^#### (.*)$", keys, re.M) == inner


def test_examples_are_blocks_that_can_be_copied() -> None:
    """They begin at the margin, and a command over two lines keeps its second one indented."""
    blocks = re.findall(r"```sh\n(.*?)\n```", commands_page(), re.S)

    assert "samebox demo\nsamebox demo --port 8080 --keep /tmp/fleet\nsamebox demo --no-serve" in blocks
    assert [block for block in blocks if block.startswith(" ")] == []


def test_what_every_command_has_is_not_listed_for_each() -> None:
    """`--help` is in no table; the options of a command and its arguments are."""
    page = commands_page()

    assert re.search(r"^\| `--kind KIND` \| ", page, re.M)
    assert not re.search(r"^\| `--help", page, re.M)
