"""Write the reference pages: `python -m service.cli.reference DIR`."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.reference import PAGES
from service.cli.terminal import say


def write(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Write the pages into this folder.")]) -> None:
    """Write the reference pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")
        say(f"wrote {folder / name}")


if __name__ == "__main__":
    typer.run(write)
