"""A value that kills a worker of Spark in the middle of its work, once."""

import os
import signal
from pathlib import Path
from typing import Any

READS = 300
"""How often the value is read before: once a record."""


class DeadlyValues(dict[Any, Any]):
    """An empty mapping for `Policy.allow` that kills a process that reads it often, unless it is the driver."""

    def __init__(self, killed: Path, driver: int) -> None:
        """Note the first death in a file, and which process must live."""
        super().__init__()
        self.killed, self.driver, self.left = killed, driver, READS

    def __reduce__(self) -> tuple[Any, ...]:
        """Be the same in each process, with a count of its own."""
        return DeadlyValues, (self.killed, self.driver)

    def __bool__(self) -> bool:
        """Be empty, and deadly at the last read."""
        self.left -= 1
        if self.left == 0 and os.getpid() != self.driver:
            try:
                self.killed.touch(exist_ok=False)
            except FileExistsError:
                return False
            os.kill(os.getpid(), signal.SIGKILL)
        return False
