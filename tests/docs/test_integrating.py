"""
The page about integrating, followed to the letter.

A service runs as a process of its own, with the records and the key that the page makes. Each block of the page runs
against it: those with curl in a shell, and those in Python with the client that the page generates. What a block prints
has the lines that the page shows below it.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.pages import ROOT
from tests.docs.test_transcript import output
from tests.end_to_end.commands import PATIENCE, start

PAGE = (ROOT / "docs" / "integrating.md").read_text()
BLOCK = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.M | re.S)
GENERATOR = Path(sys.executable).parents[1] / "client" / "bin" / "openapi-python-client"
"""`make test` installs it in an environment of its own."""

needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
needs_generator = pytest.mark.skipif(not GENERATOR.exists(), reason="no .venv/client: `make test` installs it")


class Block(NamedTuple):
    """A block of code of the page, and the lines that it prints."""

    language: str
    code: str
    prints: tuple[str, ...] = ()


def blocks() -> Iterator[Block]:
    """Yield the blocks that run, in order."""
    found = [Block(language, code) for language, _, code in BLOCK.findall(PAGE)]
    for block, following in zip(found, [*found[1:], Block("", "")], strict=True):
        if block.language in {"bash", "python"}:
            shown = following.code if following.language == "text" else ""
            yield block._replace(prints=tuple(shown.splitlines()))


SHELL = [each for each in blocks() if each.language == "bash"]
PYTHON = [each for each in blocks() if each.language == "python"]
GENERATING = next(each for each in SHELL if "openapi-python-client" in each.code)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment in which a reader of the page works; the service runs meanwhile."""
    [(name, feed)] = [(name, code) for language, name, code in BLOCK.findall(PAGE) if language == "json"]
    (tmp_path / name).write_text(feed)
    output(tmp_path, "import", name)
    [command] = re.findall(r"^samebox (keys create .+)$", PAGE, re.M)
    key = output(tmp_path, *shlex.split(command)).strip()
    process = start(tmp_path, "serve", "--port", "0")
    try:
        assert process.stderr
        [address] = re.findall(r"http://[0-9.]+:\d+", process.stderr.readline())
        path = f"{GENERATOR.parent}:{os.environ['PATH']}"
        yield tmp_path, {"SAMEBOX": address, "KEY": key, "PATH": path, "HOME": str(tmp_path)}
    finally:
        process.kill()
        process.communicate()


def run(folder: Path, environment: Mapping[str, str], *command: str) -> str:
    """Return what a command prints that ends well."""
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def missing(printed: str, block: Block) -> list[str]:
    """Return the lines that a block should have printed and did not."""
    return [line for line in block.prints if line not in printed]


@needs_curl
def test_every_call_with_curl_does_what_the_page_says(place: tuple[Path, dict[str, str]]) -> None:
    """In the order of the page; a call that fails ends its block."""
    asking = [each for each in SHELL if each is not GENERATING]

    assert {
        each.code: gone
        for each in asking
        if (gone := missing(run(*place, "bash", "-euo", "pipefail", "-c", each.code), each))
    } == {}
    assert len(asking) == 7
    assert all(each.prints for each in asking)


@needs_curl
@needs_generator
def test_the_generated_client_does_what_the_page_says(place: tuple[Path, dict[str, str]]) -> None:
    """It looks up, lists, pushes, follows the feed, decides and reads a report, in one program."""
    separator = "=" * 40
    run(*place, "bash", "-euo", "pipefail", "-c", GENERATING.code)
    program = "".join(f"{each.code}\nprint({separator!r})\n" for each in PYTHON)

    printed = run(*place, str(GENERATOR.with_name("python")), "-W", "error", "-c", program).split(separator)

    gone = {block.code: missing(shown, block) for block, shown in zip(PYTHON, printed[:-1], strict=True)}
    assert {code: lines for code, lines in gone.items() if lines} == {}
    assert sum(bool(each.prints) for each in PYTHON) == len(PYTHON) - 1 == 6
