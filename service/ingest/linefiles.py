"""NDJSON files as blocks of whole lines that any process can read, and single lines that can be read again."""

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

from service.ingest.ndjson import GZIP_MAGIC, UnreadableFile, lines, opened

STDIN = "-"

SMALLEST, LARGEST = 1024 * 1024, 16 * 1024 * 1024
"""Bytes of a block: thousands of lines, so that making a process for it costs little, and no more than memory has."""

BUFFER = 1024 * 1024


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
    """Open files by their numbers, which hold in every process forked since; positioned reads move nobody else's."""

    numbers: tuple[int, ...]

    def lines(self, block: Block) -> Iterator[tuple[int, bytes]]:
        """Yield the lines of a block with the offset of each."""
        window = _Window(self.numbers[block.file], block)
        with BufferedReader(cast("FileIO", window), BUFFER) as stream:
            for offset, line in lines(stream):
                yield block.start + offset, line

    def line(self, place: Place) -> bytes:
        """Return a line again."""
        return pread(self.numbers[place.file], place.length, place.offset)


class LineFiles:
    """
    Input files, open; what is not a plain file on disk (gzip, a pipe, standard input) is unpacked into one first.

    Raises:
        UnreadableFile: A file is not there, cannot be read, or is damaged.
    """

    def __init__(self, names: Sequence[str], scratch: Path) -> None:
        self.names = tuple(names)
        self._stack = ExitStack()
        self._scratch = scratch
        try:
            self._files = [self._stack.enter_context(self._plain(name)) for name in names]
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def blocks(self, pieces: int) -> Iterator[Block]:
        """Yield all lines of all files, in order, in about that many blocks: more where they would be too large."""
        total = sum(fstat(file.fileno()).st_size for file in self._files)
        return self.blocks_of(min(LARGEST, max(SMALLEST, total // pieces)))

    def blocks_of(self, size: int) -> Iterator[Block]:
        """Yield all lines of all files, in order; a block ends with the line that makes it that many bytes."""
        for number, file in enumerate(self._files):
            start, last = 0, fstat(file.fileno()).st_size
            while start < last:
                file.seek(min(start + size, last))
                while (rest := file.readline(size)) and not rest.endswith(b"\n"):
                    pass
                yield Block(number, start, file.tell())
                start = file.tell()

    def copy(self, name: str, to: Path) -> None:
        """Write what one of the files holds, unpacked, to another one."""
        file = self._files[self.names.index(name)]
        file.seek(0)
        with to.open("wb") as target:
            shutil.copyfileobj(file, target, BUFFER)

    @property
    def descriptors(self) -> "Descriptors":
        """What a process that was forked after the files were opened can read them by."""
        return Descriptors(tuple(file.fileno() for file in self._files))

    def _plain(self, name: str) -> IO[bytes]:
        """Open a file whose bytes are the lines themselves."""
        if name == STDIN:
            return self._unpacked(name, self._spooled(sys.stdin.buffer))
        path = Path(name)
        try:
            if not S_ISREG(path.stat().st_mode):
                with path.open("rb") as stream:
                    return self._unpacked(name, self._spooled(stream))
        except OSError as error:
            raise UnreadableFile(f"{name} cannot be read: {error.strerror}") from None
        return self._unpacked(name, path)

    def _spooled(self, stream: IO[bytes]) -> Path:
        with tempfile.NamedTemporaryFile(dir=self._scratch, delete=False) as spool:
            shutil.copyfileobj(stream, spool)
        return Path(spool.name)

    def _unpacked(self, name: str, path: Path) -> IO[bytes]:
        """Return the file itself, or what a compressed one holds."""
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
    """The bytes of a block; positioned reads, for processes that share a file share its position as well."""

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
