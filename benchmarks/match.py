"""
How long `samebox match` takes, how much memory, and how right it is, beside other ways to resolve the same files.

Each run is a process of its own, from the file of records to a file of clusters. The contenders take turns, so that a
busy machine is busy for all of them, and the median of the runs counts. The clusters are scored against the truth of
the made-up fleet. The others are the floor (exact linking by DuckDB), Splink in two ways, and GoldenMatch.
"""

import argparse
import math
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, MutableSet, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.fleet import Fleet, generate
from benchmarks.scoring import read_clusters
from matching.model import Key
from matching.results.evaluation import Scores, score
from service.core.workers import cores

SIZES = (20_000, 200_000, 1_000_000)
RUNS = {20_000: 5, 200_000: 3}
"""Size -> runs of each contender; one where it is not listed."""

LONG = 60.0
"""Seconds from which on a run is not repeated: noise is small beside it."""

LIMIT = 600.0
"""Seconds after which a run is ended, unless told otherwise."""

OVER_MERGED = "over-merged /10k"

CONTENDERS = ("samebox", "splink", "goldenmatch")
"""Who stands beside the floor."""

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
class Contender:
    """One way to resolve a file: its name, the command, and the clusters that the command writes."""

    name: str
    command: Sequence[str]
    clusters: Path


