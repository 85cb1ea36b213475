"""
How quickly the API answers: look-ups and devices over 32 connections, beside a bare route that reads one row.

The service is the real one, `samebox serve` in one process with a key that is checked; client and servers are processes
of their own. Service and bare route take turns, and the median of the rounds counts. Beside the rates stand the
processor's seconds that a server spent on an answer: they are steadier on a machine that is busy with something else.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx
import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.bare import ROWS
from benchmarks.match import SAMEBOX, write_fleet
from benchmarks.one_by_one import sample
from benchmarks.trouble import HALF_OPEN, PATIENT, PUSHES, trouble
from service.access import keys
from service.cli.session import world_of
from service.core.settings import Settings

RECORDS = 200_000
"""Of some 64,000 devices."""

BAR = 0.35  # of the bare route
ALONE_BAR = 0.010  # seconds at p99, of one connection
BULK_BAR = 0.5  # seconds for 1,000 identifiers
BESIDE_BAR = 0.100  # seconds at p99, beside an import of everything
LIVEZ_BAR = 0.100  # seconds of the slowest answer of /livez
CONNECTIONS = 32
LIMITS = {"Server__RequestsPerMinute": "10000000"}
"""The requests of a key are counted, and never too many."""

Server = tuple[str, int]
"""The address of a server, and its process."""

Requests = tuple[Server, Sequence[str], str]
"""A server, the paths that are asked for in turn, and a key or ""."""

SERVE = [sys.executable, "-c", SAMEBOX, "serve", "--port"]
"""The command of the service; a port follows."""

ASKED = 1000
"""Identifiers, and devices, that are asked for in turn."""


@dataclass(frozen=True)
class Answers:
    """What the client measured: answers a second, seconds at p50, p99 and worst; the server's seconds for an answer."""

    per_second: float
    p50: float
    p99: float
    worst: float
    work: float


