"""
Proposals: the answer to a review that the evidence suggests, how sure it is, and the evidence that tipped it.

The chance that two groups are one box is a logistic model: each piece of evidence that is there adds its weight, and
the sum is turned into a chance. `python -m benchmarks.proposals --learn` learns the weights from made-up fleets;
evidence never weighs against the answer that it speaks for. A proposal joins nothing: a person answers.
"""

from collections.abc import Callable, Mapping, Sequence
from math import exp
from typing import NamedTuple

from matching.calibration.companies import Relation
from matching.clustering.proposal_weights import BIAS, WEIGHTS
from matching.clustering.questions import is_one_error
from matching.clustering.vetoes import Premises
from matching.evidence.groups import Group, agree, disagree
from matching.model import Kind, Proposal, ReviewReason, Verdict

MOST_RIVALS = 4
"""Other groups that may be one box with either side; more of them count as these."""

MOST_SURE = 0.999
"""No proposal is surer than this: the weights are learnt from some ten thousand questions."""

MOST_NAMED = 2
"""Pieces of evidence that a proposal names on each side."""

WORDS = ((0.95, "Almost certainly"), (0.8, "Probably"), (0.0, "Perhaps"))
"""Certainty from which on -> how a proposal says it."""

SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT

ANSWERS = {SAME: "one box", DIFFERENT: "two boxes"}
"""Verdict -> how a proposal says it."""


class ReviewedPair(NamedTuple):
    """Two groups that a person is asked about, on which grounds, and how many other groups may be one with either."""

    left: Group
    right: Group
    grounds: Sequence[ReviewReason]
    premises: Premises
    rivals: int


class Feature(NamedTuple):
    """A piece of evidence: what it speaks for, what people call it, whether or in what share (0 to 1) it is there."""

    speaks_for: Verdict
    phrase: str
    measure: Callable[[ReviewedPair], float]


def _differ(kind: Kind) -> Callable[[ReviewedPair], float]:
    return lambda pair: disagree(pair.left, pair.right, kind)


def _agree(kind: Kind) -> Callable[[ReviewedPair], float]:
    return lambda pair: agree(pair.left, pair.right, kind)


def _is_one_error(pair: ReviewedPair) -> float:
    return disagree(pair.left, pair.right, Kind.SERIAL) and is_one_error(pair.left, pair.right)


def _serial_on_one_side(pair: ReviewedPair) -> float:
    return bool(pair.left.serials) != bool(pair.right.serials)


def _in_common(pair: ReviewedPair) -> float:
    left, right = pair.left.adapters, pair.right.adapters
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def _none_in_common(pair: ReviewedPair) -> float:
    left, right = pair.left.adapters, pair.right.adapters
    return bool(left and right) and left.isdisjoint(right)


def _has_own_each(pair: ReviewedPair) -> float:
    left, right = pair.left.adapters, pair.right.adapters
    return bool(left & right) and not (left <= right or right <= left)


def _companies_differ(pair: ReviewedPair) -> float:
    return pair.premises.relation(pair.left, pair.right) is Relation.DIFFERENT


def _providers(group: Group) -> set[str]:
    return {key.provider for key in group.keys}


def _agents_list_both(pair: ReviewedPair) -> float:
    both = _providers(pair.left) & _providers(pair.right) - pair.premises.policy.psa_providers
    return min(len(both), 2) / 2


def _psa_lists_both(pair: ReviewedPair) -> float:
    return bool(_providers(pair.left) & _providers(pair.right) & pair.premises.policy.psa_providers)


def _liveness_differs(pair: ReviewedPair) -> float:
    return pair.left.live != pair.right.live


def _psa_lists_rivals(pair: ReviewedPair) -> float:
    return bool(pair.rivals) and _psa_lists_both(pair)


