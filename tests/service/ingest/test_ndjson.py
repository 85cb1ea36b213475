"""The generic feed: every line is a record, rejected with its number, or blank; none is lost."""

import gzip
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.model import Record
from service.core.errors import UnreadableFile
from service.ingest.linefiles import LineFiles
from service.ingest.ndjson import MAX_LINE, Rejected, read_line

GOOD = b'{"provider":"rmm_alpha","id":"A-17","serial":"PF0EXMPL"}'
RECORD: Record = {"provider": "rmm_alpha", "id": "A-17", "serial": "PF0EXMPL"}


def read(folder: Path, content: bytes) -> list[tuple[int, Record | Rejected]]:
    """Write a feed and read it."""
    path = folder / "feed.ndjson"
    path.write_bytes(content)
    with LineFiles([str(path)], folder) as files:
        [*blocks] = files.blocks(1)
        numbered = enumerate((line for block in blocks for _, line in files.descriptors.lines(block)), 1)
        return [(number, item) for number, line in numbered if (item := read_line(number, line))]


def rejection(folder: Path, line: bytes) -> Rejected:
    """Return what is said of a line between two good ones."""
    first, middle, last = read(folder, b"\n".join([GOOD, line, GOOD]))
    assert (first, last) == ((1, RECORD), (3, RECORD))
    assert middle[0] == 2
    assert isinstance(middle[1], Rejected)
    return middle[1]


def test_records_come_with_the_number_of_their_line(tmp_path: Path) -> None:
    """Blank lines are skipped and still counted; line ends, blanks around and a byte order mark do not matter."""
    content = b"\xef\xbb\xbf" + GOOD + b"\r\n\n  \t\r\n " + GOOD + b" \n" + GOOD

    assert read(tmp_path, content) == [(1, RECORD), (4, RECORD), (5, RECORD)]


def test_a_compressed_feed_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    """Whatever the file is called, and in however many parts it was written."""
    parts = gzip.compress(GOOD + b"\n") + gzip.compress(GOOD + b"\n" + GOOD)

    assert read(tmp_path, parts) == [(1, RECORD), (2, RECORD), (3, RECORD)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"provider":"a","id":', "not JSON: .*column"),
        (b'{"provider":"a","id":"\xff"}', r"not JSON: not UTF-8 \(column 23\)"),
        (b'{"provider":"a","id":"1"}{"provider":"a","id":"2"}', "not JSON: .*column 26"),
        (b'{"provider":"a","id":"1","x":' + b"[" * 300 + b"]" * 300 + b"}", "/x: nested deeper than 64 levels"),
        (b"[" * 100_000, "not JSON"),
        (b'["provider","id"]', "not a JSON object"),
        (b'{"id":"1"}', "no provider"),
        (b'{"provider":"a"}', "no id"),
        (b'{"provider":"a","id":1e999}', "/id: a number beyond what JSON can say"),
        (b'{"provider":"a","id":"1","id":"2"}', "the member 'id' twice"),
        (b'{"provider":"a","id":"1","x":{"n":1,"n":1}}', "/x: an object that has the member 'n' twice"),
        (b'{"provider":"a","id":"1","x":[NaN]}', "/x/0: NaN, which is no JSON"),
        (b'{"provider":"a","id":"1","x":' + b"7" * 41 + b"}", "/x: a number of more than 40 digits"),
        (b'{"provider":"a","id":"1","x":"' + b"y" * 65536 + b'"}', "/x: a field of more than 65,536 bytes"),
        (b'{"provider":"a/b","id":"1"}', "a provider's name has 1 to 100 characters"),
        (b'{"provider":"a","id":"\\ud800"}', "half of a surrogate pair in id"),
        ('{"provider":"a","id":"1"}'.encode("utf-16"), "not JSON: UTF-16"),
        ('{"provider":"a","id":"1"}'.encode("utf-16-le"), "not JSON: UTF-16"),
        (b"\x00\x1b[31m", "not JSON"),
    ],
)
def test_a_line_that_is_no_record_is_rejected_with_its_reason(tmp_path: Path, line: bytes, reason: str) -> None:
    """One bad line costs itself alone."""
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(rejection(tmp_path, line).reason)


def test_an_excerpt_is_short_and_fit_for_a_terminal(tmp_path: Path) -> None:
    """What a terminal would obey is escaped, what is no UTF-8 shown as bytes."""
    rejected = rejection(tmp_path, b"\x1b[31m\xff caf\xc3\xa9 " + b"x" * 1000)

    assert rejected.excerpt.startswith("\\x1b[31m\\xff café xxx")
    assert len(rejected.excerpt) < 250


def test_an_excerpt_begins_after_a_byte_order_mark() -> None:
    """A reader of files that takes the mark away, as Spark's does, gives the same excerpt."""
    with_mark, without = (read_line(1, mark + b"{") for mark in (b"\xef\xbb\xbf", b""))

    assert (
        with_mark
        == without
        == Rejected(1, "not JSON: Expecting property name enclosed in double quotes (column 2)", "{")
    )


def test_a_line_that_is_too_long_is_rejected_and_the_next_one_read(tmp_path: Path) -> None:
    """The bound is on the line, not on the file, and the last byte within it still counts."""
    room = MAX_LINE - len(b'{"provider":"a","id":"1"}')
    fits, too_long = (b'{"provider":"a","id":"1"' + b" " * (room + more) + b"}" for more in (0, 1))

    assert rejection(tmp_path, too_long).reason == "longer than 1,048,576 bytes"
    assert rejection(tmp_path, too_long * 3).reason == "longer than 1,048,576 bytes"
    assert [item["id"] for _, item in read(tmp_path, fits + b"\n" + GOOD) if isinstance(item, dict)] == ["1", "A-17"]
    assert [type(item) for _, item in read(tmp_path, too_long)] == [Rejected]


LINES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([GOOD, b"", b" \r", b"{}", b"null", b"\xef\xbb\xbf", b'{"provider":"a","id":7}']),
        st.text(max_size=20).map(str.encode),
    ),
    max_size=20,
)


@settings(deadline=None)
@given(LINES, st.booleans())
def test_no_line_is_ever_lost(lines: list[bytes], packed: bool) -> None:
    """Over any bytes: records, rejected and blank lines are all lines, each once and in order."""
    content = b"\n".join(lines)
    written = content.split(b"\n")
    with TemporaryDirectory() as folder:
        try:
            items = read(Path(folder), gzip.compress(content) if packed else content)
        except UnreadableFile:
            assert content.startswith(b"\x1f\x8b")
            return

    numbers = [number for number, _ in items]
    blank = [n for n, line in enumerate(written, 1) if not line.removeprefix(b"\xef\xbb\xbf").strip()]
    assert all(left < right for left, right in pairwise(numbers))
    assert sorted(numbers + blank) == list(range(1, len(written) + 1))
