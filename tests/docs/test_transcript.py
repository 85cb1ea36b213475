"""What the README shows of the demo is what the demo prints."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.end_to_end.commands import PATIENCE, start

README = (ROOT / "README.md").read_text()


def flat(text: str) -> str:
    """Return a text in one line, without what draws tables."""
    return " ".join(text.replace("─", " ").split())


def output(folder: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> str:
    """Return what a command prints that ends well."""
    process = start(folder, *arguments, settings=settings)
    printed, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, told
    return printed


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the demo prints, and then the commands that the README calls after it."""
    folder = tmp_path_factory.mktemp("readme")
    shown = [output(folder, "demo", "--no-serve")]
    for variable, value, command in re.findall(r"^\$ (\w+)=(\S+) \S*samebox (.+)$", README, re.M):
        shown.append(output(folder, *shlex.split(command), settings={variable: value}))
    return flat("\n".join(shown))


def test_every_line_of_the_transcripts_is_printed(printed: str) -> None:
    """Figures, values and sentences in the README are those of a real run; three dots stand for what is cut."""
    lines = [line for block in re.findall(r"^```text\n(.+?)^```", README, re.M | re.S) for line in block.splitlines()]
    quoted = [flat(line) for line in lines if not line.startswith("$") and line.strip() != "..."]

    assert len(quoted) > 15
    assert [line for line in quoted if line not in printed] == []
