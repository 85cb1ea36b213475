"""
How long `samebox match` takes on Apache Spark, beside the same on one machine without it.

Both get the same file and write the same files, in turn. Growth is that of the time a record takes, from one size to
the next. What the steps on Spark take shows what a cluster would share out: all but the writing is the workers' part.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks.match import SAMEBOX, Result, Run, measure, show, write_fleet

SIZES = (200_000, 1_000_000)
STAGE = re.compile(r"samebox: ([a-z ]+): done in ([0-9.]+) s$", re.MULTILINE)
OUTPUTS = ("clusters.csv", "devices.ndjson", "reviews.ndjson", "summary.json", "rejected.ndjson")


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate the files, run both in turn, compare what they wrote, print what came out."""
    options = _options(arguments)
    results: list[Result] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for size in options.sizes:
            source = Path(name, f"{size}.ndjson")
            records = write_fleet(source, size, options.seed)
            print(f"{records:,} records, {source.stat().st_size / 2**20:,.0f} MiB", file=sys.stderr)
            results += compare(source, records, options.runs, options.master)
            source.unlink()
    show(results, Console(width=None if sys.stdout.isatty() else 160), options.master, "one machine")
    return 0


def compare(source: Path, records: int, runs: int, master: str) -> Iterator[Result]:
    """
    Run both that often, in turn.

    Raises:
        SystemExit: One of them failed, or their files differ.
    """
    alone, spark = source.with_name("alone"), source.with_name("spark")
    match = [sys.executable, "-c", SAMEBOX, "match", str(source), "--out"]
    commands = {
        "one machine": [*match, str(alone)],
        "Spark": [*match, str(spark), "--engine", "spark", "--master", master],
    }
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(replace(measure(command, stage=STAGE), cpu=None))  # a JVM is not counted
            print(f"{name}: {found[name][-1].wall:.1f} s", file=sys.stderr)
        for output in OUTPUTS:
            if (alone / output).read_bytes() != (spark / output).read_bytes():
                raise SystemExit(f"{output} differs; the figures would mean nothing")
    for name, each in found.items():
        yield Result(name, records, each)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__.splitlines()[1])
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="records; default: %(default)s"
    )
    parser.add_argument("--runs", type=int, default=1, help="runs of each (default %(default)s)")
    parser.add_argument("--master", default="local[2]", help="where Spark runs (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument("--folder", type=Path, help="where files are kept meanwhile; default: that of the system")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
