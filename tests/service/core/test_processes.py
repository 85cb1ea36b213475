"""A process is gone where that is known, and nowhere else: a real table of processes, and constructed ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.core.processes import THIS_MACHINE, Process, ProcessTable

REAL = THIS_MACHINE

pytestmark = pytest.mark.skipif(REAL.own() is None, reason="this platform says nothing of its processes")

CHILD = "import os, sys; sys.stdin.readline()"


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    """Give a process that waits for a line."""
    process = subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def own() -> Process:
    """Return this process."""
    found = REAL.own()
    assert found
    return found


def start_of(pid: int) -> int:
    """Return when a process started, read in another way than the code does."""
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()[19])


def seen(pid: int) -> Process:
    """Return a process of this machine."""
    return own()._replace(pid=pid, start_ticks=start_of(pid))


def table(root: Path, **changed: str | None) -> ProcessTable:
    """Make a table that says what the real one says of this process, but for these files; None: no such file."""
    files = {"boot_id": "sys/kernel/random/boot_id", "stat": "self/stat"}
    (root / "self/ns").mkdir(parents=True)
    (root / "sys/kernel/random").mkdir(parents=True)
    for name, place in files.items():
        if (text := changed.get(name, (REAL.root / place).read_text())) is not None:
            (root / place).write_text(text)
    if (namespace := changed.get("pid_namespace", own().pid_namespace)) is not None:
        (root / "self/ns/pid").symlink_to(namespace)
    return ProcessTable(root)


def test_a_process_is_alive_until_it_ends(child: subprocess.Popen[str]) -> None:
    """Before its parent has asked about it as well as after."""
    process = seen(child.pid)
    assert not REAL.is_gone(process)
    assert not REAL.is_gone(own())

    child.kill()
    child.wait()
    assert REAL.is_gone(process)


def test_a_process_that_nobody_has_asked_about_is_gone(child: subprocess.Popen[str]) -> None:
    """A parent that never asks leaves it in the table for as long as itself lives."""
    process = seen(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    assert REAL.is_gone(process)


def test_a_number_that_another_process_has_now_is_gone(child: subprocess.Popen[str]) -> None:
    """The time of start tells them apart."""
    process = seen(child.pid)

    assert REAL.is_gone(process._replace(start_ticks=process.start_ticks - 1))


@pytest.mark.parametrize(
    ("field", "value"), [("boot_id", "another-boot"), ("pid_namespace", "pid:[4026539999]")], ids=["boot", "container"]
)
def test_of_a_process_elsewhere_nothing_is_known(field: str, value: str) -> None:
    """Not even where no process here has its number, or one of another start has."""
    process = Process(**{**own()._asdict(), field: value})

    assert not REAL.is_gone(process)
    assert not REAL.is_gone(process._replace(pid=2**22 + 1))
    assert not REAL.is_gone(process._replace(start_ticks=1))


@pytest.mark.parametrize(
    "changed",
    [
        {"boot_id": None},
        {"pid_namespace": None},
        {"stat": None},
        {"stat": "12 (cut"},
        {"stat": f"1 (init) S {'0 ' * 40}"},
    ],
    ids=["no boot", "no namespace", "no process", "not understood", "a table of another namespace"],
)
def test_where_the_platform_does_not_say_all_nothing_is_known(tmp_path: Path, changed: dict[str, str | None]) -> None:
    """It then names no holder either."""
    said = table(tmp_path, **changed)

    assert said.own() is None
    assert not said.is_gone(own()._replace(pid=2**22 + 1))


def test_a_process_in_another_container_is_not_looked_for_here(tmp_path: Path) -> None:
    """Its number belongs to nobody here, and in its own container it is alive."""
    said = table(tmp_path, pid_namespace="pid:[4026539999]")
    nobody = own()._replace(pid=2**22 + 1)

    assert REAL.is_gone(nobody)
    assert not said.is_gone(nobody)


def test_a_process_of_which_the_table_says_nothing_is_not_gone(tmp_path: Path, child: subprocess.Popen[str]) -> None:
    """Some tables hide what belongs to other users."""
    said = table(tmp_path)

    assert said.own() == own()
    assert not said.is_gone(seen(child.pid)._replace(start_ticks=1))


def test_the_name_of_a_program_may_hold_anything(tmp_path: Path) -> None:
    """Blanks and brackets: the fields are counted behind the last one."""
    name = own()
    said = table(tmp_path, stat=f"{name.pid} (a) b) S {'0 ' * 18}{name.start_ticks} 0 0")

    assert said.own() == name
