"""The long form of the proofs: `python -m tests.service.soak [--kills N] [--rounds N] [--size N] [--seed N]`."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import randrange

import pytest

from service.cli.terminal import show, show_table
from tests.service.psa import Psa, running_psa
from tests.service.soak.crowd import CROWDS, crowd
from tests.service.soak.killing import OPERATIONS, STORED, Kill, Soak
from tests.service.stores import close_all, made_on

QUARTERS = ("0-25 %", "25-50 %", "50-75 %", "75-100 %")
"""Of the undisturbed run."""


def main() -> None:
    """Kill, and let crowds loose, on each database; the first thing that does not hold ends it with a trace."""
    options = _options()
    show(f"seed {options.seed}")
    for database in options.only or CROWDS:
        with _database(database) as folder, running_psa() as psa:
            _kill(database, folder, psa, options)
            _crowd(database, folder, psa, options)
    show("all held")


def _kill(database: str, folder: Path, psa: Psa, options: argparse.Namespace) -> None:
    soak = Soak.prepared(folder / "before", psa, options.seed, options.size)
    table = [_line(operation, list(soak.kill(operation, options.kills))) for operation in OPERATIONS]
    columns = ("operation", "killed", *QUARTERS, *(f"stored {how_much}" for how_much in STORED), "came too late")
    show_table(f"Killed on {database}; the same again ended as undisturbed", columns, table)


def _line(operation: str, kills: list[Kill]) -> tuple[object, ...]:
    killed = [kill for kill in kills if kill.in_time]
    quarters = Counter(int(kill.share * 4) for kill in killed)
    stored = Counter(kill.stored for kill in killed)
    late = len(kills) - len(killed)
    return operation, len(killed), *map(quarters.__getitem__, range(4)), *map(stored.__getitem__, STORED), late


def _crowd(database: str, folder: Path, psa: Psa, options: argparse.Namespace) -> None:
    counts = crowd(folder / "crowded", psa, database, options.seed, options.size, rounds=options.rounds)
    title = f"{len(CROWDS[database])} processes at once on {database}; nothing was lost"
    show_table(title, ("what", "times"), sorted(counts.items()))


@contextmanager
def _database(name: str) -> Iterator[Path]:
    """Make stores on a database meanwhile, in a folder that goes with them."""
    try:
        with made_on(name), tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
            close_all()
    except pytest.skip.Exception as reason:
        sys.exit(str(reason))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=40, help="of each operation on each database")
    parser.add_argument("--rounds", type=int, default=60, help="of each process of a crowd")
    parser.add_argument("--size", type=int, default=40, help="boxes; there are about four records of each")
    parser.add_argument("--seed", type=int, default=randrange(10**6), help="default: another one each time")
    parser.add_argument("--only", choices=CROWDS, action="append", help="one database")
    return parser.parse_args()


if __name__ == "__main__":
    main()
