"""
How good the proposed answers to reviews are, and the weights from which they are made.

    python -m benchmarks.proposals --seed 1 --edition 2               the scores on one fleet
    python -m benchmarks.proposals --learn --seeds 2 3 4 5 6          learns the weights and writes them into the engine
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks import logistic, samebox, tables
from benchmarks.fleet import Fleet, generate
from benchmarks.fleet.rates import RATES
from benchmarks.logistic import Example
from matching.clustering import proposal_weights
from matching.clustering.proposals import FEATURES, measured
from matching.clustering.questions import questions
from matching.clustering.reviews import pair_of
from matching.model import Key, Review, ReviewReason, Verdict
from matching.results.resolution import Resolution

CLASSES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Certainty from which on a proposal is in each class of the calibration table."""

SIGNS = {Verdict.SAME: 1, Verdict.DIFFERENT: -1}


class Judged(NamedTuple):
    """A review and the right answer to it."""

    review: Review
    right: Verdict

    @property
    def is_right(self) -> bool:
        """Whether the proposal is the right answer."""
        return self.review.proposal.verdict is self.right


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn the weights, or print how good the proposals are."""
    options = _options(arguments)
    if options.learn:
        fleets = (
            generate(seed, options.records, edition=edition) for edition in options.editions for seed in options.seeds
        )
        examples = [each for fleet in fleets for each in _examples(fleet)]
        _write(logistic.fit(examples, {name: SIGNS[each.speaks_for] for name, each in FEATURES.items()}))
        print(f"{len(examples):,} questions; wrote {proposal_weights.__file__}", file=sys.stderr)
        return 0
    console = Console(width=None if sys.stdout.isatty() else 200)
    fleet = generate(options.seed, options.records, edition=options.edition)
    policy = samebox.POLICIES["default"]
    alone, resolution = samebox.alone("default", fleet, policy)
    show(judged(resolution, fleet), console)
    tables.show(fleet, [alone, *samebox.answered_by_proposals(fleet, policy, resolution)], console)
    return 0


def judged(resolution: Resolution, fleet: Fleet) -> list[Judged]:
    """Return the reviews of a fleet with the right answers."""
    truth = {Key(*key): label for key, label in fleet.truth.items()}
    answers = samebox.by_truth(truth)(resolution.reviews)
    return [Judged(review, answer.verdict) for review, answer in zip(resolution.reviews, answers, strict=True)]


def show(found: Sequence[Judged], console: Console) -> None:
    """Print how many proposals are right, by ground beside the commonest answer of that ground, and by certainty."""
    console.print(_by_ground(found))
    console.print(_by_certainty(found))


def _by_ground(found: Sequence[Judged]) -> Table:
    table = Table(title="Proposed answers: right, per cent")
    for column in ("ground", "reviews", "same in truth", "commonest answer", "proposal"):
        table.add_column(column, justify="left" if column == "ground" else "right")
    grounds: defaultdict[ReviewReason, list[Judged]] = defaultdict(list)
    for each in found:
        grounds[each.review.reason].append(each)
    commonest = {
        ground: Counter(each.right for each in those).most_common(1)[0][1] for ground, those in grounds.items()
    }
    for ground, those in sorted(grounds.items()):
        table.add_row(ground, *_shares(those, commonest[ground]))
    table.add_row("all", *_shares(found, sum(commonest.values())))
    return table


def _shares(found: Sequence[Judged], commonest: int) -> tuple[str, ...]:
    same = sum(each.right is Verdict.SAME for each in found)
    right = sum(each.is_right for each in found)
    return str(len(found)), *(f"{100 * count / max(1, len(found)):.1f}" for count in (same, commonest, right))


def _by_certainty(found: Sequence[Judged]) -> Table:
    table = Table(title="Proposed answers by how sure they are")
    for column in ("sure from, per cent", "reviews", "right, per cent", "right of these and all surer, per cent"):
        table.add_column(column, justify="right")
    for least, most in zip(CLASSES, (*CLASSES[1:], 1.01), strict=True):
        surer = [each for each in found if each.review.proposal.certainty >= least]
        inside = [each for each in surer if each.review.proposal.certainty < most]
        table.add_row(f"{100 * least:.0f}", str(len(inside)), _right(inside), _right(surer))
    return table


def _right(found: Sequence[Judged]) -> str:
    return f"{100 * sum(each.is_right for each in found) / len(found):.1f}" if found else ""


def _examples(fleet: Fleet) -> Iterator[Example]:
    """Yield what is measured of each question of a fleet, and whether the two sides are one box."""
    truth = {Key(*key): label for key, label in fleet.truth.items()}
    whole = samebox.resolve(fleet, samebox.POLICIES["default"]).partition
    for component in whole.components:
        if whole.has_no_conflict(component):
            continue
        groups = whole.resolve(component).groups
        for question in questions(groups, whole.premises):
            left, right = (truth[samebox.most(sorted(groups[position].keys), truth)] for position in question.pair)
            yield Example(measured(pair_of(question, groups, whole.premises)), left == right)


def _write(model: logistic.Model) -> None:
    """Write the module of the weights; what no example had weighs nothing."""
    names = [*FEATURES, *map(str, ReviewReason)]
    lines = [f'    "{name}": {round(model.weights.get(name, 0.0), 2) + 0.0},' for name in names]
    start = proposal_weights.__doc__ or ""
    text = (
        f'"""{start}"""\n\nBIAS = {round(model.bias, 2)}\n\nWEIGHTS: dict[str, float] = {{\n'
        + "\n".join(lines)
        + "\n}\n"
    )
    Path(proposal_weights.__file__).write_text(text, encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.proposals", description=__doc__.splitlines()[1])
    parser.add_argument("--seed", type=int, default=1, help="the fleet to score on (default 1)")
    parser.add_argument("--edition", type=int, choices=list(RATES), default=1, help="its edition (default 1)")
    parser.add_argument("--records", type=int, default=200_000, help="about how many records (default 200,000)")
    parser.add_argument("--learn", action="store_true", help="learn the weights and write them; no scores")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[2, 3, 4, 5, 6], help="the fleets to learn from (default 2 to 6)"
    )
    parser.add_argument(
        "--editions", type=int, nargs="+", choices=list(RATES), default=list(RATES), help="their editions (default all)"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
