"""
Questions: which groups that stay apart a person should be asked about, on which grounds, and which can wait.

A question is asked only where a person may know more than the rule. Two boxes that share a dock but whose serials
differ raise no question; two records without serials that share a dock do.

One repair is one question. All grounds on which two groups are asked about are one question, and what follows from the
answer to another question waits for it: a row that fits both the old and the new mainboard's groups is not asked about
until a person has said whether these are one box.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from rapidfuzz.distance import DamerauLevenshtein

from matching.clustering import vetoes
from matching.clustering.rule import veto_between
from matching.clustering.vetoes import Premises, Veto
from matching.evidence.groups import Group, disagree, hostnames_differ
from matching.model import Kind, ReviewReason
from matching.values.placeholders import is_generic_hostname, is_of_accessory

MOST_PAIRS = 10
"""The largest number of pairs that are looked at for one value: beyond that the value itself is the question."""

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

OUTRANKED = frozenset({vetoes.bios_guids_differ, vetoes.serials_differ})
"""The vetoes by which one stronger kind outweighs a hostname: two weaker kinds together ask whether it is right."""

REPAIRS = frozenset({ReviewReason.MAINBOARD_REPLACED, ReviewReason.TWO_WEAKER_KINDS})
"""The grounds that one repair raises between several groups at once; most of these are one box."""

Pair = tuple[int, int]
"""Positions of two groups, the smaller first."""


@dataclass(frozen=True, slots=True)
class Question:
    """
    Two groups, by position, that a person is asked about.

    `grounds` are in the order of the evidence, the strongest first. `waiting` are the groups of which the same is to be
    asked once this is answered. `rivals` counts the other groups that may be one box with either of the two.
    """

    pair: Pair
    grounds: tuple[ReviewReason, ...]
    waiting: tuple[int, ...] = ()
    rivals: int = 0


def questions(groups: Sequence[Group], premises: Premises) -> list[Question]:
    """Return what to ask about the groups of a resolved component, each two groups once at most."""
    grounds = _grounds(groups, premises)
    return list(_first_ones(grounds)) if grounds else []


MOST_SERIALS = 16
"""Serials of a group that are compared for typing errors: the cost grows with the square, and people type few."""


def is_one_error(left: Group, right: Group) -> bool:
    """Whether two serials differ by one typing error: a letter wrong, missing, doubled, or two exchanged."""
    return any(
        min(len(mine), len(theirs)) >= 6 and DamerauLevenshtein.distance(mine, theirs, score_cutoff=1) == 1
        for mine in sorted(left.serials)[:MOST_SERIALS]
        for theirs in sorted(right.serials)[:MOST_SERIALS]
    )


def _grounds(groups: Sequence[Group], premises: Premises) -> dict[Pair, list[ReviewReason]]:
    """All grounds on which any two groups are asked about, those of the strongest shared kind first."""
    found: dict[Pair, list[ReviewReason]] = {}
    for kind in Kind:
        for pair in _sharing(groups, kind):
            for reason in _reasons(groups, pair, kind, premises):
                if reason not in found.setdefault(pair, []):
                    found[pair].append(reason)
    return found


def _reasons(groups: Sequence[Group], pair: Pair, kind: Kind, premises: Premises) -> Iterator[ReviewReason]:
    """The questions about two groups that share a value; without a veto only a third group keeps them apart."""
    left, right = groups[pair[0]], groups[pair[1]]
    veto = veto_between(left, right, kind, premises)
    if veto is None:
        yield ReviewReason.AMBIGUOUS
    elif (kind, veto.holds) in REASONS:
        yield REASONS[kind, veto.holds]
    elif kind is Kind.HOSTNAME and veto.holds in OUTRANKED and premises.is_one_customer(left, right):
        if _is_mistyped(left, right, veto, premises):
            yield ReviewReason.SERIAL_MISTYPED
        if _is_supported(groups, pair):
            yield ReviewReason.TWO_WEAKER_KINDS


def _is_mistyped(left: Group, right: Group, veto: Veto, premises: Premises) -> bool:
    """Whether serials that differ by one typing error are all that keeps equal hostnames apart."""
    is_typed = any(key.provider in premises.policy.psa_providers for key in left.keys | right.keys)
    return veto.holds is vetoes.serials_differ and is_typed and is_one_error(left, right)


def _is_supported(groups: Sequence[Group], pair: Pair) -> bool:
    """
    Whether a MAC supports the equal hostname of two live groups whose GUIDs or serials differ.

    New laptops inherit name and dock. So the MAC is no dock's; and where GUIDs and serials both differ, one side lists
    no adapter that the other lacks.
    """
    left, right = groups[pair[0]], groups[pair[1]]
    are_two_boxes = disagree(left, right, Kind.BIOS_GUID) and disagree(left, right, Kind.SERIAL)
    has_own_each = not (left.adapters <= right.adapters or right.adapters <= left.adapters)
    if not (left.live and right.live) or (are_two_boxes and has_own_each):
        return False
    shared = left.adapters & right.adapters
    return any(not is_of_accessory(mac) and not _travels(mac, groups, left) for mac in shared)


def _travels(mac: str, groups: Sequence[Group], holder: Group) -> bool:
    """Whether a MAC of a group is also on one of another name, as that of a dock is."""
    names = holder.all_values(Kind.HOSTNAME)
    return any(mac in group.adapters and hostnames_differ(names, group.all_values(Kind.HOSTNAME)) for group in groups)


def _first_ones(grounds: Mapping[Pair, Sequence[ReviewReason]]) -> Iterator[Question]:
    """The questions to ask now, each with the groups whose own questions wait for the answer."""
    near = _near(grounds)
    done = set[Pair]()
    for pair in sorted(grounds, key=lambda pair: grounds[pair][0] is ReviewReason.AMBIGUOUS):
        if pair in done:
            continue
        one, other = pair
        rivals = len((near[one] | near[other]) - {one, other})
        waiting = set[int]()
        if grounds[pair][0] in REPAIRS:
            follow = {each for each in _following(pair, grounds, near) if each not in done}
            waiting = {group for group in near[one] & near[other] if {_pair(one, group), _pair(other, group)} <= follow}
            inside = {one, other, *waiting}
            done |= {each for each in follow if inside.issuperset(each)}
        reasons = dict.fromkeys([*grounds[pair], *([ReviewReason.AMBIGUOUS] if waiting else [])])
        yield Question(pair, tuple(reasons), tuple(sorted(waiting)), rivals)


def _following(pair: Pair, grounds: Mapping[Pair, Sequence[ReviewReason]], near: Mapping[int, set[int]]) -> set[Pair]:
    """The questions around two groups that a repair of one box raises together with theirs."""
    follows = REPAIRS | {ReviewReason.AMBIGUOUS}
    around = {*near[pair[0]], *near[pair[1]]}
    pairs = {_pair(one, other) for one in around for other in near[one] & around} - {pair}
    return {each for each in pairs if grounds[each][0] in follows}


def _near(pairs: Iterable[Pair]) -> dict[int, set[int]]:
    """Group -> the groups that there is a question about together with it."""
    near: dict[int, set[int]] = {}
    for one, other in pairs:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    return near


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _sharing(groups: Sequence[Group], kind: Kind) -> Iterator[Pair]:
    """Pairs of groups that share a value of the kind; `MOST_PAIRS` of them a value at most."""
    holders: dict[str, list[int]] = {}
    for position, group in enumerate(groups):
        for value in group.values(kind):
            if kind is not Kind.HOSTNAME or not is_generic_hostname(value):
                holders.setdefault(value, []).append(position)
    for _, positions in sorted(holders.items()):
        yield from islice(combinations(positions, 2), MOST_PAIRS)
