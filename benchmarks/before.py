"""Samebox of another checkout as a contender: it resolves the same records from a file, in a process of its own."""

import csv
import sys
import tempfile
from pathlib import Path

from benchmarks.fleet import Fleet
from benchmarks.match import SAMEBOX, environment_of, measure, write_records
from benchmarks.scoring import Result, result
from matching.model import Key


def link(fleet: Fleet, code: Path) -> Result:
    """
    Score what `samebox match` of a checkout makes of the fleet with its default policy.

    Raises:
        SystemExit: the checkout has no such command, or the command failed.
    """
    with tempfile.TemporaryDirectory() as name:
        source, out = Path(name, "fleet.ndjson"), Path(name, "out")
        write_records(source, fleet)
        command = [sys.executable, "-c", SAMEBOX, "match", str(source), "--out", str(out)]
        run = measure(command, environment_of(code))
        with (out / "clusters.csv").open(newline="") as file:
            found = {Key(row["provider"], row["id"]): row["device_id"] for row in csv.DictReader(file)}
        with (out / "reviews.ndjson").open() as file:
            reviews = sum(1 for _ in file)
    return result("Samebox, before", fleet, found, run.wall, reviews)
