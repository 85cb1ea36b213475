"""Draw the pictures of the README from the folder that `samebox demo` keeps: `python -m service.demo.pictures`."""

import json
import sys
from pathlib import Path

from pydantic import TypeAdapter

from service.reports.catalogue.coverage.totals import CoverageCombination
from service.reports.pictures.coverage_svg import coverage_svg

COLOUR = "#2f81f7"
"""Readable on white and on black: a picture in a page of its own does not know which it stands on."""


def main(demo: Path, folder: Path) -> None:
    """Write which feeds see how many devices of the demo."""
    totals = json.loads((demo / "reports" / "coverage.json").read_text("utf-8"))["totals"]
    combinations = TypeAdapter(list[CoverageCombination]).validate_python(totals["combinations"])
    drawn = coverage_svg(combinations).replace("<svg ", f'<svg color="{COLOUR}" ', 1)
    (folder / "coverage.svg").write_text(drawn + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