FEATURES: Mapping[str, Feature] = {
    "bios_guids_agree": Feature(SAME, "the BIOS GUIDs agree", _agree(Kind.BIOS_GUID)),
    "bios_guids_differ": Feature(DIFFERENT, "the BIOS GUIDs differ", _differ(Kind.BIOS_GUID)),
    "serials_agree": Feature(SAME, "the serials agree", _agree(Kind.SERIAL)),
    "serials_differ": Feature(DIFFERENT, "the serials differ", _differ(Kind.SERIAL)),
    "serials_differ_by_one_error": Feature(SAME, "the serials differ by one typing error", _is_one_error),
    "serial_on_one_side": Feature(DIFFERENT, "only one side has a serial", _serial_on_one_side),
    "links_agree": Feature(SAME, "a provider links them", _agree(Kind.LINK)),
    "adapters_in_common": Feature(SAME, "adapters agree", _in_common),
    "no_adapter_in_common": Feature(DIFFERENT, "no adapter is on both", _none_in_common),
    "adapters_differ": Feature(DIFFERENT, "both list every adapter and have none in common", _differ(Kind.MAC)),
    "each_has_own_adapters": Feature(DIFFERENT, "each side has adapters that the other lacks", _has_own_each),
    "hostnames_agree": Feature(SAME, "the hostnames agree", _agree(Kind.HOSTNAME)),
    "hostnames_differ": Feature(DIFFERENT, "the hostnames differ", _differ(Kind.HOSTNAME)),
    "companies_differ": Feature(DIFFERENT, "they belong to different customers", _companies_differ),
    "liveness_differs": Feature(DIFFERENT, "one is retired", _liveness_differs),
    "agents_list_both": Feature(DIFFERENT, "an agent lists both", _agents_list_both),
    "psa_lists_both": Feature(DIFFERENT, "the PSA lists both", _psa_lists_both),
    "psa_lists_rivals": Feature(DIFFERENT, "the PSA lists both, and other records fit", _psa_lists_rivals),
    "rivals": Feature(DIFFERENT, "other records fit as well", lambda pair: min(pair.rivals, MOST_RIVALS) / MOST_RIVALS),
}
"""Name of a weight -> the evidence that it weighs. The first ground of a review has a weight too, under its code."""


def measured(pair: ReviewedPair) -> dict[str, float]:
    """Return what there is of the evidence: name of a weight -> share (0 to 1); what is absent is left out."""
    shares = {name: float(feature.measure(pair)) for name, feature in FEATURES.items()}
    return {str(pair.grounds[0]): 1.0, **{name: share for name, share in shares.items() if share}}


def chance_of_same(found: Mapping[str, float], bias: float = BIAS, weights: Mapping[str, float] = WEIGHTS) -> float:
    """Return how likely two groups of which that was measured are one box (0 to 1)."""
    total = bias + sum(weights.get(name, 0.0) * share for name, share in found.items())
    return round(1 / (1 + exp(-total)), 3)


def propose(found: Mapping[str, float]) -> Proposal:
    """Return the answer that the evidence suggests; `found` is what was `measured`."""
    same = chance_of_same(found)
    verdict = SAME if same > 1 - same else DIFFERENT
    certainty = min(max(same, round(1 - same, 3)), MOST_SURE)
    return Proposal(verdict, certainty, _sentence(found, verdict, certainty))


def _sentence(found: Mapping[str, float], verdict: Verdict, certainty: float) -> str:
    """The answer, how sure it is, and the weightiest evidence for it and against it."""
    sure = next(words for least, words in WORDS if certainty >= least)
    pro = _tipping(found, verdict) or [f"most reviews of the kind `{ReviewReason(next(iter(found))).label}` are"]
    contra = _tipping(found, DIFFERENT if verdict is SAME else SAME)
    although = f", although {' and '.join(contra)}" if contra else ""
    percent = int(100 * certainty + 1e-9)  # rounded down: never surer than it is
    return f"{sure} {ANSWERS[verdict]} ({percent} %): {' and '.join(pro)}{although}"


def _tipping(found: Mapping[str, float], verdict: Verdict) -> list[str]:
    """What people call the evidence that speaks for an answer, the weightiest first."""
    weighed = {name: abs(WEIGHTS.get(name, 0.0)) * share for name, share in found.items() if name in FEATURES}
    speaking = [name for name in weighed if FEATURES[name].speaks_for is verdict and weighed[name]]
    ordered = sorted(speaking, key=lambda name: (-weighed[name], name))
    return [FEATURES[name].phrase for name in ordered[:MOST_NAMED]]
