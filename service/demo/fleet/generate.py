"""
Write the feeds of the made-up fleet: `python -m service.demo.fleet.generate [--seed N] [--out DIR]`.

It prints how often each pathology occurs: the table of `fixtures/README.md`.
"""

import argparse
from pathlib import Path

from service.demo.data import FEEDS
from service.demo.fleet.feeds import draw_fleet, feeds
from service.demo.fleet.pathologies import DemoFleet, counted

SEED = 2


def table(fleet: DemoFleet) -> str:
    """Return the pathologies with their counts, and their share of all boxes or records, as a Markdown table."""
    totals = {"boxes": len(fleet.boxes), "records": len(fleet.sightings)}
    lines = ["| pathology | what it is | count | share |", "| --- | --- | --- | --- |"]
    for pathology, count in counted(fleet.tally):
        share = f"{100 * count / totals[pathology.unit]:.1f} %"
        lines.append(f"| `{pathology.name}` | {pathology.says} | {count} {pathology.unit} | {share} |")
    lines.append(f"| | in all | {totals['boxes']} boxes, {totals['records']} records | |")
    return "\n".join(lines)


def write(fleet: DemoFleet, out: Path) -> None:
    """Write every feed file and the truth below `out`, making folders as needed."""
    for path, text in feeds(fleet).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(text.encode("utf-8"))


def main(arguments: list[str] | None = None) -> None:
    """Write the feeds and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m service.demo.fleet.generate", description="Write the feeds of the made-up fleet."
    )
    parser.add_argument("--seed", type=int, default=SEED, help="another fleet of the same kind (default %(default)s)")
    parser.add_argument("--out", type=Path, default=FEEDS, help="folder for the feeds (default: the committed ones)")
    given = parser.parse_args(arguments)
    fleet = draw_fleet(given.seed)
    write(fleet, given.out)
    print(table(fleet))


if __name__ == "__main__":
    main()
