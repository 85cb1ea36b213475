"""Reading a vendor's answers from a folder: what can be wrong with a file, and what is said about it."""

import asyncio
import json
from pathlib import Path

import pytest

from service.core.errors import ProviderChanged, ProviderError
from service.core.settings import FeedFolder
from service.ingest.cw_automate import CwAutomate
from service.ingest.files import by_id
from service.ingest.ninjaone import NinjaOne
from tests.service.ingest.feeds import rows, write


def test_a_file_that_is_missing_is_named_with_the_setting(tmp_path: Path) -> None:
    """The operator learns which file was looked for, and which setting said so."""
    write(tmp_path, computers=[])

    with pytest.raises(
        ProviderError, match=r"cw_automate: .*chassis\.json cannot be read.*Providers:ConnectWiseAutomate"
    ):
        rows(CwAutomate(FeedFolder(folder=tmp_path)))


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    """What is no file is said to be none."""
    (tmp_path / "computers.json").mkdir()

    with pytest.raises(ProviderError, match=r"computers\.json is no file"):
        rows(CwAutomate(FeedFolder(folder=tmp_path)))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'[\n  {"Id": "1"},\n  {"Id": }\n]', r"line 3, column 10: "),
        (b"", r"line 1, column 1: "),
        (b'[{"Id": "caf\xe9"}]', r"line 1, column 13: not UTF-8"),
        ('[{"Id": "1"}]'.encode("utf-16"), r"line 1, column 1: UTF-16 text; save it as UTF-8"),
        (b"[" * 300 + b"]" * 300, r"nested deeper than 254 levels"),
        (b"<!DOCTYPE html>", r"line 1, column 1: "),
    ],
)
def test_malformed_json_is_named_with_line_and_column(tmp_path: Path, content: bytes, problem: str) -> None:
    """A cut or damaged file stops the sync with the place to look at."""
    write(tmp_path, chassis=[])
    (tmp_path / "computers.json").write_bytes(content)

    with pytest.raises(ProviderChanged, match=rf"computers\.json, {problem}" if "line" in problem else problem):
        rows(CwAutomate(FeedFolder(folder=tmp_path)))


def test_a_byte_order_mark_is_tolerated(tmp_path: Path) -> None:
    """Windows tools write one before UTF-8."""
    write(tmp_path, chassis=[])
    (tmp_path / "computers.json").write_bytes(b'\xef\xbb\xbf[{"Id": "1"}]')

    assert rows(CwAutomate(FeedFolder(folder=tmp_path))) == [{"computer": {"Id": "1"}, "chassis": None}]


def test_an_answer_of_another_shape_is_refused(tmp_path: Path) -> None:
    """An error answer saved in place of the list is not taken for an empty one."""
    write(tmp_path, computers={"Message": "Authorization has been denied"}, chassis=[])
    with pytest.raises(ProviderChanged, match=r"computers\.json holds no list at its top level"):
        rows(CwAutomate(FeedFolder(folder=tmp_path)))

    write(tmp_path, devices_detailed=[], computer_systems={"results": {}}, network_interfaces=[])
    with pytest.raises(ProviderChanged, match=r"computer-systems\.json holds no list at results"):
        rows(NinjaOne(FeedFolder(folder=tmp_path)))


def test_a_file_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    """The whole file is decoded in memory, so its size has a limit."""
    write(tmp_path, computers=[{"Id": "1"}], chassis=[])

    size = (tmp_path / "computers.json").stat().st_size
    assert rows(CwAutomate(FeedFolder(folder=tmp_path), max_bytes=size))
    with pytest.raises(ProviderError, match=r"computers\.json is larger than"):
        rows(CwAutomate(FeedFolder(folder=tmp_path), max_bytes=size - 1))


def test_check_shows_the_folder_and_the_rows(tmp_path: Path) -> None:
    """An operator sees that the files are there and hold something; how many should come is unknown."""
    adapter = CwAutomate(write(tmp_path, computers=[{"Id": "1"}, {"Id": "2"}], chassis=[]))

    assert asyncio.run(adapter.check()) == [("folder", str(tmp_path)), ("rows", "2")]
    assert asyncio.run(adapter.expected()) is None


def test_the_rows_of_a_list_are_found_by_text_and_number_alike() -> None:
    """One id, whatever its type; rows without one, and what is no row, are nobody's."""
    listed = [{"id": 1, "a": "x"}, {"id": " 1", "a": None}, {"id": None}, {"id": True}, 7, json.loads("{}")]

    assert by_id(listed, "id") == {"1": {"id": 1, "a": "x"}}
