"""Files that only their owner can read."""

from pathlib import Path

import pytest

from service.core.private_files import read_by_others, write_private
from tests.service.conftest import mode_of


@pytest.mark.usefixtures("no_umask")
def test_a_private_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Also where the umask would let everybody read it."""
    write_private(tmp_path / "new", b"content")

    assert (tmp_path / "new").read_bytes() == b"content"
    assert mode_of(tmp_path / "new") == 0o600
    assert not read_by_others(tmp_path / "new")


def test_a_file_that_is_there_keeps_content_and_mode(tmp_path: Path) -> None:
    """Somebody chose both."""
    (tmp_path / "old").write_text("precious")
    (tmp_path / "old").chmod(0o644)

    with pytest.raises(FileExistsError):
        write_private(tmp_path / "old", b"content")
    assert (tmp_path / "old").read_text() == "precious"
    assert mode_of(tmp_path / "old") == 0o644


@pytest.mark.parametrize(("mode", "is_read"), [(0o600, False), (0o640, True), (0o604, True), (0o622, False)])
def test_group_and_others_are_others(mode: int, is_read: bool, tmp_path: Path) -> None:
    """Whoever can only write does not read; a file that is not there is read by nobody."""
    (tmp_path / "file").touch()
    (tmp_path / "file").chmod(mode)

    assert read_by_others(tmp_path / "file") is is_read
    assert not read_by_others(tmp_path / "none")
