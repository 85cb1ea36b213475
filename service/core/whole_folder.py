"""
Write a folder whole or not at all: beside its place, and then moved there.

What was there before stays until the new one is whole. A process that is killed leaves the former folder, here or
beside; the next one that writes there puts it back. Only what was written in this way is ever replaced: a list of its
files is in the folder, and a folder that holds anything else is left alone.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.core.errors import CannotWrite
from service.core.private_files import new_private, write_private

try:
    import fcntl
except ImportError:  # on Windows, where two at a time are not noticed
    fcntl = None  # type: ignore[assignment]

LIST = ".samebox.json"
"""The names of the files of a folder that was written in this way."""


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """
    Give an empty folder to write files into; at the end it takes the place of `folder`, and after an error it is gone.

    Only the owner can look into it.

    Raises:
        CannotWrite: The folder holds other files, another process writes there, or the system refuses.
    """
    folder = folder.resolve()
    part, before = (folder.with_name(f".{folder.name}.{each}") for each in ("part", "before"))
    try:
        with _alone(folder):
            _recover(folder, part, before)
            _require_replaceable(folder)
            part.mkdir(0o700)
            try:
                yield part
                write_private(part / LIST, json.dumps(sorted(file.name for file in part.iterdir())).encode())
                _require_replaceable(folder)
                _swap(folder, part, before)
            finally:
                shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be written: {error.strerror}") from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; the system gives it back when the process ends, however it does."""
    lock = folder.with_name(f".{folder.name}.lock")
    if not lock.exists():
        _make(lock)
    with lock.open("rb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CannotWrite(f"{folder} is being written by another process") from None
        yield


def _make(lock: Path) -> None:
    try:
        new_private(lock).close()
    except FileExistsError:  # another process made it just now
        return


def _recover(folder: Path, part: Path, before: Path) -> None:
    """Tidy up after a process that was killed."""
    shutil.rmtree(part, ignore_errors=True)
    if before.exists() and not folder.exists():
        before.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def _require_replaceable(folder: Path) -> None:
    """Whatever else somebody keeps in a folder must not go with it."""
    if not folder.exists():
        return
    try:
        listed = json.loads((folder / LIST).read_bytes())
    except (OSError, ValueError):
        listed = None
    own = {LIST, *listed} if isinstance(listed, list) else set()
    others = sorted(file.name for file in folder.iterdir() if file.name not in own or file.is_dir())
    if others:
        raise CannotWrite(f"{folder} holds {others[0]}, which was not written there: name a folder of its own")


def _swap(folder: Path, part: Path, before: Path) -> None:
    try:
        if folder.exists():
            folder.rename(before)
        part.rename(folder)
    finally:  # also where somebody presses Ctrl-C between the two
        if before.exists() and not folder.exists():
            before.rename(folder)
    shutil.rmtree(before, ignore_errors=True)
