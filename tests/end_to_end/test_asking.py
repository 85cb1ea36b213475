"""A command that is given the name of several devices asks which one, on a real terminal."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from tests.end_to_end.commands import PATIENCE, SAMEBOX, start
from tests.service.conftest import ndjson

TWINS = [{"provider": "rmm", "id": str(n), "hostname": "pc-1", "serial": f"SN-1000{n}"} for n in (1, 2)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a store in which two boxes have one name."""
    start(tmp_path, "import", ndjson(tmp_path / "twins.ndjson", *TWINS)).communicate(timeout=PATIENCE)
    return tmp_path


def typed(folder: Path, answers: list[bytes], *arguments: str) -> tuple[int, str, str]:
    """
    Run a command on a terminal on which somebody types.

    Returns its exit code, its standard output, and what the terminal shows until the last answer.
    """
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [SAMEBOX, *arguments], cwd=folder, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True
    )
    hanging = threading.Timer(PATIENCE, process.kill)
    hanging.start()
    os.close(theirs)
    shown = b""
    for answer in answers:
        while not shown.endswith(b"Which one: "):
            shown += os.read(ours, 1000)
        os.write(ours, answer)
        shown += b"|"
    assert process.stdout
    out = process.stdout.read()
    code = process.wait()
    hanging.cancel()
    process.stdout.close()
    os.close(ours)
    return code, out, shown.decode()


def test_the_one_that_is_chosen_is_shown(folder: Path) -> None:
    """A number that is none is asked for again."""
    code, out, shown = typed(folder, [b"7\n", b"2\n"], "lookup", "pc-1")

    chosen = next(line.split()[1] for line in shown.splitlines() if line.startswith("  2  rmm:"))
    assert code == 0
    assert f"\n  serial     SN-1000{chosen[-1]}\n" in out
    assert "'pc-1' names 2 devices" in shown
    assert "type a number from 1 to 2" in shown


def test_who_chooses_none_ends_the_command(folder: Path) -> None:
    """The end of the input, which is Ctrl-D on a terminal."""
    code, out, _ = typed(folder, [b"\x04"], "history", "pc-1")

    assert (code, out) == (1, "")
