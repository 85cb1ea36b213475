"""
What `Policy:BoardReplacement` is worth on several fleets: both settings on each seed of each edition.

    python -m benchmarks.boards                                       five seeds of both editions: some half an hour
    python -m benchmarks.boards --editions 2 --seeds 1 2 --records 60000
"""

import argparse
import sys
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks import samebox
from benchmarks.fleet import generate
from benchmarks.fleet.rates import RATES
from benchmarks.scoring import Result
from matching.policy import OnConflict, Policy

SETTINGS = (OnConflict.REVIEW, OnConflict.JOIN)


class Compared(NamedTuple):
    """One fleet under both settings."""

    edition: int
    seed: int
    review: Result
    join: Result

    @property
    def more(self) -> int:
        """How many devices more `join` merges wrongly."""
        return self.join.scores.over_merged - self.review.scores.over_merged


def main(arguments: Sequence[str] | None = None) -> int:
    """Resolve each fleet twice and print what came out."""
    options = _options(arguments)
    compared = []
    for edition in options.editions:
        for seed in options.seeds:
            compared.append(compare(edition, seed, options.records))
            print(f"edition {edition}, seed {seed}: {compared[-1].more:+} wrongly merged", file=sys.stderr)
    show(compared, Console(width=None if sys.stdout.isatty() else 160))
    return 0


def compare(edition: int, seed: int, records: int) -> Compared:
    """Score both settings on one fleet."""
    fleet = generate(seed, records, edition=edition)
    review, join = (
        samebox.alone(f"BoardReplacement={setting}", fleet, Policy(board_replacement=setting))[0]
        for setting in SETTINGS
    )
    return Compared(edition, seed, review, join)


def show(compared: Sequence[Compared], console: Console) -> None:
    """Print a line a fleet, and on how many fleets `join` merges more devices wrongly."""
    table = Table(title="Policy:BoardReplacement, review and join")
    for column in ("edition", "seed", "devices"):
        table.add_column(column, justify="right")
    for figure in ("over-merged", "split", "P", "R", "B3 F1", "reviews /100"):
        for setting in SETTINGS:
            table.add_column(f"{figure}, {setting}", justify="right")
    for each in compared:
        pairs = zip(_figures(each.review), _figures(each.join), strict=True)
        figures = [figure for pair in pairs for figure in pair]
        table.add_row(str(each.edition), str(each.seed), f"{each.review.devices:,}", *figures)
    console.print(table)
    worse = sum(each.more > 0 for each in compared)
    console.print(f"join merges more devices wrongly than review on {worse} of {len(compared)} fleets")


def _figures(result: Result) -> list[str]:
    scores = result.scores
    shares = (scores.precision, scores.recall, scores.bcubed_f1)
    counts = [str(scores.over_merged), str(scores.split)]
    return [*counts, *(f"{100 * share:.3f}" for share in shares), f"{result.reviews_per_100:.2f}"]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.boards", description=__doc__.splitlines()[1])
    parser.add_argument("--editions", type=int, nargs="+", choices=list(RATES), default=list(RATES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5], help="default 1 to 5")
    parser.add_argument("--records", type=int, default=200_000, help="about how many records each (default 200,000)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
