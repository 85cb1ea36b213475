"""What the shell offers at Tab."""

import os
import subprocess
import sys

import pytest

from service.cli import completion


def test_names_that_begin_so_are_offered() -> None:
    """Reasons with what they say; `import` only where runs are meant."""
    assert [name for name, _ in completion.reasons("mac")] == ["mac_across_hostnames"]
    assert completion.providers("cw_m") == ["cw_manage"]
    assert completion.providers("i") == []
    assert completion.sources("i") == ["import"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("samebox reviews --reason serial_m", "serial_mistyped"),
        ("samebox reviews --provider cw_a", "cw_automate"),
        ("samebox syncs --provider i", "import"),
    ],
)
def test_the_shell_is_offered_names(typed: str, offered: str) -> None:
    """As bash asks for them."""
    asked = {"_SAMEBOX_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    command = [sys.executable, "-c", "from service.cli import start; start()"]
    ran = subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=False)

    assert offered in ran.stdout.split()
