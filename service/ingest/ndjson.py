"""The generic feed: NDJSON files of records, plain or gzip."""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

from matching.errors import NotARecord
from matching.model import Record
from matching.records import read_record
from service.errors import BadRequest
from service.ingest.decoding import DecodingError, decode

MAX_LINE = 1024 * 1024
"""Bytes of one line at the most; a record has a few hundred."""

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, section 2.3.1
EXCERPT = 200  # characters


class UnreadableFile(BadRequest):
    """A file that cannot be read, or not to its end."""


class Rejected(NamedTuple):
    """A line of which no record could be made; its beginning is fit for a terminal."""

    line: int
    reason: str
    excerpt: str


def read_ndjson(path: Path) -> Iterator[tuple[int, Record | Rejected]]:
    """
    Yield every line that is not blank, as its number (from 1) and its record, or why there is none.

    Lines are read one at a time, and of a line longer than `MAX_LINE` bytes only the beginning is kept.

    Raises:
        UnreadableFile: There is no such file, or a compressed one is damaged; the lines before the damage come first.
    """
    number = 0
    try:
        with opened(path) as stream:
            for number, (_, line) in enumerate(lines(stream), 1):
                if item := read_line(number, line):
                    yield number, item
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableFile(f"{path}: the gzip stream is cut off or damaged after line {number}") from None
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}") from None


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, plain or gzip, for its plain bytes."""
    with path.open("rb") as plain:
        if plain.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC):
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield cast("IO[bytes]", unpacked)
        else:
            yield plain


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each line with the bytes before it; of one that is too long the beginning, without a line feed."""
    offset = 0
    while line := stream.readline(MAX_LINE + 1):
        yield offset, line
        offset += len(line)
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE + 1)
            offset += len(line)
            if not line:
                return


def read_line(number: int, line: bytes) -> Record | Rejected | None:
    """Return the record in a line, the reason against it, or None for a blank line."""
    if not line.removeprefix(codecs.BOM_UTF8).strip():
        return None
    if len(line.rstrip(b"\n")) > MAX_LINE:
        return Rejected(number, f"longer than {MAX_LINE:,} bytes", _excerpt(line))
    try:
        return read_record(decode(line.rstrip()))[0]
    except NotARecord as error:
        reason = str(error)
    except DecodingError as error:
        reason = f"not JSON: {error.reason} (column {error.column})"
    return Rejected(number, reason, _excerpt(line))


def _excerpt(line: bytes) -> str:
    """The beginning of a line; what a terminal would obey is escaped."""
    beginning = line[: 4 * EXCERPT].decode("utf-8", "backslashreplace").strip()[:EXCERPT]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in beginning)
