"""The installed command as a process of its own, without settings from outside."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SAMEBOX = str(Path(sys.executable).with_name("samebox"))
PATIENCE = 120
"""Seconds after which a process is taken for hanging: far beyond what any of them needs."""


def start(
    folder: Path, *arguments: str, settings: Mapping[str, str] | None = None, through: Sequence[str] = ()
) -> subprocess.Popen[str]:
    """Start a command in a folder, `through` another one; `settings` are environment variables."""
    outside = {name: value for name, value in os.environ.items() if "__" not in name and name != "SAMEBOX_SETTINGS"}
    return subprocess.Popen(
        [*through, SAMEBOX, *arguments],
        cwd=folder,
        env={**outside, **(settings or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rest_of(process: subprocess.Popen[str]) -> str:
    """
    Return the rest of what a process writes to standard error, and wait for its end.

    After `readline`, `communicate` loses the lines that were read ahead; this does not. The caller bounds the wait.
    """
    assert process.stderr
    rest = process.stderr.read()
    process.wait()
    return rest
