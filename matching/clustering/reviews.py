"""
Reviews: questions for a person about groups that share evidence and stay apart.

A question is asked only where a person may know more than the rule. Two boxes that share a dock but whose serials
differ raise no question; two records without serials that share a dock do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein

from matching.clustering import vetoes
from matching.clustering.rule import veto_between
from matching.clustering.vetoes import Premises, Veto
from matching.evidence.groups import Group, agree, disagree, hostnames_differ
from matching.model import Claim, ClaimOutcome, Key, Kind, Review, ReviewReason
from matching.values.placeholders import is_generic_hostname
from matching.values.spelling import shown

MOST_PAIRS = 10
"""The largest number of pairs that are looked at for one value: beyond that the value itself is the question."""

CHANCE = {
    ReviewReason.AMBIGUOUS: 0.6,
    ReviewReason.MAINBOARD_REPLACED: 0.8,
    ReviewReason.CLONE: 0.3,
    ReviewReason.SERIAL_ACROSS_COMPANIES: 0.4,
    ReviewReason.UNTRUSTED_ACROSS_CUSTOMERS: 0.3,
    ReviewReason.MAC_ACROSS_HOSTNAMES: 0.4,
    ReviewReason.LINK_DISPUTED: 0.5,
    ReviewReason.NAME_REUSED: 0.3,
    ReviewReason.SERIAL_MISTYPED: 0.9,
}
"""Reason -> how likely the answer is *same*: an estimate that only orders the queue."""

REASONS: Mapping[tuple[Kind, object], ReviewReason] = {
    (Kind.BIOS_GUID, vetoes.cloned): ReviewReason.CLONE,
    (Kind.SERIAL, vetoes.cloned): ReviewReason.CLONE,
    (Kind.SERIAL, vetoes.bios_guids_differ): ReviewReason.MAINBOARD_REPLACED,
    (Kind.SERIAL, vetoes.companies_differ): ReviewReason.SERIAL_ACROSS_COMPANIES,
    (Kind.BIOS_GUID, vetoes.customers_untrusted): ReviewReason.UNTRUSTED_ACROSS_CUSTOMERS,
    (Kind.LINK, vetoes.customers_untrusted): ReviewReason.UNTRUSTED_ACROSS_CUSTOMERS,
    (Kind.MAC, vetoes.hostnames_contradict): ReviewReason.MAC_ACROSS_HOSTNAMES,
    (Kind.HOSTNAME, vetoes.adapters_differ): ReviewReason.NAME_REUSED,
    (Kind.HOSTNAME, vetoes.liveness_differs): ReviewReason.NAME_REUSED,
    (Kind.LINK, vetoes.bios_guids_differ): ReviewReason.LINK_DISPUTED,
    (Kind.LINK, vetoes.serials_differ): ReviewReason.LINK_DISPUTED,
}
"""Kind of the shared value and veto against the join -> the question; other vetoes ask none."""


Carriers = Mapping[Key, Group]
"""Record -> its own group, to name the record of a larger group that carries a value."""


def reviews(groups: Sequence[Group], premises: Premises, carriers: Carriers) -> list[Review]:
    """Return the reviews of a resolved component: each two groups once, on the strongest evidence that they share."""
    found: dict[tuple[int, int], Review] = {}
    for kind in Kind:
        for left, right in _sharing(groups, kind):
            if (left, right) not in found and (
                question := _question(groups[left], groups[right], kind, premises, carriers)
            ):
                found[left, right] = question
    return sorted(found.values(), key=lambda review: (-review.worth, review.left, review.right))


def claim(left: Group, right: Group, kind: Kind, carriers: Carriers) -> Claim:
    """Return what two groups say of one kind, and for each side a record that carries the value."""
    shared = left.values(kind) & right.values(kind)
    mine, theirs = min(shared or left.all_values(kind)), min(shared or right.all_values(kind))
    value = shown(kind, mine) if shared else f"{shown(kind, mine)} against {shown(kind, theirs)}"
    outcome = ClaimOutcome.AGREE if shared else ClaimOutcome.DISAGREE
    return Claim(kind, outcome, value, _carrier(left, kind, mine, carriers), _carrier(right, kind, theirs, carriers))


def claims(left: Group, right: Group, carriers: Carriers) -> tuple[list[Claim], list[Claim]]:
    """Return the evidence for and against two groups being one box, the strongest first."""
    pro = [claim(left, right, kind, carriers) for kind in Kind if agree(left, right, kind)]
    contra = [claim(left, right, kind, carriers) for kind in Kind if _speaks_against(left, right, kind)]
    return pro, contra


def _speaks_against(left: Group, right: Group, kind: Kind) -> bool:
    """Whether the groups disagree on a kind, or their display names differ, which the rule does not count."""
    names = kind is Kind.HOSTNAME and hostnames_differ(left.all_values(kind), right.all_values(kind))
    return names or disagree(left, right, kind)


def is_one_error(left: Group, right: Group) -> bool:
    """Whether two serials differ by one typing error: a letter wrong, missing, doubled, or two exchanged."""
    return any(
        min(len(mine), len(theirs)) >= 6 and DamerauLevenshtein.distance(mine, theirs, score_cutoff=1) == 1
        for mine in left.serials
        for theirs in right.serials
    )


def _question(left: Group, right: Group, kind: Kind, premises: Premises, carriers: Carriers) -> Review | None:
    veto = veto_between(left, right, kind, premises)
    reason = _reason(left, right, kind, veto, premises)
    if reason is None:
        return None
    pro, contra = claims(left, right, carriers)
    boxes = len(left.keys) + len(right.keys)
    worth = round(CHANCE[reason] * (1 + (left.live and right.live)) * min(boxes, 10) / 4, 3)
    sentence = _sentence(reason, left, right, pro, contra)
    return Review(reason, sentence, _keys(left), _keys(right), tuple(pro), tuple(contra), worth)


def _reason(left: Group, right: Group, kind: Kind, veto: Veto | None, premises: Premises) -> ReviewReason | None:
    """The question about two groups that share a value; without a veto only a third group keeps them apart."""
    if veto is None:
        return ReviewReason.AMBIGUOUS
    if kind is Kind.HOSTNAME and _is_mistyped(left, right, veto, premises):
        return ReviewReason.SERIAL_MISTYPED
    return REASONS.get((kind, veto.holds))


def _is_mistyped(left: Group, right: Group, veto: Veto, premises: Premises) -> bool:
    """Whether serials that differ by one typing error are all that keeps equal hostnames of one customer apart."""
    is_typed = any(key.provider in premises.policy.psa_providers for key in left.keys | right.keys)
    suspicious = veto.holds is vetoes.serials_differ and is_typed and is_one_error(left, right)
    return suspicious and premises.is_one_customer(left, right)


def _sentence(reason: ReviewReason, left: Group, right: Group, pro: Sequence[Claim], contra: Sequence[Claim]) -> str:
    agreed = ", ".join(claim.text for claim in pro)
    against = ", ".join(claim.text for claim in contra)
    dispute = f", but {against}" if against else ""
    return f"{min(left.keys)} and {min(right.keys)} agree on {agreed}{dispute}: {reason.label}"


def _sharing(groups: Sequence[Group], kind: Kind) -> Iterator[tuple[int, int]]:
    """Pairs of groups that share a value of the kind; `MOST_PAIRS` of them a value at most."""
    holders: dict[str, list[int]] = {}
    for position, group in enumerate(groups):
        for value in group.values(kind):
            if kind is not Kind.HOSTNAME or not is_generic_hostname(value):
                holders.setdefault(value, []).append(position)
    for _, positions in sorted(holders.items()):
        yield from _first(combinations(positions, 2), MOST_PAIRS)


def _first(pairs: Iterable[tuple[int, int]], count: int) -> Iterator[tuple[int, int]]:
    return (pair for _, pair in zip(range(count), pairs, strict=False))


def _keys(group: Group) -> tuple[Key, ...]:
    return tuple(sorted(group.keys))


def _carrier(group: Group, kind: Kind, value: str, carriers: Carriers) -> Key:
    return min(key for key in group.keys if value in carriers[key].all_values(kind))
