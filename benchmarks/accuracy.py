"""
How well records are resolved: Samebox beside exact linking and Splink, on made-up fleets of both editions.

    python -m benchmarks.accuracy                                     everything, or: make bench-accuracy
    python -m benchmarks.accuracy --only samebox --quick              the default policy in one run an edition
    python -m benchmarks.accuracy --edition 2 --only samebox --quick --records 200000 1000000
    python -m benchmarks.accuracy --edition 2 --only samebox --records 60000 --errors 3
    python -m benchmarks.accuracy --edition 2 --before ../another-checkout
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import product
from pathlib import Path
from types import ModuleType

from rich.console import Console

from benchmarks import before, ceiling, errors, proposals, samebox, tables
from benchmarks.fleet import Fleet, generate
from benchmarks.fleet.rates import RATES
from benchmarks.scoring import Result
from matching.model import Key

CONTENDERS = ("samebox", "ceiling", "naive", "splink")


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate each fleet, let the contenders link it, print what came out."""
    options = _options(arguments)
    console = Console(width=None if sys.stdout.isatty() else 200)
    printed = []
    for edition, records in product(options.edition or RATES, options.records):
        make = partial(generate, options.seed, records, edition=edition)
        fleet = make(row_ids=options.row_ids)
        if options.errors:
            resolution = samebox.resolve(fleet, samebox.POLICIES[options.policy])
            print("\n".join(errors.listing(fleet, resolution, options.errors)))
            continue
        results = []
        for result in _results(fleet, make, options):
            results.append(result)
            print(f"edition {edition}, {result.contender}: {result.seconds:.1f} s", file=sys.stderr)
        if options.json:
            printed.append(tables.plain(fleet, results))
        else:
            tables.show(fleet, results, console)
    if options.json:
        print(json.dumps(printed, indent=2))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.splitlines()[1])
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same fleet (default 1)")
    parser.add_argument(
        "--edition", type=int, choices=list(RATES), action="append", help="this edition alone; may be repeated"
    )
    parser.add_argument(
        "--records", type=int, nargs="+", default=[200_000], help="about how many, one fleet each (default 200,000)"
    )
    parser.add_argument(
        "--row-ids", action="store_true", help="mobileGuid holds ids of the PSA's rows, not firmware GUIDs"
    )
    parser.add_argument("--only", choices=CONTENDERS, action="append", help="this contender alone; may be repeated")
    parser.add_argument(
        "--before", type=Path, metavar="FOLDER", help="a checkout of another version, as a contender beside this one"
    )
    parser.add_argument(
        "--policy", choices=list(samebox.POLICIES), default="default", help="the policy that --errors shows"
    )
    parser.add_argument(
        "--quick", action="store_true", help="Samebox with its default policy alone, no reviews answered"
    )
    parser.add_argument("--errors", type=int, metavar="N", default=0, help="list N errors of each pathology, no scores")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _results(fleet: Fleet, make: Callable[..., Fleet], options: argparse.Namespace) -> Iterator[Result]:
    wanted = options.only or CONTENDERS
    if "samebox" in wanted:
        yield from _samebox(fleet, make, options)
    if options.before:
        yield before.link(fleet, options.before)
    if "ceiling" in wanted:
        yield ceiling.link(fleet)
    if "naive" in wanted:
        naive = _contender("naive")
        yield from naive.link(fleet)
    if "splink" in wanted:
        splink = _contender("splink_linkage")
        yield from splink.link(fleet)


def _samebox(fleet: Fleet, make: Callable[..., Fleet], options: argparse.Namespace) -> Iterator[Result]:
    for name, policy in samebox.POLICIES.items():
        result, resolution = samebox.alone(name, fleet, policy)
        yield result
        if options.quick:
            return
        truth = samebox.by_truth({Key(*key): label for key, label in fleet.truth.items()})
        yield samebox.answered(f"{name}, reviewed", fleet, policy, resolution, truth)
        if name == "default":
            yield from samebox.answered_by_proposals(fleet, policy, resolution)
            proposals.show(proposals.judged(resolution, fleet), Console(file=sys.stderr, width=120))
    if not options.row_ids:
        yield samebox.alone("mobileGuid is a row id", make(row_ids=True), samebox.POLICIES["default"])[0]


def _contender(module: str) -> ModuleType:
    """Import a contender that needs the extra `bench`."""
    try:
        return import_module(f"benchmarks.{module}")
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is missing: install the extra 'bench', or use --only samebox")


if __name__ == "__main__":
    sys.exit(main())
