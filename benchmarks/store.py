"""
How long the store takes: a fleet imported and imported again, one record changed, one device looked up.

Imports are processes of their own, in turn with exact linking by DuckDB on the same file and, where a checkout of the
commit before is named, with its import. Memory is that of the process
that imports; what a PostgreSQL server holds beside it is not counted. That server comes from the tests, but here it
writes to the disk as one in use does.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import orjson
import pytest
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select, text

from benchmarks.match import SAMEBOX, Run, environment_of, floor_command, measure, write_fleet
from benchmarks.one_by_one import Changes, Filled, Lookups, change, look_up, sample
from service.cli.session import world_of
from service.core.settings import Settings
from service.store.database import tables
from service.store.engine import Store
from service.store.world import World
from tests.service import postgres

HERE = Path(__file__).parent.parent
"""The code that is measured."""

SIZES = (20_000, 1_000_000)
RUNS = {20_000: 3}
"""Size -> runs of each import; one where it is not listed."""

DATABASES = ("sqlite", "postgresql")

FLOOR_BAR = 25  # times the floor
MEMORY_BAR = 3 * 1024  # MiB
AGAIN_BAR = 1 / 3  # of the first import
BEFORE_BAR = 1.15  # times what an import took before
BARE_BARS = {"sqlite": 150, "postgresql": 30}  # times a bare transaction, at p50
TAIL_BAR = 8  # p99, in p50
GROWTH_BAR = 1.5  # between the sizes


@dataclass(frozen=True)
class Imports:
    """The runs that filled a store of one size, those in which nothing was new, and others on the same file."""

    database: str
    records: int
    floor: Sequence[Run]
    before: Sequence[Run]  # of the commit before; none where it is not named
    first: Sequence[Run]
    again: Sequence[Run]
    size: int  # bytes of the database after the first

    @property
    def times_the_floor(self) -> float:
        """The first import, in medians of the floor."""
        return _wall(self.first) / _wall(self.floor)

    @property
    def times_before(self) -> float | None:
        """The first import, in medians of the one of the commit before."""
        return _wall(self.first) / _wall(self.before) if self.before else None

    @property
    def share(self) -> float:
        """What of the first import the second takes."""
        return _wall(self.again) / _wall(self.first)

    @property
    def peak(self) -> float:
        """The most memory of any import, MiB."""
        return max(run.peak for run in (*self.first, *self.again))


def main(arguments: Sequence[str] | None = None) -> int:
    """Import fleets, change and look up what they hold, print what came out."""
    options = _options(arguments)
    imports: list[Imports] = []
    filled: list[Filled] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = list(_available(options.only))
        for size in options.sizes:
            source = folder / f"{size}.ndjson"
            records = write_fleet(source, size, options.seed)
            print(f"{records:,} records, {source.stat().st_size / 2**20:,.0f} MiB", file=sys.stderr)
            runs = options.runs or RUNS.get(size, 1)
            for done, url in fill(folder, source, records, runs, databases, options.before):
                world = stack.enter_context(_world(url))
                imports.append(done)
                drawn = sample(source, records, options.changes, options.seed)
                filled.append(Filled(done.database, records, world, drawn))
            source.unlink()
        print("the databases do what the imports left for later", file=sys.stderr)
        for place in filled:
            _settle(place.world.store)
        lookups = list(look_up(filled, options.changes, options.seed))
        changes = change(filled, options.changes, options.seed)
    if options.json:
        print(orjson.dumps(_plain(imports, changes, lookups), option=orjson.OPT_INDENT_2).decode())
    else:
        show(imports, changes, lookups, Console(width=None if sys.stdout.isatty() else 160))
    return 0


def fill(  # noqa: PLR0913, PLR0917 - what, how often and where, and what it is compared with
    folder: Path, source: Path, records: int, runs: int, databases: Sequence[str], former: Path | None
) -> Iterator[tuple[Imports, str]]:
    """Import a file twice into new databases, that often, in turn; the last database of each kind stays."""
    before: dict[str, list[Run]] = {database: [] for database in databases}
    floor: list[Run] = []
    first: dict[str, list[Run]] = {database: [] for database in databases}
    again: dict[str, list[Run]] = {database: [] for database in databases}
    urls: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for _ in range(runs):
        for database in databases:
            floor.append(_told("DuckDB", measure(floor_command(source))))
            if database in urls:
                _drop(urls[database])
            if former:
                own = _new(database, folder / "before.db")
                before[database].append(_told(f"{database}, before", _import(source, own, folder, former)))
                _drop(own)
            urls[database] = url = _new(database, folder / f"{source.stem}.db")
            run = partial(_import, source, url, folder)
            first[database].append(_told(f"{database}, first", run()))
            sizes[database] = _size(url)
            held = _contents(url)
            again[database].append(_told(f"{database}, again", run()))
            if held[0] == 0 or _contents(url) != held:
                raise SystemExit(f"{database}: the second import found something new; the figures would mean nothing")
    for database, url in urls.items():
        yield (
            Imports(database, records, floor, before[database], first[database], again[database], sizes[database]),
            url,
        )


def _settle(store: Store) -> None:
    """
    Let a database write out and tidy up what it does in the background after an import, and the disk as well.

    PostgreSQL reads all tables for it. SQLite's file is read too: the import after its own pushed it out of memory.
    """
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
            connection.execute(text("CHECKPOINT"))
    os.sync()
    if store.engine.dialect.name == "sqlite":
        with Path(store.name).open("rb") as file:
            while file.read(2**20):
                pass


def show(imports: Sequence[Imports], changes: Sequence[Changes], lookups: Sequence[Lookups], console: Console) -> None:
    """Print the figures, each with its bar in the heading; one that is over it is marked."""
    table = _table(
        "import of NDJSON to served devices (peak: of the process that imports)",
        f"database|records|runs|s|times before (bar {BEFORE_BAR})|times the floor (bar {FLOOR_BAR})|again s"
        f"|again, of the first (bar {AGAIN_BAR:.2f})|peak MiB (bar {MEMORY_BAR:,})|bytes a record",
    )
    for done in imports:
        table.add_row(
            *(done.database, f"{done.records:,}", str(len(done.first)), f"{_wall(done.first):.1f}"),
            *(
                _beside(done.times_before, BEFORE_BAR) if done.times_before else "",
                _beside(done.times_the_floor, FLOOR_BAR),
            ),
            *(f"{_wall(done.again):.1f}", _beside(done.share, AGAIN_BAR)),
            *(_beside(done.peak, MEMORY_BAR, 0), f"{done.size / done.records:,.0f}"),
        )
    console.print(table)
    table = _table(
        "one changed record",
        f"database|records|changes|p50 ms|p99 ms|p99, in p50 (bar {TAIL_BAR})|bare p50 ms"
        f"|times bare (bars {', '.join(map(str, BARE_BARS.values()))})|growth (bar {GROWTH_BAR})",
    )
    for each in changes:
        smaller = [other.p50 for other in changes if other.database == each.database and other.records < each.records]
        table.add_row(
            *(each.database, f"{each.records:,}", str(len(each.pushes)), f"{each.p50 * 1e3:.2f}"),
            *(f"{each.p99 * 1e3:.2f}", _beside(each.p99 / each.p50, TAIL_BAR), f"{median(each.bare) * 1e3:.3f}"),
            *(_beside(each.p50 / median(each.bare), BARE_BARS[each.database]), _growth(each.p50, smaller)),
        )
    console.print(table)
    table = _table(
        "look-up that finds one device", f"database|kind|records|would find more|p50 ms|growth (bar {GROWTH_BAR})"
    )
    for look in sorted(lookups, key=lambda each: (DATABASES.index(each.database), each.kind, each.records)):
        smaller = [
            other.p50
            for other in lookups
            if (other.database, other.kind) == (look.database, look.kind) and other.records < look.records
        ]
        table.add_row(
            *(look.database, look.kind, f"{look.records:,}", f"{look.several:.0%}"),
            *(f"{look.p50 * 1e3:.2f}", _growth(look.p50, smaller)),
        )
    console.print(table)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.store", description=__doc__.splitlines()[1])
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="records; default: %(default)s"
    )
    parser.add_argument("--runs", type=int, help="runs of each import; default: 3 and 1 by size")
    parser.add_argument(
        "--changes", type=int, default=300, help="changes, and look-ups of each kind, at each size (default 300)"
    )
    parser.add_argument("--only", choices=DATABASES, help="one database; default: both, where there is PostgreSQL")
    parser.add_argument(
        "--before",
        type=Path,
        metavar="FOLDER",
        help="a checkout of the commit before: its imports take turns with ours",
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _available(only: str | None) -> Iterator[str]:
    if only != "postgresql":
        yield "sqlite"
    if only != "sqlite":
        try:
            server = postgres.server()
        except pytest.skip.Exception as reason:
            if only:
                raise SystemExit(str(reason)) from None
            print(reason, file=sys.stderr)
            return
        for setting in ("fsync", "full_page_writes", "autovacuum"):  # tests do without
            server.execute(f"ALTER SYSTEM SET {setting} = on")
        server.execute("SELECT pg_reload_conf()")
        yield "postgresql"


def _new(database: str, file: Path) -> str:
    return f"sqlite:///{file}" if database == "sqlite" else postgres.empty_database()


def _drop(url: str) -> None:
    if url.startswith("sqlite"):
        for file in _files(url):
            file.unlink()
    else:
        postgres.drop_database(url)


def _files(url: str) -> list[Path]:
    """The file of an SQLite database, and those beside it while it is in use."""
    file = Path(url.removeprefix("sqlite:///"))
    return sorted(file.parent.glob(f"{file.name}*"))


def _world(url: str) -> AbstractContextManager[World]:
    return world_of(Settings.model_validate({"database": {"url": url}}))


def _size(url: str) -> int:
    if url.startswith("sqlite"):
        return sum(file.stat().st_size for file in _files(url))
    with _world(url) as world, world.store.reading() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _contents(url: str) -> tuple[int, int]:
    """How many records there are, and how many changes were told."""
    with _world(url) as world, world.store.reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.records, tables.changes)
        ]
    return counts[0], counts[1]


def _import(source: Path, url: str, folder: Path, code: Path = HERE) -> Run:
    rejected = folder / "rejected.ndjson"
    command = [sys.executable, "-c", SAMEBOX, "import", str(source), "--rejected", str(rejected)]
    run = measure(command, {**environment_of(code), "Database__Url": url})
    if rejected.exists():
        raise SystemExit(f"{source.name}: a line of the made-up fleet was rejected")
    return run


def _told(what: str, run: Run) -> Run:
    print(f"{what}: {run.wall:.1f} s", file=sys.stderr)
    return run


def _wall(runs: Sequence[Run]) -> float:
    return median(run.wall for run in runs)


def _table(title: str, columns: str) -> Table:
    table = Table(title=title)
    for column in columns.split("|"):
        table.add_column(column, justify="left" if column in {"database", "kind"} else "right")
    return table


def _beside(figure: float, bar: float, digits: int = 2) -> str:
    return f"{figure:,.{digits}f}{' over' if figure > bar else ''}"


def _growth(figure: float, smaller: Sequence[float]) -> str:
    """The figure in those of the smallest size; empty at that size."""
    return _beside(figure / smaller[0], GROWTH_BAR) if smaller else ""


def _plain(imports: Sequence[Imports], changes: Sequence[Changes], lookups: Sequence[Lookups]) -> dict[str, object]:
    return {
        "imports": [
            {
                "database": each.database,
                "records": each.records,
                "floor_seconds": [run.wall for run in each.floor],
                "before_seconds": [run.wall for run in each.before],
                "seconds": [run.wall for run in each.first],
                "again_seconds": [run.wall for run in each.again],
                "times_the_floor": each.times_the_floor,
                "peak_mib": each.peak,
                "bytes_a_record": each.size / each.records,
            }
            for each in imports
        ],
        "changes": [
            {
                "database": each.database,
                "records": each.records,
                "changes": len(each.pushes),
                "p50_seconds": each.p50,
                "p99_seconds": each.p99,
                "bare_p50_seconds": median(each.bare),
            }
            for each in changes
        ],
        "lookups": [
            {
                "database": each.database,
                "records": each.records,
                "kind": each.kind,
                "p50_seconds": each.p50,
                "share_that_would_find_more": each.several,
            }
            for each in lookups
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
