"""Results as tables for a reader and as JSON for a program."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.fleet import Fleet
from benchmarks.fleet.rates import RATES, Rate
from benchmarks.scoring import Result


def plain(fleet: Fleet, results: Sequence[Result]) -> dict[str, Any]:
    """Return the fleet's size, its draws and all results, for a program."""
    facts = {
        "edition": fleet.edition,
        "records": len(fleet.records),
        "devices": fleet.devices,
        "drawn": fleet.drawn,
        "struck": fleet.struck,
    }
    return {"fleet": facts, "results": [each.as_json() for each in results]}


def show(fleet: Fleet, results: Sequence[Result], console: Console) -> None:
    """Print the scores over all records, then by pathology the devices that are right and the records that are not."""
    console.print(
        f"Edition {fleet.edition}: {len(fleet.records):,} records of {fleet.devices:,} devices; scores in per cent"
    )
    console.print(_overall(results))
    console.print(_by_pathology(results, RATES[fleet.edition]))
    console.print(_mixed_records(results))


def _overall(results: Sequence[Result]) -> Table:
    table = Table(title="All records")
    table.add_column("contender")
    for column in (
        "P",
        "R",
        "F1",
        "B3 P",
        "B3 R",
        "B3 F1",
        "over-merged /10k",
        "split /10k",
        "reviews /100",
        "seconds",
    ):
        table.add_column(column, justify="right", no_wrap=True)
    for each in results:
        s = each.scores
        shares = (s.precision, s.recall, s.f1, s.bcubed_precision, s.bcubed_recall, s.bcubed_f1)
        reviews = "" if each.reviews_per_100 is None else f"{each.reviews_per_100:.2f}"
        rates = (f"{each.over_merged:.1f}", f"{each.split:.0f}", reviews, f"{each.seconds:.1f}")
        table.add_row(each.contender, *(f"{100 * share:.2f}" for share in shares), *rates)
    return table


def _by_pathology(results: Sequence[Result], rates: Mapping[str, Rate]) -> Table:
    table = Table(title="Devices exactly right, per cent (m: wrongly merged, s: split, of the first contender)")
    for column in ("pathology", "rate", "of"):
        table.add_column(column)
    for column in ("devices", "m", "s", *(each.contender.removeprefix("Samebox, ") for each in results)):
        table.add_column(column, justify="right")
    for name, first in results[0].pathologies.items():
        exact = (
            f"{100 * struck.exact / struck.devices:.1f}" if struck else ""
            for struck in (each.pathologies.get(name) for each in results)
        )
        rate = rates[name]
        table.add_row(
            name, f"{100 * rate.share:g} %", rate.of, str(first.devices), str(first.merged), str(first.split), *exact
        )
    return table


def _mixed_records(results: Sequence[Result]) -> Table:
    table = Table(title="Records that share a device with a record of another true device, per cent")
    for column in ("pathology", "records", *(each.contender.removeprefix("Samebox, ") for each in results)):
        table.add_column(column, justify="left" if column == "pathology" else "right")
    for name, first in results[0].pathologies.items():
        struck = (each.pathologies.get(name) for each in results)
        table.add_row(name, str(first.records), *(f"{100 * each.mixed_share:.2f}" if each else "" for each in struck))
    return table