@dataclass(frozen=True)
class Result:
    """
    The runs of one contender at one size, none where they took too long, and how right its clusters are.

    `devices` is how many there are in truth.
    """

    contender: str
    records: int
    runs: Sequence[Run]
    scores: Scores | None = None
    devices: int = 0

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
        names = self.runs[0].stages if self.runs else ()
        return {name: median(run.stages[name] for run in self.runs) for name in names}

    def accuracy(self) -> dict[str, float]:
        """Return what the table says of the clusters; over-merged are resolved devices, of 10,000 true ones."""
        if self.scores is None:
            return {}
        return {
            "precision": self.scores.precision,
            "recall": self.scores.recall,
            "B3 F1": self.scores.bcubed_f1,
            OVER_MERGED: 10_000 * self.scores.over_merged / self.devices,
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate the files, run the contenders in turn, print what came out."""
    options = _options(arguments)
    results: list[Result] = []
    too_long = set[str]()
    with tempfile.TemporaryDirectory() as name:
        for size in sorted(options.sizes):
            source = Path(name, f"{size}.ndjson")
            fleet = generate(options.seed, size)
            write_records(source, fleet)
            truth = {Key(*key): label for key, label in fleet.truth.items()}
            del fleet  # its records are on disk
            print(f"{len(truth):,} records, {source.stat().st_size / 2**20:,.0f} MiB", file=sys.stderr)
            contenders = list(_contenders(source, options.jobs, options.only or CONTENDERS))
            results += compare(contenders, truth, options.runs or RUNS.get(size, 1), options.limit, too_long)
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


def compare(
    contenders: Sequence[Contender], truth: Mapping[Key, str], runs: int, limit: float, too_long: MutableSet[str]
) -> Iterator[Result]:
    """
    Run each contender that often, in turn, and score the clusters that it wrote last.

    Args:
        limit: Seconds after which a run is ended.
        too_long: Names of contenders that are not run; whoever reaches the limit joins them.

    Raises:
        SystemExit: One of them failed, or left records out.
    """
    found: dict[str, list[Run]] = {each.name: [] for each in contenders}
    for _ in range(runs):
        for each in contenders:
            done = found[each.name]
            if each.name in too_long or (done and done[0].wall > LONG):
                continue
            try:
                done.append(measure(each.command, limit=limit))
                print(f"{each.name}: {done[-1].wall:.1f} s", file=sys.stderr)
            except TimeoutError as reason:
                print(f"{each.name}: {reason}", file=sys.stderr)
                done.clear()
                too_long.add(each.name)
    devices = len(set(truth.values()))
    for each in contenders:
        scores = _scores(each, truth) if found[each.name] else None
        yield Result(each.name, len(truth), found[each.name], scores, devices)


def _scores(contender: Contender, truth: Mapping[Key, str]) -> Scores:
    clusters = read_clusters(contender.clusters)
    if clusters.keys() != truth.keys():
        raise SystemExit(f"{contender.name} did not write the records that it was given; its scores would mean nothing")
    return score(truth, clusters)


def floor_command(source: Path) -> list[str]:
    """Return the command that links a file by DuckDB."""
    return [sys.executable, "-m", "benchmarks.floor", str(source), f"{source}.csv"]


def measure(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    stage: re.Pattern[str] = STAGE,
    limit: float = math.inf,
) -> Run:
    """
    Run a process to its end, in this environment or another; what it says of its stages is found by a pattern.

    Its peak is the larger of its own and of what it and its children hold together, looked at twenty times a second at
    first and twice a second later on; pages that they share count once (Linux; elsewhere nothing is known).

    Raises:
        TimeoutError: It took more seconds than the limit and was ended, with all that it had started.
        SystemExit: It failed.
    """
    with tempfile.TemporaryFile() as told:
        before = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=told, env=environment, start_new_session=True
        )
        try:
            status, used, together = _wait(process, limit)
        except BaseException:  # Ctrl-C does not reach a session of its own
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        wall = time.perf_counter() - before
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read().decode()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    stages = {name: float(seconds) for name, seconds in stage.findall(said)}
    return Run(wall, used.ru_utime + used.ru_stime, together, stages)


def _wait(process: subprocess.Popen[bytes], limit: float) -> tuple[int, resource.struct_rusage, float]:
    """Return the status of a process when it has ended, what it used, and its peak in MiB."""
    peak = 0.0
    look = before = time.perf_counter()
    while (now := time.perf_counter()) <= before + limit:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            return status, used, peak
        if now >= look:
            peak = max(peak, _held(process.pid))
            look = time.perf_counter() + (0.05 if now < before + 2 else 0.5)
        time.sleep(0.01)
    raise TimeoutError(f"not done after {limit:,.0f} s")


def show(results: Sequence[Result], console: Console, title: str = "match", first: str = "the floor") -> None:
    """Print the figures: against the first contender, the floor, against the size before, and against the truth."""
    table = Table(title=f"{title}, {cores()} cores")
    scored = next((list(told) for result in results if (told := result.accuracy())), [])
    columns = ("contender", "records", "runs", "s", "CPU s", f"times {first}", "us a record", "growth", "peak MiB")
    for column in (*columns, *scored):
        table.add_column(column, justify="left" if column == "contender" else "right")
    for result in results:
        table.add_row(result.contender, f"{result.records:,}", *_figures(result, results))
    console.print(table)
    for result in results:
        if stages := result.stages():
            parts = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in stages.items())
            console.print(f"{result.contender}, {result.records:,} records: {parts}")


def _figures(result: Result, results: Sequence[Result]) -> Iterator[str]:
    if not result.runs:
        yield from ("0", "too long")
        return
    pace = result.wall / result.records
    before = [
        each.wall / each.records
        for each in results
        if each.contender == result.contender and each.records < result.records and each.runs
    ]
    floor = next(each for each in results if each.records == result.records)
    yield str(len(result.runs))
    yield f"{result.wall:.1f}"
    yield f"{median(cpu):.1f}" if (cpu := [run.cpu for run in result.runs if run.cpu is not None]) else ""
    yield f"{result.wall / floor.wall:.2f}" if floor.runs else ""
    yield f"{pace * 1e6:.1f}"
    yield f"{pace / before[-1]:.2f}" if before else ""
    yield f"{result.peak:,.0f}"
    yield from (
        f"{figure:.1f}" if name == OVER_MERGED else f"{figure:.4f}" for name, figure in result.accuracy().items()
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.match", description=__doc__.splitlines()[1])
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="records; default: %(default)s"
    )
    parser.add_argument("--runs", type=int, help="runs of each contender; default: 5, 3 and 1 by size")
    parser.add_argument("--jobs", type=int, default=cores(), help="processes of samebox; default: one a core")
    parser.add_argument("--only", choices=CONTENDERS, action="append", help="beside the floor; may be repeated")
    parser.add_argument(
        "--limit",
        type=float,
        default=LIMIT,
        metavar="SECONDS",
        help="a run that takes longer is ended, and its contender not run at larger sizes (default %(default).0f)",
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _contenders(source: Path, jobs: int, wanted: Sequence[str]) -> Iterator[Contender]:
    yield Contender("DuckDB, naive", floor_command(source), Path(f"{source}.csv"))
    if "samebox" in wanted:
        out = source.with_suffix(".out")
        match = [sys.executable, "-c", SAMEBOX, "match", str(source), "--out", str(out), "--jobs", str(jobs)]
        yield Contender("samebox, clusters", [*match, "--only", "clusters"], out / "clusters.csv")
        yield Contender("samebox, all", match, out / "clusters.csv")
    if "splink" in wanted:
        for way in ("deterministic", "EM"):
            target = source.with_suffix(f".{way}.csv")
            command = [sys.executable, "-m", "benchmarks.splink_linkage", way, str(source), str(target)]
            yield Contender(f"Splink, {way}", command, target)
    if "goldenmatch" in wanted:
        target = source.with_suffix(".goldenmatch.csv")
        command = [sys.executable, "-m", "benchmarks.goldenmatch_linkage", str(source), str(target)]
        yield Contender("GoldenMatch", command, target)


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
        "peak_mib": result.peak if result.runs else None,
        "stages": result.stages(),
        **result.accuracy(),
    }


if __name__ == "__main__":
    sys.exit(main())
