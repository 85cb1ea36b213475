"""What the shell offers at Tab: a store that is there is asked, and none is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.cli import completion
from service.ingest.registry import SETTINGS
from tests.service.conftest import RECORDS, Ran, Run, ndjson

pytestmark = pytest.mark.usefixtures("logging_as_before")


@pytest.fixture
def complete(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Ask as bash does: the words so far, of which the last is being typed."""

    def ran(*words: str) -> Ran:
        with monkeypatch.context() as asking:
            asking.setenv("_SAMEBOX_COMPLETE", "complete_bash")
            asking.setenv("COMP_WORDS", " ".join(("samebox", *words)))
            asking.setenv("COMP_CWORD", str(len(words)))
            return run()

    return ran


def test_names_that_begin_so_are_offered() -> None:
    """Reasons and kinds with what they say; `import` only where runs are meant."""
    assert [name for name, _ in completion.reasons("mac")] == ["mac_across_hostnames"]
    assert [name for name, _ in completion.kinds("h")] == ["hostname"]
    assert completion.providers("cw_m") == ["cw_manage"]
    assert completion.providers("i") == []
    assert completion.sources("i") == ["import"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("samebox reviews --reason serial_m", "serial_mistyped"),
        ("samebox reviews --provider cw_a", "cw_automate"),
        ("samebox syncs --provider i", "import"),
        ("samebox lookup x --kind h", "hostname"),
    ],
)
def test_the_shell_is_offered_names(typed: str, offered: str) -> None:
    """As bash asks for them."""
    asked = {"_SAMEBOX_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    command = [sys.executable, "-c", "from service.cli import start; start()"]
    ran = subprocess.run(command, env={**os.environ, **asked}, capture_output=True, text=True, check=False)

    assert offered in ran.stdout.split()


def test_of_devices_those_providers_are_offered_that_list_some(fleet: Run, complete: Run) -> None:
    """Each begins like what was typed."""
    assert complete("devices", "--provider", "cw_").out.split() == ["cw_manage"]
    assert complete("devices", "--missing", "rmm").out.split() == ["rmm_alpha"]


def test_types_are_those_stored(run: Run, complete: Run, tmp_path: Path) -> None:
    """In lower case, as they are compared."""
    run("import", ndjson(tmp_path / "typed.ndjson", {**RECORDS[0], "type": "Laptop"}))

    assert complete("devices", "--type", "l").out.split() == ["laptop"]


def test_without_a_store_none_is_made(complete: Run, tmp_path: Path) -> None:
    """What can be synced is offered all the same."""
    assert complete("devices", "--provider", "").out.split() == list(SETTINGS)
    assert complete("devices", "--type", "") == (0, "\n", "")
    assert list(tmp_path.iterdir()) == []


def test_settings_that_are_wrong_offer_nothing(complete: Run, tmp_path: Path) -> None:
    """A shell has no place for a mistake."""
    (tmp_path / "appsettings.json").write_text("{")

    assert complete("devices", "--type", "") == (0, "\n", "")
