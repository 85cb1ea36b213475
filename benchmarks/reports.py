"""
How long reports take: each as CSV to a file, beside a bare query of the columns that it has to look at, and over REST.

Report and bare query take turns, each in a process of its own; the median of the rounds counts. Over REST the service
is the real one, on loopback with a key: how soon the first byte of a report comes, and how long look-ups take beside
it.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

import httpx
import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.api import LIMITS, RECORDS, Requests, Server, ask, drawn_serials, paths_of, serving
from benchmarks.match import SAMEBOX, write_fleet
from benchmarks.report_files import bare_query
from service.access import keys
from service.cli.session import world_of
from service.core.settings import Settings
from service.reports.catalogue import REPORTS

RATIO_BAR = 4  # times the bare query
MEMORY_BAR = 300  # MiB, at a million records
FIRST_BYTE_BAR = 1.0  # seconds
BESIDE_BAR = 0.100  # seconds at p99, of look-ups beside a report

MOVED = 50
"""Of so many records one is moved to another customer, so that the change feed has something to report."""


@dataclass(frozen=True)
class Writing:
    """One file that a process wrote: its seconds, and the most memory of the process, MiB."""

    seconds: float
    peak: float


@dataclass(frozen=True)
class ReportFigures:
    """A report: lines of its CSV, its rounds beside those of the bare query, and seconds over REST."""

    name: str
    lines: int
    made: Sequence[Writing]
    bare: Sequence[Writing]
    first_byte: float
    beside: float  # p99 of look-ups

    @property
    def seconds(self) -> float:
        """The median of the rounds."""
        return median(each.seconds for each in self.made)

    @property
    def times_bare(self) -> float:
        """The median of each round's seconds beside the bare query's."""
        return median(own.seconds / bare.seconds for own, bare in zip(self.made, self.bare, strict=True))

    @property
    def peak(self) -> float:
        """The most memory of any round, MiB."""
        return max(each.peak for each in self.made)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a store, write each report and its bare query, serve the store, print what came out."""
    options = _options(arguments)
    names = options.only or list(REPORTS)
    for name in names:
        bare_query(name)  # before an hour is spent on the others
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        source, url = folder / "fleet.ndjson", f"sqlite:///{folder / 'samebox.db'}"
        records = write_fleet(source, options.records, options.seed)
        environment = {**os.environ, **LIMITS, "Database__Url": url}
        print(f"{records:,} records", file=sys.stderr)
        for feed in (source, moved(source, folder / "moved.ndjson")):
            subprocess.run(
                [sys.executable, "-c", SAMEBOX, "import", feed], env=environment, check=True, capture_output=True
            )
        with world_of(Settings.model_validate({"database": {"url": url}})) as world:
            _, key = keys.create(world, "benchmark", os.urandom)
        written = {name: write(url, name, folder, options.rounds) for name in names}
        serials = drawn_serials(source, records, options.seed)
        service = stack.enter_context(serving([sys.executable, "-c", SAMEBOX, "serve", "--port"], environment))
        lookups: Requests = (service, paths_of(service, key, serials)[0], key)
        found = [
            ReportFigures(name, *written[name], first_byte(service, key, name), beside(lookups, name, options.seconds))
            for name in names
        ]
    if options.json:
        print(orjson.dumps([_plain(each) for each in found], option=orjson.OPT_INDENT_2).decode())
    else:
        show(records, found, Console(width=None if sys.stdout.isatty() else 160))
    return 0


def moved(source: Path, path: Path) -> Path:
    """Write some records of a feed as they are once their device went to the customer of the record before."""
    former: dict[str, Any] = {}
    with source.open("rb") as feed, path.open("wb") as file:
        for number, line in enumerate(feed):
            record = orjson.loads(line)
            company = {name: record[name] for name in ("company", "company_id") if name in record}
            if number % MOVED == 0 and former.get(record["provider"]):
                file.write(orjson.dumps({**record, **former[record["provider"]]}, option=orjson.OPT_APPEND_NEWLINE))
            former[record["provider"]] = company
    return path


def write(url: str, name: str, folder: Path, rounds: int) -> tuple[int, list[Writing], list[Writing]]:
    """Write a report and its bare query in turn; return the lines of the report, and what each writing took."""
    path = folder / f"{name}.csv"
    made, bare = [], []
    for _ in range(rounds):
        bare.append(_written(url, name, folder / "bare.csv", "--bare"))
        made.append(_written(url, name, path))
        print(f"{name}: {made[-1].seconds:.2f} s, bare {bare[-1].seconds:.2f} s", file=sys.stderr)
    with path.open("rb") as file:
        lines = sum(1 for _ in file)
    return lines, made, bare


def _written(url: str, name: str, path: Path, *options: str) -> Writing:
    command = [sys.executable, "-m", "benchmarks.report_files", url, name, str(path), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Writing(**orjson.loads(done.stdout))


def first_byte(service: Server, key: str, name: str) -> float:
    """Return the seconds until the first byte of a report comes; the rest is read as well."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=service[0], headers=headers, timeout=600) as client:
        before = time.perf_counter()
        with client.stream("GET", f"/v1/reports/{name}.csv") as answer:
            pieces = answer.raise_for_status().iter_raw()
            next(pieces)
            came = time.perf_counter() - before
            for _ in pieces:
                pass
    return came


def beside(lookups: Requests, name: str, seconds: float) -> float:
    """Return the p99 of look-ups over one connection while a report is read again and again."""
    service, _, key = lookups
    with _reading(service, key, name):
        return ask(*lookups, 1, seconds).p99


@contextmanager
def _reading(service: Server, key: str, name: str) -> Iterator[None]:
    is_over = Event()
    failed: list[BaseException] = []

    def read() -> None:
        try:
            while not is_over.is_set():
                first_byte(service, key, name)
        except httpx.HTTPError as error:
            failed.append(error)

    reader = Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        is_over.set()
        reader.join()
    if failed:
        raise SystemExit(f"{name} could not be read, so that the figures would mean nothing: {failed[0]}")


def show(records: int, found: Sequence[ReportFigures], console: Console) -> None:
    """Print the figures, each with its bar in the heading; one that misses it is marked."""
    table = Table(title=f"reports as CSV over {records:,} records, beside a bare query written with the csv module")
    for column in (
        "report",
        "lines",
        "s",
        "bare s",
        f"times bare (bar {RATIO_BAR})",
        f"peak MiB (bar {MEMORY_BAR})",
        f"first byte s (bar {FIRST_BYTE_BAR:g})",
        f"look-ups beside, p99 ms (bar {BESIDE_BAR * 1e3:g})",
    ):
        table.add_column(column, justify="left" if column == "report" else "right")
    for each in found:
        table.add_row(
            *(each.name, f"{each.lines:,}", f"{each.seconds:.2f}"),
            f"{median(bare.seconds for bare in each.bare):.2f}",
            _marked(each.times_bare, RATIO_BAR),
            _marked(each.peak, MEMORY_BAR, 0),
            _marked(each.first_byte, FIRST_BYTE_BAR),
            _marked(each.beside * 1e3, BESIDE_BAR * 1e3, 1),
        )
    console.print(table)


def _marked(figure: float, bar: float, digits: int = 2) -> str:
    return f"{figure:,.{digits}f}{' missed' if figure > bar else ''}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports", description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=RECORDS, help="records in the store (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds that count (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds of look-ups (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument("--only", nargs="+", choices=list(REPORTS), help="only these reports")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _plain(each: ReportFigures) -> Mapping[str, object]:
    return {**asdict(each), "times_bare": each.times_bare, "peak": each.peak}


if __name__ == "__main__":
    sys.exit(main())
