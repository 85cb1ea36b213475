"""The command that writes the reference pages."""

from pathlib import Path

from service.cli.reference import PAGES
from service.cli.reference.__main__ import write


def test_the_command_writes_every_page(tmp_path: Path) -> None:
    """Into a folder that it makes; what was there before is replaced."""
    folder = tmp_path / "docs" / "reference"
    write(folder)
    (folder / "settings.md").write_text("old")
    write(folder)

    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == {
        name: make() for name, make in PAGES.items()
    }
