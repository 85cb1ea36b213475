"""
Whether `samebox match` ends on ten million records, and what it takes of time, memory and disk beside one million.

The records are written first, in bounded memory: ten million are some 4 GB of NDJSON, which take ten minutes to write.
Growth is that of the time a record takes.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.fleet.stream import stream
from benchmarks.match import SAMEBOX, Run, measure
from service.core.workers import cores

BUCKET = 100_000
"""Records that are put in order at once when a file is written."""


@dataclass(frozen=True)
class Result:
    """One run of `samebox match`: records and bytes that it read, and the bytes of each file that it wrote."""

    records: int
    size: int
    run: Run
    outputs: Mapping[str, int]

    @property
    def pace(self) -> float:
        """Seconds a record."""
        return self.run.wall / self.records


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a fleet of each size, resolve it, print what that took."""
    options = _options(arguments)
    results = []
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for size in sorted({options.records, *filter(None, [options.beside])}):
            source = Path(name, f"{size}.ndjson")
            records = write_shuffled(source, options.seed, size)
            print(f"{records:,} records, {source.stat().st_size / 2**20:,.0f} MiB", file=sys.stderr)
            results.append(resolve(source, records, options.jobs, options.only))
            source.unlink()
    show(results, Console(width=None if sys.stdout.isatty() else 160))
    return 0


def write_shuffled(path: Path, seed: int, records: int) -> int:
    """
    Write a fleet of about that many records as NDJSON, in any order, in bounded memory; return how many there are.

    The parts of the fleet are dealt out to files, and each file is put in order of its own behind the others.
    """
    order = random.Random(seed)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        buckets = [Path(folder, str(number)) for number in range(max(1, records // BUCKET))]
        written = _deal(seed, records, buckets, order)
        with path.open("wb") as target:
            for bucket in buckets:
                lines = bucket.read_bytes().splitlines(keepends=True)
                bucket.unlink()
                order.shuffle(lines)
                target.writelines(lines)
    return written


def resolve(source: Path, records: int, jobs: int, only: str | None) -> Result:
    """
    Run `samebox match` once.

    Raises:
        SystemExit: It failed.
    """
    out = source.with_suffix(".out")
    command = [sys.executable, "-c", SAMEBOX, "match", str(source), "--out", str(out), "--jobs", str(jobs)]
    run = measure(command + (["--only", only] if only else []))
    print(f"{records:,} records: {run.wall:.1f} s", file=sys.stderr)
    outputs = {path.name: path.stat().st_size for path in sorted(out.iterdir())}
    for path in out.iterdir():
        path.unlink()
    return Result(records, source.stat().st_size, run, outputs)


def show(results: Sequence[Result], console: Console) -> None:
    """Print the figures, each size in a row of its own."""
    table = Table(title=f"samebox match, {cores()} cores; growth of the time a record, against the smallest size")
    outputs = results[0].outputs
    for column in ("records", "MiB", "s", "CPU s", "us a record", "growth", "peak MiB", *outputs):
        table.add_column(column, justify="right")
    for each in results:
        table.add_row(*_figures(each, results[0]), *(f"{each.outputs[name] / 2**20:,.0f} MiB" for name in outputs))
    console.print(table)
    for each in results:
        parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in each.run.stages.items())
        console.print(f"{each.records:,} records: {parts}")


def _figures(each: Result, smallest: Result) -> Iterator[str]:
    yield f"{each.records:,}"
    yield f"{each.size / 2**20:,.0f}"
    yield f"{each.run.wall:.1f}"
    yield "" if each.run.cpu is None else f"{each.run.cpu:.1f}"
    yield f"{each.pace * 1e6:.1f}"
    yield "" if each is smallest else f"{each.pace / smallest.pace:.2f}"
    yield f"{each.run.peak:,.0f}"


def _deal(seed: int, records: int, buckets: Sequence[Path], order: random.Random) -> int:
    written = 0
    with ExitStack() as stack:
        files = [stack.enter_context(bucket.open("wb")) for bucket in buckets]
        for rows in stream(seed, records):
            for row, _ in rows:
                order.choice(files).write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            written += len(rows)
            print(f"generated {written:,} records", file=sys.stderr)
    return written


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=10_000_000, help="about how many (default %(default)s)")
    parser.add_argument(
        "--beside",
        type=int,
        default=1_000_000,
        help="a smaller number to compare with, 0 for none (default %(default)s)",
    )
    parser.add_argument("--only", choices=["clusters"], help="write nothing else")
    parser.add_argument("--jobs", type=int, default=cores(), help="processes of samebox; default: one a core")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument(
        "--folder", type=Path, help="where files are kept meanwhile, 12 GB for ten million; default: that of the system"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
