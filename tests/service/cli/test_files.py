"""The output files of commands: whole or not at all."""

from pathlib import Path

import pytest

from service.cli.files import write_file
from service.core.errors import CannotWrite
from tests.service.conftest import mode_of


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Nothing of the earlier content stays, and no other file is left."""
    (tmp_path / "report.csv").write_bytes(b"a longer content than the next")
    write_file(tmp_path / "report.csv", b"new")

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"report.csv": b"new"}


@pytest.mark.usefixtures("no_umask")
def test_only_its_owner_reads_a_file(tmp_path: Path) -> None:
    """A report holds the devices of every customer; one that others could read is replaced by one that they cannot."""
    (tmp_path / "report.csv").touch(0o644)
    (tmp_path / "report.csv.part").touch(0o644)  # left by a command that was killed

    write_file(tmp_path / "report.csv", b"new")

    assert mode_of(tmp_path / "report.csv") == 0o600


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    """The error names the file and the reason, and the part that was written is gone."""
    (tmp_path / "report.csv" / "inside").mkdir(parents=True)
    with pytest.raises(CannotWrite, match=r"report\.csv cannot be written: Is a directory"):
        write_file(tmp_path / "report.csv", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]
    assert (tmp_path / "report.csv" / "inside").is_dir()
