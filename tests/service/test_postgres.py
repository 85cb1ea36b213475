"""The server of the tests leaves nothing behind, however a run ends."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.service.postgres import PREFIX, place, remove_orphans

OWNER = """
import sys
from pathlib import Path
from tests.service.postgres import own

own(Path(sys.argv[1]))
print("owned", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """As long as its owner lives a folder stays; so does one that is just being made, or is not ours."""
    folder, nascent, other = (tmp_path / name for name in (f"{PREFIX}a", f"{PREFIX}b", "another"))
    for each in (folder, nascent, other):
        (each / "data").mkdir(parents=True)
    (other / "owner").touch()
    command = [sys.executable, "-c", OWNER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        assert run.stdout.readline() == "owned\n"
        remove_orphans(tmp_path)
        alive = folder.exists()
        run.kill()
    remove_orphans(tmp_path)

    assert alive
    assert {each.name for each in tmp_path.iterdir()} == {nascent.name, other.name}


@pytest.mark.parametrize(("memory", "room", "is_in_memory"), [(".", 1, True), (".", 2**62, False), ("none", 0, False)])
def test_its_files_are_in_memory_where_there_is_room(
    tmp_path: Path, memory: str, room: int, *, is_in_memory: bool
) -> None:
    """Else, or where the system keeps no files in memory, among the temporary ones."""
    found = place(tmp_path / memory, room)

    assert found == (tmp_path if is_in_memory else Path(tempfile.gettempdir()))
