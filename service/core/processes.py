"""
Tell whether another process is known to be gone.

Only Linux is asked, through `/proc`, and only about processes of this boot and this PID namespace. Nothing is known of
all others: containers and machines use the same process numbers.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

STATE, START = 0, 19
"""Places in `/proc/PID/stat` behind the name of the program (proc_pid_stat(5), fields 3 and 22)."""

ZOMBIE = "Z"
"""The state of a process that ended, and that its parent has not asked about."""


class Process(NamedTuple):
    """
    A process, distinct from all others that have or had its number.

    `start_ticks` is when it started, in clock ticks after the boot.
    """

    boot_id: str
    pid_namespace: str
    pid: int
    start_ticks: int


@dataclass(frozen=True)
class ProcessTable:
    """What a machine says about its processes; `root` is where `/proc` is mounted."""

    root: Path = Path("/proc")

    def own(self) -> Process | None:
        """Return this process, or None where the platform does not say all of it."""
        try:
            boot_id = (self.root / "sys/kernel/random/boot_id").read_text().strip()
            pid_namespace = str((self.root / "self/ns/pid").readlink())
            pid, fields = self._read("self")
        except (OSError, ValueError):
            return None
        # a /proc that was mounted outside this PID namespace shows other numbers
        return Process(boot_id, pid_namespace, pid, int(fields[START])) if pid == os.getpid() else None

    def is_gone(self, process: Process) -> bool:
        """Whether a process is known to have ended; False for one of which nothing is known."""
        own = self.own()
        if own is None or (own.boot_id, own.pid_namespace) != (process.boot_id, process.pid_namespace):
            return False
        try:
            os.kill(process.pid, 0)  # sends nothing; also knows processes that /proc hides
        except ProcessLookupError:
            return True
        except PermissionError:
            pass  # it is another user's
        try:
            _, fields = self._read(str(process.pid))
        except (OSError, ValueError):
            return False
        return fields[STATE] == ZOMBIE or int(fields[START]) != process.start_ticks

    def _read(self, process: str) -> tuple[int, list[str]]:
        """The number, and the fields behind the name. Raises: OSError; ValueError."""
        before, _, after = (self.root / process / "stat").read_text(errors="replace").rpartition(")")
        fields = after.split()
        if len(fields) <= START:
            raise ValueError("too short")
        return int(before.split()[0]), fields


THIS_MACHINE = ProcessTable()
"""The processes among which this one runs."""
