"""
How long `samebox match` takes, and how much memory, beside exact linking by DuckDB on the same files.

Each run is a process of its own. The contenders take turns, so that a busy machine is busy for all of them, and the
median of the runs counts; time per record is compared between sizes in units of nothing but the same machine's seconds.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.fleet import Fleet, generate
from service.core.workers import cores

SIZES = (20_000, 200_000, 1_000_000)
RUNS = {20_000: 5, 200_000: 3}
"""Size -> runs of each contender; one where it is not listed."""

SAMEBOX = "from service.cli import start; start()"
STAGE = re.compile(r"samebox: (\w+) .* in ([0-9.]+) s$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """
    One process: seconds by the clock and of the processors, MiB at the most, and the seconds of its stages.

    Seconds of the processors are None where others than its children worked for it.
    """

    wall: float
    cpu: float | None
    peak: float
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """The runs of one contender at one size."""

    contender: str
    records: int
    runs: Sequence[Run]

    @property
    def wall(self) -> float:
        """The median of the seconds."""
        return median(run.wall for run in self.runs)

    @property
    def peak(self) -> float:
        """The most memory of any run, MiB."""
        return max(run.peak for run in self.runs)

    def stages(self) -> dict[str, float]:
        """Return the median seconds of each stage."""
        return {name: median(run.stages[name] for run in self.runs) for name in self.runs[0].stages}


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate the files, run the contenders in turn, print what came out."""
    options = _options(arguments)
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as name:
        for size in options.sizes:
            source = Path(name, f"{size}.ndjson")
            records = write_fleet(source, size, options.seed)
            print(f"{records:,} records, {source.stat().st_size / 2**20:,.0f} MiB", file=sys.stderr)
            results += compare(source, records, options.runs or RUNS.get(size, 1), options.jobs)
            source.unlink()
    if options.json:
        print(orjson.dumps([_plain(result) for result in results], option=orjson.OPT_INDENT_2).decode())
    else:
        show(results, Console(width=None if sys.stdout.isatty() else 160))
    return 0


def write_fleet(path: Path, size: int, seed: int) -> int:
    """Write a made-up fleet of about that many records; return how many there are."""
    fleet = generate(seed, size)
    write_records(path, fleet)
    return len(fleet.records)


def write_records(path: Path, fleet: Fleet) -> None:
    """Write a fleet's records as NDJSON."""
    with path.open("wb") as file:
        file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in fleet.records)


def environment_of(code: Path) -> dict[str, str]:
    """
    Return the environment in which a process runs the code of a checkout.

    Raises:
        SystemExit: the folder is no checkout; the process would run the code that is installed, without a word.
    """
    if not (code / "service" / "cli").exists():
        raise SystemExit(f"{code} is no checkout of Samebox: it has no service/cli")
    paths = {"PYTHONPATH": str(code.resolve()), "PYTHONSAFEPATH": "1"}  # else the current folder would come first
    return {**os.environ, **paths}


def compare(source: Path, records: int, runs: int, jobs: int) -> Iterator[Result]:
    """Run each contender that often, in turn."""
    found: dict[str, list[Run]] = {name: [] for name, _ in _contenders(source, jobs)}
    for _ in range(runs):
        for name, command in _contenders(source, jobs):
            found[name].append(measure(command))
            print(f"{name}: {found[name][-1].wall:.1f} s", file=sys.stderr)
    for name, each in found.items():
        yield Result(name, records, each)


def floor_command(source: Path) -> list[str]:
    """Return the command that links a file by DuckDB."""
    return [sys.executable, "-m", "benchmarks.floor", str(source), f"{source}.csv"]


def measure(
    command: Sequence[str], environment: Mapping[str, str] | None = None, stage: re.Pattern[str] = STAGE
) -> Run:
    """
    Run a process to its end, in this environment or another; what it says of its stages is found by a pattern.

    Its peak is the larger of its own and of what it and its children hold together, looked at twenty times a second at
    first and twice a second later on; pages that they share count once (Linux; elsewhere nothing is known).
    """
    with tempfile.TemporaryFile() as told:
        before = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told, env=environment)
        together = 0.0
        look = before
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            if time.perf_counter() >= look:
                together = max(together, _held(process.pid))
                look = time.perf_counter() + (0.05 if look < before + 2 else 0.5)
            time.sleep(0.01)
        wall = time.perf_counter() - before
        _, status, used = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read().decode()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    stages = {name: float(seconds) for name, seconds in stage.findall(said)}
    return Run(wall, used.ru_utime + used.ru_stime, together, stages)


def show(results: Sequence[Result], console: Console, title: str = "match", first: str = "the floor") -> None:
    """Print the figures: against the first contender, the floor, and against the size before."""
    table = Table(title=f"{title}, {cores()} cores")
    for column in (
        "contender",
        "records",
        "runs",
        "s",
        "CPU s",
        f"times {first}",
        "us a record",
        "growth",
        "peak MiB",
    ):
        table.add_column(column, justify="left" if column == "contender" else "right")
    for result in results:
        floor = next(each for each in results if each.records == result.records)
        before = [each for each in results if each.contender == result.contender and each.records < result.records]
        pace = result.wall / result.records
        growth = f"{pace / (before[-1].wall / before[-1].records):.2f}" if before else ""
        table.add_row(
            *(result.contender, f"{result.records:,}", str(len(result.runs)), f"{result.wall:.1f}"),
            f"{median(cpu):.1f}" if (cpu := [run.cpu for run in result.runs if run.cpu is not None]) else "",
            *(f"{result.wall / floor.wall:.2f}", f"{pace * 1e6:.1f}", growth, f"{result.peak:,.0f}"),
        )
    console.print(table)
    for result in results:
        if stages := result.stages():
            told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items())
            console.print(f"{result.contender}, {result.records:,} records: {told}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.match", description=__doc__.splitlines()[1])
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="records; default: %(default)s"
    )
    parser.add_argument("--runs", type=int, help="runs of each contender; default: 5, 3 and 1 by size")
    parser.add_argument("--jobs", type=int, default=cores(), help="processes of samebox; default: one a core")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _contenders(source: Path, jobs: int) -> list[tuple[str, list[str]]]:
    out = source.with_suffix(".out")
    match = [sys.executable, "-c", SAMEBOX, "match", str(source), "--out", str(out), "--jobs", str(jobs)]
    return [
        ("DuckDB, naive", floor_command(source)),
        ("samebox, clusters", [*match, "--only", "clusters"]),
        ("samebox, all", match),
    ]


def _held(pid: int) -> float:
    """MiB that a process and its children hold, as the kernel counts: the peak of its own, or all of them now."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        own = sum(_number(Path(f"/proc/{each}/smaps_rollup"), "Pss") for each in (str(pid), *children))
    except OSError:  # it has ended in the meantime, or there is no such file here
        return 0.0
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    return max(int(peak[1]) if peak else 0, own) / 1024


def _number(path: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", path.read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _plain(result: Result) -> dict[str, object]:
    return {
        "contender": result.contender,
        "records": result.records,
        "seconds": [run.wall for run in result.runs],
        "cpu_seconds": [run.cpu for run in result.runs],
        "peak_mib": result.peak,
        "stages": result.stages(),
    }


if __name__ == "__main__":
    sys.exit(main())
