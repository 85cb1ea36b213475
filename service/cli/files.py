"""Write the output files of a command, whole or not at all."""

from collections.abc import Iterable
from pathlib import Path

from service.core.errors import CannotWrite
from service.core.private_files import new_private


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; only its owner can read it. Raises: CannotWrite."""
    write_chunks(path, [content])


def write_chunks(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file as its bytes come, whole or not at all; only its owner can read it. Raises: CannotWrite."""
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.unlink(missing_ok=True)
        with new_private(beside) as file:
            file.writelines(chunks)
        beside.replace(path)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
