"""
Read the lines of NDJSON files in blocks, for several processes to share, and read single lines again by position.

Forked processes share the offset of an open file, so blocks and lines are read at an offset of their own (`pread`).
"""

import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from gzip import BadGzipFile
from io import BufferedReader, FileIO, RawIOBase
from os import fstat, pread
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import IO, NamedTuple, Self, cast

from service.core.errors import UnreadableFile
from service.ingest.ndjson import GZIP_MAGIC, lines, opened

STDIN = "-"

SMALLEST, LARGEST = 1024 * 1024, 16 * 1024 * 1024
"""Bytes of a block: enough lines that handing it to a process costs little, and no more than memory holds easily."""

BUFFER = 1024 * 1024
"""Bytes that are read or copied at a time."""


class BadLine(NamedTuple):
    """A line of which no record could be made; lines count from 1."""

    file: str
    line: int
    reason: str
    excerpt: str


class Block(NamedTuple):
    """Whole lines of one file, from `start` up to `end`."""

    file: int
    start: int
    end: int


class Place(NamedTuple):
    """Where a line is."""

    file: int
    offset: int
    length: int


@dataclass(frozen=True)
class Descriptors:
    """Open files by file descriptor, for processes that are forked after the files were opened."""

    numbers: tuple[int, ...]

    def lines(self, block: Block) -> Iterator[tuple[int, bytes]]:
        """Yield the lines of a block with the offset of each."""
        window = _Window(self.numbers[block.file], block)
        with BufferedReader(cast("FileIO", window), BUFFER) as stream:
            for offset, line in lines(stream):
                yield block.start + offset, line

    def line(self, place: Place) -> bytes:
        """Return the line at a place."""
        return pread(self.numbers[place.file], place.length, place.offset)


class LineFiles:
    """
    Input files, opened; `-` is standard input.

    Gzip, a pipe and standard input are copied to plain files in the folder `scratch` first, for blocks need offsets.
    """

    def __init__(self, names: Sequence[str], scratch: Path) -> None:
        """
        Open the files, and copy what has to be copied.

        Raises:
            UnreadableFile: A file is not there, cannot be read, or is damaged.
        """
        self.names = tuple(names)
        self._scratch = scratch
        with ExitStack() as opening:
            self._stack = opening
            self._files = [opening.enter_context(self._plain(name)) for name in names]
            self._stack = opening.pop_all()  # all are open, and stay so

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def blocks(self, pieces: int) -> Iterator[Block]:
        """Yield all lines of all files, in order, in about `pieces` blocks; their size stays within its bounds."""
        total = sum(fstat(file.fileno()).st_size for file in self._files)
        return self.blocks_of(min(LARGEST, max(SMALLEST, total // pieces)))

    def blocks_of(self, size: int) -> Iterator[Block]:
        """Yield all lines of all files, in order; a block ends with the line that brings it to `size` bytes."""
        for number, file in enumerate(self._files):
            start, last = 0, fstat(file.fileno()).st_size
            while start < last:
                file.seek(min(start + size, last))
                while (rest := file.readline(size)) and not rest.endswith(b"\n"):
                    pass
                yield Block(number, start, file.tell())
                start = file.tell()

    def copy(self, name: str, to: Path) -> None:
        """Write the plain bytes of one of the files to another file."""
        file = self._files[self.names.index(name)]
        file.seek(0)
        with to.open("wb") as target:
            shutil.copyfileobj(file, target, BUFFER)

    @property
    def descriptors(self) -> "Descriptors":
        """The open files, for processes that are forked from here on."""
        return Descriptors(tuple(file.fileno() for file in self._files))

    def _plain(self, name: str) -> IO[bytes]:
        """Open a file whose bytes are the lines themselves."""
        if name == STDIN:
            return self._copied(name, sys.stdin.buffer)
        path = Path(name)
        try:
            if not S_ISREG(path.stat().st_mode):
                with path.open("rb") as stream:
                    return self._copied(name, stream)
        except OSError as error:
            raise UnreadableFile(f"{name} cannot be read: {error.strerror}") from None
        return self._unpacked(name, path)

    def _copied(self, name: str, stream: IO[bytes]) -> IO[bytes]:
        """Open a copy of a stream; the copy has no name by the end, so that it stays in no folder."""
        with tempfile.NamedTemporaryFile(dir=self._scratch) as copy:
            shutil.copyfileobj(stream, copy)
            copy.flush()
            return self._unpacked(name, Path(copy.name))

    def _unpacked(self, name: str, path: Path) -> IO[bytes]:
        """Open the file itself, or a plain copy of a compressed one."""
        try:
            with path.open("rb") as start:
                is_packed = start.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            if not is_packed:
                return path.open("rb")
            plain = cast("IO[bytes]", tempfile.TemporaryFile(dir=self._scratch))  # noqa: SIM115 - the stack closes it
            self._stack.enter_context(plain)
            with opened(path) as stream:
                shutil.copyfileobj(stream, plain, BUFFER)
            plain.flush()
        except (EOFError, zlib.error, BadGzipFile):
            raise UnreadableFile(f"{name}: the gzip stream is cut off or damaged") from None
        except OSError as error:
            raise UnreadableFile(f"{name} cannot be read: {error.strerror}") from None
        return plain


class _Window(RawIOBase):
    """The bytes of a block as a stream."""

    def __init__(self, file: int, block: Block) -> None:
        super().__init__()
        self._file = file
        self._at, self._end = block.start, block.end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # a buffered reader gives a writable one
        found = pread(self._file, min(len(buffer), self._end - self._at), self._at)
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
