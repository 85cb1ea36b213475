"""A disk that is nearly full."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Give a folder on a disk of its own, with room for a database and not for much in it."""
    folder = Path(tempfile.mkdtemp(prefix="samebox-disk-"))  # a server's user cannot see below pytest's folders
    command = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=777", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        folder.rmdir()
        pytest.skip(f"no small disk here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no room on the disk of a folder meanwhile."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    yield
    ballast.unlink()
