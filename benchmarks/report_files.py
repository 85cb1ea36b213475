"""
Write one report as CSV, or what it is compared with: one query of the columns that it has to look at, written with the
csv module. A process of its own, whose seconds and memory are those of the writing alone.

A bare query makes no row of a report: nobody decides what is a duplicate, and nothing is sorted or made harmless. It
reads what the report cannot do without: golden values, because they are what is shown; payloads where a record in use
has to be told from a retired one; the feed where it is about changes. A query that reads less would be quicker and
would say nothing about the report.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from service.cli.session import world_of
from service.core.settings import Settings
from service.reports.catalogue import report_named
from service.reports.context import ReportRequest
from service.reports.formats import Format, chunks
from service.reports.making import made_report
from service.reports.rules import ReportRules

JOINED = (
    "FROM devices JOIN memberships ON memberships.device_id = devices.id JOIN records"
    " ON records.provider = memberships.provider AND records.record_id = memberships.record_id"
)
OF_RECORDS = f"{JOINED} ORDER BY devices.id"
"""Every device with all its records."""

BARE: dict[str, str] = {
    # every device with all its records: who is surplus, in use and last seen is in the payloads
    "duplicates": f"SELECT devices.id, devices.golden, records.payload, memberships.suppressed {OF_RECORDS}",
    # every device with all its records: a retired row covers nothing
    "coverage": f"SELECT devices.id, devices.golden, records.payload, records.seen_at {OF_RECORDS}",
    # every device with all its records: who is active follows from when each was seen, and is in use by its payload
    "counts": (
        "SELECT devices.id, devices.golden, records.provider, records.payload, records.seen_at, records.first_seen_at"
        f" {OF_RECORDS}"
    ),
    # the devices whose records differ on hardware, with all their records: who says what is in the payloads
    "conflicts": (
        f"SELECT devices.id, devices.golden, records.payload, memberships.suppressed {JOINED}"
        " WHERE devices.has_conflict ORDER BY devices.id"
    ),
    # every value that is no evidence because it is shared, with its holders
    "shared-identifiers": "SELECT kind, value, reason, holders FROM shared_values ORDER BY kind, value",
    # every device with both clocks of its records: payloads say which of them are in use
    "stale": (
        "SELECT devices.id, devices.golden, records.provider, records.record_id, records.payload, records.seen_at,"
        f" records.returned_at {OF_RECORDS}"
    ),
    # the company of every record, by which the devices of a customer are counted; the calibration is one row
    "companies": (
        "SELECT memberships.device_id, records.provider, records.company_id FROM memberships JOIN records"
        " ON records.provider = memberships.provider AND records.record_id = memberships.record_id"
        " ORDER BY memberships.device_id"
    ),
    # every change that may be a move, with the records of its device: which customer each names is in the payload
    "moves": (
        "SELECT seq, at, changes.by, device_id, detail FROM changes WHERE what IN ('changed', 'merged', 'split')"
        ' AND (detail LIKE \'%"company":{"from":%\' OR detail LIKE \'%"reason":"opposed"%\') ORDER BY seq DESC'
    ),
    # in a store that was filled just now every device is new, with all its records
    "new": (
        f"SELECT devices.id, devices.golden, devices.last_seen_at, records.payload, records.first_seen_at {OF_RECORDS}"
    ),
    # every open review with the devices of both sides, by whose names it is shown
    "reviews": (
        "SELECT reviews.id, reviews.reason, reviews.worth, reviews.body, devices.id, devices.golden FROM reviews"
        " JOIN review_records ON review_records.review_id = reviews.id"
        " JOIN memberships ON memberships.provider = review_records.provider"
        " AND memberships.record_id = review_records.record_id"
        " JOIN devices ON devices.id = memberships.device_id ORDER BY reviews.worth DESC, reviews.id"
    ),
    # every row that could not be read
    "quarantine": "SELECT provider, record_id, reason, payload, first_at FROM quarantine ORDER BY provider, first_at",
}
"""Name of a report -> its bare query."""

PORTION = 1000
"""Rows that are fetched at a time."""


def bare_query(name: str) -> str:
    """Return the bare query of a report. Raises: SystemExit, with its name, where none is stated here."""
    if (query := BARE.get(name)) is None:
        raise SystemExit(f"the report {name} has no bare query to be compared with: state one in {Path(__file__).name}")
    return query


@contextmanager
def timed(seconds: list[float]) -> Iterator[None]:
    """Add the seconds of what is done meanwhile to a list; that a database is opened before is no part of them."""
    before = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - before)


def write_bare(url: str, query: str, path: Path, seconds: list[float]) -> int:
    """Write what a query finds as CSV, and note how long it took; return how many rows there are."""
    engine = create_engine(url)
    count = 0
    with engine.connect() as connection, path.open("w", encoding="utf-8", newline="") as file, timed(seconds):
        found = connection.execution_options(yield_per=PORTION).execute(text(query))
        writer = csv.writer(file)
        writer.writerow(found.keys())
        for rows in found.partitions():
            writer.writerows(rows)
            count += len(rows)
    engine.dispose()
    return count


def write_made(url: str, name: str, path: Path, seconds: list[float]) -> None:
    """Write a report as CSV, as the command line does, and note how long it took."""
    settings = Settings.model_validate({"database": {"url": url}})
    wanted = ReportRequest()
    with (
        world_of(settings) as world,
        timed(seconds),
        made_report(world, ReportRules.of(settings), report_named(name), wanted) as made,
        path.open("wb") as file,
    ):
        file.writelines(chunks(made, Format.CSV))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one file, and print its seconds and the most memory, MiB, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report_files", description=__doc__.splitlines()[1])
    parser.add_argument("url", help="address of the database")
    parser.add_argument("name", help="name of the report")
    parser.add_argument("path", type=Path, help="file to write")
    parser.add_argument("--bare", action="store_true", help="write its bare query instead")
    options = parser.parse_args(arguments)
    seconds: list[float] = []
    if options.bare:
        write_bare(options.url, bare_query(options.name), options.path, seconds)
    else:
        write_made(options.url, options.name, options.path, seconds)
    print(json.dumps({"seconds": sum(seconds), "peak": _peak()}))
    return 0


def _peak() -> float:
    """The most memory of this program, MiB, by Linux's account; what `resource` tells begins with the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
