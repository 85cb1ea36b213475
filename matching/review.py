"""
What a person should look at: groups that share evidence and stay apart, why, and what the answer is worth.

A question is asked only where a person may know more than the rule. Two boxes whose serials differ and that share
a dock are settled; a dock between two records without serials is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from rapidfuzz.distance import DamerauLevenshtein

from matching.evidence import Group, agree, disagree, names_differ
from matching.identity import shown
from matching.model import Claim, Key, Kind, Review
from matching.placeholders import is_role
from matching.rule import Objection, Rule

MOST_PAIRS = 10
"""Reviews that one shared value opens, at the most: beyond that it is the value that wants looking at."""

CHANCE = {
    "ambiguous": 0.6,
    "mainboard replaced?": 0.8,
    "clone?": 0.3,
    "serial across companies": 0.4,
    "one MAC, two hostnames": 0.4,
    "link disputed": 0.5,
    "name re-used?": 0.3,
    "mistyped serial?": 0.9,
}
"""Reason -> how likely the answer is *same*; a rough order for the queue, not a probability that anything rests on."""

REASONS: Mapping[tuple[Kind, Objection | None], str] = {
    (Kind.BIOS_GUID, Objection.CLONE): "clone?",
    (Kind.SERIAL, Objection.CLONE): "clone?",
    (Kind.SERIAL, Objection.GUID): "mainboard replaced?",
    (Kind.SERIAL, Objection.COMPANY): "serial across companies",
    (Kind.MAC, Objection.NAME): "one MAC, two hostnames",
    (Kind.HOSTNAME, Objection.ADAPTERS): "name re-used?",
    (Kind.HOSTNAME, Objection.LIVENESS): "name re-used?",
    **{(kind, None): "ambiguous" for kind in Kind},
    **{(Kind.LINK, objection): "link disputed" for objection in (Objection.GUID, Objection.SERIAL)},
}
"""What a shared value and the objection to it ask; a pair that is not here is settled."""


Carriers = Mapping[Key, Group]
"""Record -> what it says by itself, to show which record of a group carries a value."""


def reviews(groups: Sequence[Group], rule: Rule, carriers: Carriers) -> list[Review]:
    """Return the questions that a resolved component leaves, each two groups once, on their strongest evidence."""
    found: dict[tuple[int, int], Review] = {}
    for kind in Kind:
        for left, right in _sharing(groups, kind):
            if (left, right) not in found and (
                question := _question(groups[left], groups[right], kind, rule, carriers)
            ):
                found[left, right] = question
    return sorted(found.values(), key=lambda review: (-review.worth, review.left, review.right))


def claim(left: Group, right: Group, kind: Kind, carriers: Carriers) -> Claim:
    """Return what two groups say of one kind, each side by a record that carries it."""
    shared = left.values(kind) & right.values(kind)
    mine, theirs = min(shared or left.stated(kind)), min(shared or right.stated(kind))
    value = shown(kind, mine) if shared else f"{shown(kind, mine)} against {shown(kind, theirs)}"
    outcome = "agree" if shared else "disagree"
    return Claim(kind, outcome, value, _carrier(left, kind, mine, carriers), _carrier(right, kind, theirs, carriers))


def claims(left: Group, right: Group, carriers: Carriers) -> tuple[list[Claim], list[Claim]]:
    """Return the evidence for and against two groups being one box, the strongest first."""
    pro = [claim(left, right, kind, carriers) for kind in Kind if agree(left, right, kind)]
    contra = [claim(left, right, kind, carriers) for kind in Kind if _speaks_against(left, right, kind)]
    return pro, contra


def _speaks_against(left: Group, right: Group, kind: Kind) -> bool:
    """Whether a person would count it against: display names that differ, too, although they settle nothing."""
    names = kind is Kind.HOSTNAME and names_differ(left.stated(kind), right.stated(kind))
    return names or disagree(left, right, kind)


def is_one_error(left: Group, right: Group) -> bool:
    """Whether two serials differ by one typing error: a letter wrong, missing, doubled, or two exchanged."""
    return any(
        min(len(mine), len(theirs)) >= 6 and DamerauLevenshtein.distance(mine, theirs, score_cutoff=1) == 1
        for mine in left.serials
        for theirs in right.serials
    )


def _question(left: Group, right: Group, kind: Kind, rule: Rule, carriers: Carriers) -> Review | None:
    objection = rule.objection(left, right, kind)
    if objection is Objection.DECISION:
        return None
    reason = REASONS.get((kind, objection))
    if kind is Kind.HOSTNAME:
        reason = _about_a_name(left, right, objection, rule) or reason
    if reason is None:
        return None
    pro, contra = claims(left, right, carriers)
    boxes = len(left.keys) + len(right.keys)
    worth = round(CHANCE[reason] * (1 + (left.live and right.live)) * min(boxes, 10) / 4, 3)
    sentence = _sentence(reason, left, right, pro, contra)
    return Review(reason, sentence, _keys(left), _keys(right), tuple(pro), tuple(contra), worth)


def _about_a_name(left: Group, right: Group, objection: Objection | None, rule: Rule) -> str | None:
    """Equal hostnames settle little by themselves; beside a serial that was mistyped they tell a lot."""
    is_typed = any(key.provider in rule.policy.psa_providers for key in left.keys | right.keys)
    suspicious = objection is Objection.SERIAL and is_typed and is_one_error(left, right)
    return "mistyped serial?" if suspicious and rule.is_one_customer(left, right) else None


def _sentence(reason: str, left: Group, right: Group, pro: Sequence[Claim], contra: Sequence[Claim]) -> str:
    agreed = ", ".join(f"{item.kind} {item.value}" for item in pro)
    against = ", ".join(f"{item.kind} {item.value}" for item in contra)
    dispute = f", but {against}" if against else ""
    return f"{min(left.keys)} and {min(right.keys)} agree on {agreed}{dispute}: {reason}"


def _sharing(groups: Sequence[Group], kind: Kind) -> Iterator[tuple[int, int]]:
    """Pairs of groups that hold a value of the kind in common, a bounded number a value."""
    holders: dict[str, list[int]] = {}
    for position, group in enumerate(groups):
        for value in group.values(kind):
            if kind is not Kind.HOSTNAME or not is_role(value):
                holders.setdefault(value, []).append(position)
    for _, positions in sorted(holders.items()):
        yield from _first(combinations(positions, 2), MOST_PAIRS)


def _first(pairs: Iterable[tuple[int, int]], count: int) -> Iterator[tuple[int, int]]:
    return (pair for _, pair in zip(range(count), pairs, strict=False))


def _keys(group: Group) -> tuple[Key, ...]:
    return tuple(sorted(group.keys))


def _carrier(group: Group, kind: Kind, value: str, carriers: Carriers) -> Key:
    return min(key for key in group.keys if value in carriers[key].stated(kind))
