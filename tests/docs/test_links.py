"""What a page points at is there: files, headings, commands."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, broken_links, mistakes, name_of, quoted_commands


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_to_something(page: Path) -> None:
    """A reader who follows a link finds the file, and the heading in it."""
    assert broken_links(page, page.read_text()) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_quoted_command_exists(page: Path) -> None:
    """A command that a page quotes is one of `samebox`, with the options that it has."""
    wrong = {command: mistakes(command) for command in quoted_commands(page.read_text())}

    assert {command: words for command, words in wrong.items() if words} == {}


def test_a_link_to_nothing_is_found() -> None:
    """A missing file and a missing heading are told; a link out of the repository and one in code are left alone."""
    text = "[a](no/such.md) [b](README.md#nowhere) [c](#top) [d](https://example.com/x)\n# Top\n```\n[e](none)\n```\n"

    assert broken_links(ROOT / "README.md", text) == ["no/such.md", "README.md#nowhere"]


def test_commands_are_read_wherever_code_stands() -> None:
    """Blocks and backticks count, also behind variables and other programs; prose, images and comments do not."""
    text = """
    Run `samebox keys create helpdesk`, says samebox in prose.

```sh
samebox check cw_manage   # samebox nonsense
Database__Url=x samebox db backup x.db && samebox db downgrade 0001 > log
docker run -d --name samebox -v samebox:/data samebox serve
docker build -t samebox .
```
"""

    assert quoted_commands(text) == [
        "check cw_manage",
        "db backup x.db",
        "db downgrade 0001",
        "serve",
        "keys create helpdesk",
    ]
