"""Read NDJSON, the generic feed: a record on each line, plain or gzip."""

import codecs
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple, cast

from matching.model import Record
from matching.records import canonical_bytes, latest
from service.core.errors import DecodingError
from service.ingest.admission import MAX_RECORD, Inadmissible, admit, read_json

MAX_LINE = MAX_RECORD
"""Bytes of one line at most."""

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, section 2.3.1
EXCERPT = 200  # characters


class Rejected(NamedTuple):
    """A line of which no record could be made; `excerpt` is its beginning, fit for a terminal."""

    line: int
    reason: str
    excerpt: str


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for its plain bytes; gzip is known by its first bytes and unpacked."""
    with path.open("rb") as plain:
        if plain.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC):
            with gzip.GzipFile(fileobj=plain) as unpacked:
                yield cast("IO[bytes]", unpacked)
        else:
            yield plain


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its offset in bytes; of a line that is too long, the beginning without a line feed."""
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
    """Return the record in a line, `Rejected` where it holds none, or None for a blank line."""
    if not line.removeprefix(codecs.BOM_UTF8).strip():
        return None
    if len(line.rstrip(b"\n")) > MAX_LINE:
        return Rejected(number, f"longer than {MAX_LINE:,} bytes", _excerpt(line))
    try:
        return record_in(line)
    except Inadmissible as error:
        reason = str(error)
    except DecodingError as error:
        reason = f"not JSON: {error.reason} (column {error.column})"
    return Rejected(number, reason, _excerpt(line))


def record_in(line: bytes) -> Record:
    """
    Return the record in a line.

    Raises:
        DecodingError: The line is no JSON.
        Inadmissible: It holds none.
    """
    return admit(read_json(line.rstrip())).record


def is_later(line: bytes, standing: bytes, as_of: datetime | None) -> bool:
    """Whether a line's record takes the place of the one that stands, which has the same key (`records.latest`)."""
    if line == standing:
        return False
    record, other = record_in(line), record_in(standing)
    return canonical_bytes(record) != canonical_bytes(other) and latest(other, record, as_of) is record


def _excerpt(line: bytes) -> str:
    """
    Return the beginning of a line without a byte order mark, which not every reader of files hands on.

    Control characters are escaped, for a terminal would obey them.
    """
    beginning = line.removeprefix(codecs.BOM_UTF8)[: 4 * EXCERPT].decode("utf-8", "backslashreplace").strip()[:EXCERPT]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in beginning)
