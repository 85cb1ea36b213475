"""Write the output files of a command, whole or not at all."""

from pathlib import Path

from service.core.errors import CannotWrite
from service.core.private_files import write_private


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; only its owner can read it. Raises: CannotWrite."""
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.unlink(missing_ok=True)
        write_private(beside, content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CannotWrite(f"{path} cannot be written: {error.strerror}") from None
