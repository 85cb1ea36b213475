"""
Files that only their owner can read, whatever the umask: they hold the devices of every customer.

The mode of a file that is there already is left as it is: somebody chose it.
"""

import os
from pathlib import Path
from stat import S_IRGRP, S_IROTH
from typing import BinaryIO

MODE = 0o600


def new_private(path: Path) -> BinaryIO:
    """Make a file that only its owner can read, open to be written. Raises: OSError, also if there is such a file."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, MODE))


def write_private(path: Path, content: bytes = b"") -> None:
    """Write a new file that only its owner can read. Raises: OSError, also if there is such a file."""
    with new_private(path) as file:
        file.write(content)


def read_by_others(path: Path) -> bool:
    """Return whether a file is there and its mode lets its group or everybody read it; on Windows no mode says so."""
    try:
        return os.name == "posix" and bool(path.stat().st_mode & (S_IRGRP | S_IROTH))
    except OSError:
        return False
