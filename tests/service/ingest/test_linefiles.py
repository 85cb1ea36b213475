"""Lines of files in blocks, and single lines again, whatever kind of file they come from."""

import gzip
import io
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.errors import UnreadableFile
from service.ingest.linefiles import STDIN, LineFiles, Place

GOOD = b'{"provider":"rmm_alpha","id":"A-17"}'


def read(folder: Path, content: bytes, size: int = 1024) -> list[bytes]:
    """Write a file and read its lines, in blocks of about that many bytes."""
    path = folder / "feed.ndjson"
    path.write_bytes(content)
    with LineFiles([str(path)], folder) as files:
        return [line for block in files.blocks_of(size) for _, line in files.descriptors.lines(block)]


@given(st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=12), st.integers(1, 60))
def test_blocks_are_whole_lines_and_together_all_of_them(lines: list[bytes], size: int) -> None:
    """Wherever the bounds fall, no line is cut, lost or read twice."""
    content = b"\n".join([b"x", *lines])  # x: or the bytes might begin as gzip does
    with TemporaryDirectory() as folder:
        assert read(Path(folder), content, size) == io.BytesIO(content).readlines()


@pytest.mark.parametrize("packed", [False, True])
def test_a_line_is_found_again_by_its_place(tmp_path: Path, packed: bool) -> None:
    """Offsets are those of the plain bytes, in each file by itself."""
    names = []
    for name in ("a", "b"):
        content = b"first " + name.encode() + b"\nsecond " + name.encode() + b"\n"
        (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
        names.append(str(tmp_path / name))

    with LineFiles(names, tmp_path) as files:
        places = [
            (Place(block.file, offset, len(line)), line)
            for block in files.blocks(1)
            for offset, line in files.descriptors.lines(block)
        ]
        assert [line for _, line in places] == [b"first a\n", b"second a\n", b"first b\n", b"second b\n"]
        assert [files.descriptors.line(place) for place, _ in reversed(places)] == [line for _, line in places[::-1]]


def test_standard_input_and_a_pipe_are_read_like_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They have no offsets, so they are copied first; the copies stay nowhere."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(GOOD + b"\n"))))
    reading, writing = os.pipe()
    os.write(writing, b"piped\n")
    os.close(writing)

    with LineFiles([STDIN, f"/dev/fd/{reading}"], tmp_path) as files:
        found = [line for block in files.blocks(1) for _, line in files.descriptors.lines(block)]
        left = list(tmp_path.iterdir())
    os.close(reading)

    assert found == [GOOD + b"\n", b"piped\n"]
    assert left == []


def test_a_file_is_copied_with_its_plain_bytes(tmp_path: Path) -> None:
    """What was unpacked once need not be unpacked again."""
    path = tmp_path / "feed.gz"
    path.write_bytes(gzip.compress(GOOD))

    with LineFiles([str(path)], tmp_path) as files:
        files.copy(str(path), tmp_path / "copy")

    assert (tmp_path / "copy").read_bytes() == GOOD


def test_damaged_gzip_is_named(tmp_path: Path) -> None:
    """A stream cut off, a flipped byte in it, in its checksum, and bytes that follow it are all found."""
    whole = gzip.compress(GOOD)
    flipped = whole[:-5] + b"\x00" + whole[-4:]
    for content in (whole[:-6], flipped, whole + b"trailing", whole[:10] + b"\xff\xff" + whole[12:]):
        with pytest.raises(UnreadableFile, match="cut off or damaged"):
            read(tmp_path, content)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """So is a folder."""
    with pytest.raises(UnreadableFile, match=r"nowhere\.ndjson cannot be read: No such file"):
        LineFiles([str(tmp_path / "nowhere.ndjson")], tmp_path)
    with pytest.raises(UnreadableFile, match="cannot be read: "):
        LineFiles([str(tmp_path)], tmp_path)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_claim_to_be_gzip_raise_nothing_but_our_error(noise: bytes) -> None:
    """A header does not make a stream."""
    with TemporaryDirectory() as folder, pytest.raises(UnreadableFile):
        read(Path(folder), b"\x1f\x8b" + noise)