@dataclass(frozen=True)
class Figures:
    """
    All figures: by what was asked for, `bare`, `lookup` or `device`; seconds of a bulk call, and beside imports.

    `livez` is the health check in trouble (`benchmarks.trouble`).
    """

    rounds: Mapping[str, Sequence[Answers]]
    alone: Mapping[str, Answers]
    bulk: float
    beside: float
    livez: Answers

    def rate(self, what: str) -> float:
        """Return answers a second, in the median of the rounds."""
        return median(each.per_second for each in self.rounds[what])

    def share(self, what: str) -> float:
        """Return the median of each round's rate beside the bare route's."""
        pairs = zip(self.rounds[what], self.rounds["bare"], strict=True)
        return median(own.per_second / bare.per_second for own, bare in pairs)

    def share_of_work(self, what: str) -> float:
        """Return the same of the rates that the processor's seconds would allow."""
        pairs = zip(self.rounds[what], self.rounds["bare"], strict=True)
        return median(bare.work / own.work for own, bare in pairs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a store, serve it, ask, print what came out."""
    options = _options(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        filled = fill(folder, options.records, options.seed)
        source, environment, key = filled.source, filled.environment, filled.key
        serials = drawn_serials(source, filled.records, options.seed)
        service = stack.enter_context(serving(SERVE, environment))
        bare = stack.enter_context(serving([sys.executable, "-m", "benchmarks.bare", str(folder / "bare.db")]))
        lookups, devices = paths_of(service, key, serials)
        asked: dict[str, Requests] = {
            "bare": (bare, [f"/answers/{n}" for n in range(ROWS)], ""),
            "lookup": (service, lookups, key),
            "device": (service, devices, key),
        }
        figures = measure(asked, options)
        bulk = _bulk(service, key, serials)
        write_fleet(source, options.records, options.seed + 1)  # other records under the same ids: all devices change
        beside = _beside([sys.executable, "-c", SAMEBOX, "import", str(source)], environment, asked["lookup"])
        patient = stack.enter_context(serving(SERVE, {**environment, **PATIENT}))
        with trouble(patient[0], folder / "samebox.db", key):
            livez = ask(patient, ["/livez"], "", 1, options.seconds)
    found = Figures(*figures, bulk, beside, livez)
    if options.json:
        print(orjson.dumps(_plain(found), option=orjson.OPT_INDENT_2).decode())
    else:
        show(found, Console(width=None if sys.stdout.isatty() else 160))
    return 0


def measure(
    asked: Mapping[str, Requests], options: argparse.Namespace
) -> tuple[dict[str, Sequence[Answers]], dict[str, Answers]]:
    """Ask for each in turn, over many connections and then over one; the first round is not counted."""
    rounds: dict[str, list[Answers]] = {what: [] for what in asked}
    for n in range(options.rounds + 1):
        for what, question in asked.items():
            found = ask(*question, CONNECTIONS, options.seconds if n else 1)
            if n:
                rounds[what].append(found)
                print(f"{what}: {found.per_second:,.0f}/s", file=sys.stderr)
    alone = {what: ask(*question, 1, options.seconds) for what, question in asked.items()}
    return {what: tuple(found) for what, found in rounds.items()}, alone


def show(found: Figures, console: Console) -> None:
    """Print the figures, each with its bar; one that misses it is marked."""
    table = Table(title=f"{CONNECTIONS} connections, one process; and one connection alone")
    for column in (
        "asked",
        "answers/s",
        f"of bare (bar {BAR})",
        "ms of work",
        "of bare by work",
        "p50 ms",
        "p99 ms",
        "alone p50 ms",
        "alone p99 ms (bar 10)",
    ):
        table.add_column(column, justify="left" if column == "asked" else "right")
    for what, rounds in found.rounds.items():
        alone = found.alone[what]
        share = "" if what == "bare" else _marked(found.share(what), found.share(what) < BAR)
        table.add_row(
            *(what, f"{found.rate(what):,.0f}", share, f"{median(each.work for each in rounds) * 1e3:.2f}"),
            "" if what == "bare" else f"{found.share_of_work(what):.2f}",
            *(f"{median(each.p50 for each in rounds) * 1e3:.1f}", f"{median(each.p99 for each in rounds) * 1e3:.1f}"),
            *(f"{alone.p50 * 1e3:.2f}", _marked(alone.p99 * 1e3, alone.p99 > ALONE_BAR)),
        )
    console.print(table)
    console.print(f"1,000 identifiers in one call: {_marked(found.bulk, found.bulk > BULK_BAR)} s (bar {BULK_BAR})")
    beside = _marked(found.beside * 1e3, found.beside > BESIDE_BAR)
    console.print(f"look-ups beside an import that changes all, p99 of the worst second: {beside} ms (bar 100)")
    worst = _marked(found.livez.worst * 1e3, found.livez.worst > LIVEZ_BAR)
    console.print(
        f"/livez while {PUSHES} pushes wait for a stuck writer, {HALF_OPEN} connections are half open, a report runs:"
        f" p50 {found.livez.p50 * 1e3:.2f} ms, p99 {found.livez.p99 * 1e3:.2f} ms, worst {worst} ms (bar 100)"
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=RECORDS, help="records in the store (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="seconds of each (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server on a free port, which is the last part of its command."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*command, str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise SystemExit(f"{' '.join(command)} ended with {server.returncode}")
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(30)


@dataclass(frozen=True)
class FilledStore:
    """A store that holds a fleet: the file of its records, how many, the settings that name it, and a key of it."""

    source: Path
    records: int
    environment: Mapping[str, str]
    key: str


def fill(folder: Path, records: int, seed: int) -> FilledStore:
    """Make a store of a made-up fleet in a folder."""
    source, environment = folder / "fleet.ndjson", settings_of(folder / "samebox.db")
    written = write_fleet(source, records, seed)
    print(f"{written:,} records", file=sys.stderr)
    subprocess.run([sys.executable, "-c", SAMEBOX, "import", source], env=environment, check=True, capture_output=True)
    return FilledStore(source, written, environment, key_of(environment))


def settings_of(file: Path) -> dict[str, str]:
    """Return the environment in which a service serves a file."""
    return {**os.environ, **LIMITS, "Database__Url": f"sqlite:///{file}"}


def key_of(environment: Mapping[str, str]) -> str:
    """Make a key in the store of an environment."""
    with world_of(Settings.model_validate({"database": {"url": environment["Database__Url"]}})) as world:
        return keys.create(world, f"benchmark-{os.urandom(4).hex()}", os.urandom)[1]


def drawn_serials(source: Path, records: int, seed: int) -> list[str]:
    """Return serials of some records of a fleet, each once."""
    drawn = (record.get("serial") for record in sample(source, records, ASKED, seed))
    return list(dict.fromkeys(serial for serial in drawn if isinstance(serial, str) and serial.strip()))[:ASKED]


def paths_of(service: Server, key: str, serials: Sequence[str]) -> tuple[list[str], list[str]]:
    """Look-ups that find one device, and those devices (`docs/decisions/0051`)."""
    lookups, devices = [], []
    with httpx.Client(base_url=service[0], headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        answers = client.post("/v1/lookup", json=[{"identifier": serial} for serial in serials]).raise_for_status()
    for serial, answer in zip(serials, answers.json()["data"], strict=True):
        if answer["total"] == 1:
            lookups.append(f"/v1/lookup?{urlencode({'identifier': serial})}")
            devices.append(f"/v1/devices/{answer['data'][0]['id']}")
    return lookups, devices


def _bulk(service: Server, key: str, serials: Sequence[str]) -> float:
    questions = [{"identifier": serials[n % len(serials)]} for n in range(1000)]
    took = []
    with httpx.Client(base_url=service[0], headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        for _ in range(5):
            before = time.perf_counter()
            client.post("/v1/lookup", json=questions).raise_for_status()
            took.append(time.perf_counter() - before)
    return median(took)


def _beside(importing: Sequence[str], environment: Mapping[str, str], lookups: Requests) -> float:
    """Ask over one connection for as long as an import takes; return the p99 of its worst second."""
    found = []
    with subprocess.Popen(importing, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            found.append(ask(*lookups, 1, 1.0).p99)
    if process.returncode:
        raise SystemExit(f"the import ended with {process.returncode}")
    return max(found)


def ask(server: Server, paths: Sequence[str], key: str, connections: int, seconds: float) -> Answers:
    """Ask a server for paths in turn, over so many connections and for so many seconds; all have to be answered."""
    url, process = server
    command = [sys.executable, "-m", "benchmarks.load", url, "--connections", str(connections)]
    options = ["--seconds", str(seconds), "--key", key]
    before = _processor_seconds(process)
    done = subprocess.run([*command, *options], input=orjson.dumps(list(paths)), stdout=subprocess.PIPE, check=True)
    spent = _processor_seconds(process) - before
    found = orjson.loads(done.stdout)
    statuses = found.pop("statuses")
    if set(statuses) != {"200"}:
        raise SystemExit(f"{url} refused some of the requests; the figures would mean nothing")
    return Answers(**found, work=spent / statuses["200"])


def _processor_seconds(process: int) -> float:
    """What a process has spent so far, by Linux's account (proc(5), stat)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _marked(figure: float, misses: bool) -> str:
    return f"{figure:.2f}{' missed' if misses else ''}"


def _plain(found: Figures) -> dict[str, object]:
    shares = {what: found.share(what) for what in found.rounds if what != "bare"}
    by_work = {what: found.share_of_work(what) for what in shares}
    return {**asdict(found), "of_bare": shares, "of_bare_by_work": by_work}


if __name__ == "__main__":
    sys.exit(main())
