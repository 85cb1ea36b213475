"""A folder is replaced whole or not at all, whatever happens meanwhile."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.core.errors import CannotWrite
from service.core.whole_folder import LIST, whole_folder
from tests.service.conftest import mode_of


def written(folder: Path, **files: str) -> None:
    """Write a folder."""
    with whole_folder(folder) as part:
        for name, content in files.items():
            (part / name).write_text(content)


def contents(folder: Path) -> dict[str, str]:
    """Return what is in a folder, without the list."""
    return {file.name: file.read_text() for file in folder.iterdir() if file.name != LIST}


def beside(folder: Path) -> list[str]:
    """Return what else is in the folder above."""
    return sorted(file.name for file in folder.parent.iterdir() if file != folder)


@pytest.mark.usefixtures("no_umask")
def test_a_later_folder_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    """Nothing of the earlier one stays, and only the owner looks into it."""
    folder = tmp_path / "reports"
    written(folder, a="1", b="1")
    written(folder, a="2", c="2")

    assert contents(folder) == {"a": "2", "c": "2"}
    assert beside(folder) == [".reports.lock"]
    assert (mode_of(folder), mode_of(folder / LIST), mode_of(tmp_path / ".reports.lock")) == (0o700, 0o600, 0o600)


@pytest.mark.parametrize("ending", [RuntimeError, KeyboardInterrupt])
def test_what_was_there_stays_until_the_new_one_is_whole(tmp_path: Path, ending: type[BaseException]) -> None:
    """Also where somebody presses Ctrl-C; nothing of the new one is left."""
    folder = tmp_path / "reports"
    written(folder, a="1")

    def begin() -> None:
        with whole_folder(folder) as part:
            (part / "a").write_text("2")
            raise ending

    with pytest.raises(ending):
        begin()

    assert (contents(folder), beside(folder)) == ({"a": "1"}, [".reports.lock"])


CHILD = """
import sys, time
from pathlib import Path
from service.core.whole_folder import whole_folder
with whole_folder(Path(sys.argv[1])) as part:
    (part / "a").write_text("2")
    print("written", flush=True)
    time.sleep(600)
"""


def test_a_killed_process_leaves_what_was_there_and_no_lock(tmp_path: Path) -> None:
    """The next one begins anew; while the first lives, it is refused."""
    folder = tmp_path / "reports"
    written(folder, a="1")
    with subprocess.Popen([sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"written\n"
        with pytest.raises(CannotWrite, match="another process"):
            written(folder, b="3")
        child.send_signal(signal.SIGKILL)
        child.wait()

    assert contents(folder) == {"a": "1"}
    written(folder, b="3")
    assert (contents(folder), beside(folder)) == ({"b": "3"}, [".reports.lock"])


def test_who_was_killed_between_the_two_moves_is_tidied_up_after(tmp_path: Path) -> None:
    """The former folder was moved away, and the new one not yet here: the former one is put back."""
    folder = tmp_path / "reports"
    written(folder, a="1")
    folder.rename(tmp_path / ".reports.before")

    with pytest.raises(RuntimeError), whole_folder(folder):
        raise RuntimeError

    assert contents(folder) == {"a": "1"}


@pytest.mark.parametrize("others", ["notes.txt", "deep/notes.txt", LIST])
def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, others: str) -> None:
    """A slip such as `--out .` must not cost anybody their files."""
    folder = tmp_path / "home"
    (folder / others).parent.mkdir(parents=True)
    (folder / others).write_text('"no list"' if others == LIST else "mine")

    with pytest.raises(CannotWrite, match=r"home holds .*: name a folder of its own"):
        written(folder, a="1")

    assert (folder / others).exists()
    assert not (folder / "a").exists()


def test_a_file_that_came_meanwhile_is_kept(tmp_path: Path) -> None:
    """Somebody put it beside the reports of last week."""
    folder = tmp_path / "reports"
    written(folder, a="1")

    def interfere() -> None:
        with whole_folder(folder):
            (folder / "notes").write_text("mine")

    with pytest.raises(CannotWrite, match="notes"):
        interfere()

    assert contents(folder) == {"a": "1", "notes": "mine"}


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """As somebody may make it beforehand."""
    (tmp_path / "reports").mkdir()
    written(tmp_path / "reports", a="1")

    assert contents(tmp_path / "reports") == {"a": "1"}


def test_the_reason_is_told(tmp_path: Path) -> None:
    """There is no folder to put it in."""
    with pytest.raises(CannotWrite, match=r"no/reports cannot be written: No such file or directory"):
        written(tmp_path / "no" / "reports", a="1")
