"""
How quickly the pages of the console answer, at rest and beside an import that changes all records.

The console is the real one, `samebox serve` in one process, and the client signs in with a key. Pages are asked for in
turn, one at a time, as a person asks, and the API's look-up in turn with them. The median of the answers counts; the
slowest stands beside it, and the very first one, before anything is kept: when it begins, and when it is whole.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx
import orjson
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from benchmarks.api import SERVE, FilledStore, Server, drawn_serials, fill, key_of, paths_of, serving, settings_of
from benchmarks.match import SAMEBOX, write_fleet
from service.cli.session import world_of
from service.console.rendering import NAVIGATION
from service.core.settings import Settings
from service.store.engine import open_store

RECORDS = 310_000
"""Of some 100,000 devices."""

BAR = 0.5  # seconds of a page at rest, in the median
BESIDE_BAR = 1.0  # the same beside an import

PART_OF_A_NAME = "pc-00"
"""What many devices have in their names."""

LOOKUP = "API look-up"

WIDEST = text("SELECT device_id FROM memberships GROUP BY device_id ORDER BY count(*) DESC, device_id LIMIT 1")


@dataclass(frozen=True)
class PageTimes:
    """
    The answers to requests for one page: how many, the seconds of the first, median and slowest one, and bytes.

    `begins` are the seconds until the first one begins to come: a report is sent while it is read.
    """

    answers: int
    begins: float
    first: float
    median: float
    slowest: float
    size: int


@dataclass(frozen=True)
class ConsoleFigures:
    """All figures, by the name of what was asked for: at rest, and beside an import that changes all records."""

    records: int
    devices: int
    at_rest: Mapping[str, PageTimes]
    beside: Mapping[str, PageTimes]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill a store or take a copy of one, serve it, ask for each page, print what came out."""
    options = _options(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        filled = _copied(folder, options) if options.store else fill(folder, options.records, options.seed)
        server = stack.enter_context(serving(SERVE, filled.environment))
        client = stack.enter_context(_signed_in(server, filled.key))
        pages = _pages(server, client, filled, options.seed)
        counts = _counted(filled)
        at_rest = _ask(client, pages, options.rounds)
        beside = _beside(client, pages, filled, options) if options.beside else {}
        found = ConsoleFigures(*counts, at_rest, beside)
    if options.json:
        print(orjson.dumps(asdict(found), option=orjson.OPT_INDENT_2).decode())
    else:
        show(found, Console(width=None if sys.stdout.isatty() else 120))
    return 0


def show(found: ConsoleFigures, console: Console) -> None:
    """Print the figures; a median that misses its bar is marked."""
    table = Table(title=f"Pages over {found.records:,} records of {found.devices:,} devices, milliseconds")
    table.add_column("page")
    table.add_column("first begins", justify="right")
    table.add_column("first", justify="right")
    for column in (f"median (bar {BAR * 1e3:.0f})", "slowest", "KB", f"beside an import (bar {BESIDE_BAR * 1e3:.0f})"):
        table.add_column(column, justify="right")
    table.add_column("slowest", justify="right")
    table.add_column("answers", justify="right")
    for name, times in found.at_rest.items():
        beside = found.beside.get(name)
        table.add_row(
            *(name, f"{times.begins * 1e3:,.0f}", f"{times.first * 1e3:,.0f}", _marked(times.median, BAR)),
            *(f"{times.slowest * 1e3:,.0f}", f"{times.size / 1e3:,.0f}"),
            *((_marked(beside.median, BESIDE_BAR), f"{beside.slowest * 1e3:,.0f}") if beside else ("", "")),
            f"{times.answers} / {beside.answers if beside else 0}",
        )
    console.print(table)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__.splitlines()[1])
    parser.add_argument("--records", type=int, default=RECORDS, help="records in the store (default %(default)s)")
    parser.add_argument("--store", type=Path, help="serve a copy of this SQLite file instead of a store of its own")
    parser.add_argument("--rounds", type=int, default=11, help="answers of each page (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument("--no-beside", dest="beside", action="store_false", help="ask at rest alone")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _copied(folder: Path, options: argparse.Namespace) -> FilledStore:
    """A copy of a store, with records of its own in a file, of which some are looked up."""
    file = folder / "samebox.db"
    given = open_store(f"sqlite:///{options.store}")
    given.back_up(file)
    given.engine.dispose()
    environment = settings_of(file)
    source = folder / "fleet.ndjson"
    store = open_store(environment["Database__Url"])
    with store.reading() as connection, source.open("w", encoding="utf-8") as lines:
        count = 0
        for (payload,) in connection.execute(text("SELECT payload FROM records")):
            lines.write(f"{payload}\n")
            count += 1
    store.engine.dispose()
    return FilledStore(source, count, environment, key_of(environment))


@contextmanager
def _signed_in(server: Server, key: str) -> Iterator[httpx.Client]:
    """A browser that has signed in; it asks the API with the same key."""
    with httpx.Client(base_url=server[0], headers={"Accept": "text/html"}, timeout=120) as client:
        answer = client.post("/sign-in", data={"key": key}, headers={"Sec-Fetch-Site": "same-origin"})
        if answer.status_code != 303:
            raise SystemExit(f"the sign-in was answered with {answer.status_code}")
        client.headers["Authorization"] = f"Bearer {key}"
        yield client


def _pages(server: Server, client: httpx.Client, filled: FilledStore, seed: int) -> dict[str, str]:
    """What is asked for, by name; pages of the navigation that have no name here are named as there."""
    lookups, devices = paths_of(server, filled.key, drawn_serials(filled.source, filled.records, seed))
    reviews = client.get("/v1/reviews", params={"limit": 1}).raise_for_status().json()["data"]
    asked = {
        LOOKUP: lookups[0],
        "home": "/",
        "search, one hit": f"/search?{lookups[0].partition('?')[2].replace('identifier=', 'q=')}",
        "search, many hits": f"/search?{urlencode({'q': PART_OF_A_NAME})}",
        "search, no hit": f"/search?{urlencode({'q': 'no such device'})}",
        "device": f"/devices/{devices[0].rpartition('/')[2]}",
        "device of many records": f"/devices/{_widest(filled)}",
        "quarantine": "/quarantine",
        "report of duplicates": "/reports/duplicates",
        "report of coverage": "/reports/coverage",
        **({"review": f"/reviews/{reviews[0]['id']}"} if reviews else {}),
    }
    return asked | {name.lower(): path for path, name in NAVIGATION if path not in asked.values()}


def _widest(filled: FilledStore) -> str:
    with world_of(_settings(filled)) as world, world.store.reading() as connection:
        return str(connection.execute(WIDEST).scalar_one())


def _counted(filled: FilledStore) -> tuple[int, int]:
    with world_of(_settings(filled)) as world, world.store.reading() as connection:
        records, devices = (
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in ("records", "devices")
        )
    return int(records), int(devices)


def _settings(filled: FilledStore) -> Settings:
    return Settings.model_validate({"database": {"url": filled.environment["Database__Url"]}})


def _ask(client: httpx.Client, pages: Mapping[str, str], rounds: int) -> dict[str, PageTimes]:
    """Ask for each page in turn; the first round is not counted."""
    found = _Found(client, pages)
    for n in range(rounds + 1):
        found.go_round(is_counted=n > 0)
    return found.times()


def _beside(
    client: httpx.Client, pages: Mapping[str, str], filled: FilledStore, options: argparse.Namespace
) -> dict[str, PageTimes]:
    """Ask for each page in turn while an import of other records under the same ids changes all devices."""
    others = filled.source.with_name("others.ndjson")
    write_fleet(others, filled.records, options.seed + 1)
    found = _Found(client, pages)
    command = [sys.executable, "-c", SAMEBOX, "import", str(others)]
    with subprocess.Popen(
        command, env=filled.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            found.go_round(until=lambda: process.poll() is not None)
    if process.returncode:
        raise SystemExit(f"the import ended with {process.returncode}")
    return found.times()


class _Found:
    """The answers so far."""

    def __init__(self, client: httpx.Client, pages: Mapping[str, str]) -> None:
        self._client = client
        self._pages = pages
        self._seconds: dict[str, list[float]] = {name: [] for name in pages}
        self._first: dict[str, tuple[float, float]] = {}
        self._sizes: dict[str, int] = {}

    def go_round(self, *, is_counted: bool = True, until: Callable[[], bool] = lambda: False) -> None:
        """Ask once for each page; one that leads on is followed, as a browser follows it."""
        for name, path in self._pages.items():
            begin = time.perf_counter()
            with self._client.stream("GET", path, follow_redirects=True) as answer:
                begins = time.perf_counter() - begin
                size = len(answer.read())
            took = time.perf_counter() - begin
            if until():
                return
            if answer.status_code not in {200, 404}:
                raise SystemExit(f"{path} was answered with {answer.status_code}; the figures would mean nothing")
            self._first.setdefault(name, (begins, took))
            if is_counted:
                self._seconds[name].append(took)
                self._sizes[name] = size

    def times(self) -> dict[str, PageTimes]:
        return {
            name: PageTimes(len(took), *self._first[name], median(took), max(took), self._sizes[name])
            for name, took in self._seconds.items()
            if took
        }


def _marked(seconds: float, bar: float) -> str:
    return f"{seconds * 1e3:,.0f}{' missed' if seconds > bar else ''}"


if __name__ == "__main__":
    sys.exit(main())
