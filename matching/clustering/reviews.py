"""Reviews: questions for a person about groups that share evidence and stay apart, each with a proposed answer."""

from collections.abc import Iterable, Mapping, Sequence

from matching.clustering.proposals import ReviewedPair, chance_of_same, measured, propose
from matching.clustering.questions import Question, questions
from matching.clustering.vetoes import Premises
from matching.evidence.groups import Group, agree, disagree, hostnames_differ
from matching.model import Claim, ClaimOutcome, Key, Kind, Review
from matching.values.placeholders import weak_mac_reason
from matching.values.spelling import shown

Carriers = Mapping[Key, Group]
"""Record -> its own group, to name the record of a larger group that carries a value."""


def reviews(groups: Sequence[Group], premises: Premises, carriers: Carriers) -> list[Review]:
    """Return the reviews of a resolved component, the most worthwhile first: each two groups once at most."""
    found = [_review(question, groups, premises, carriers) for question in questions(groups, premises)]
    return sorted(found, key=lambda review: (-review.worth, review.left, review.right))


def pair_of(question: Question, groups: Sequence[Group], premises: Premises) -> ReviewedPair:
    """Return what a proposed answer is read from."""
    left, right = (groups[position] for position in question.pair)
    return ReviewedPair(left, right, question.grounds, premises, question.rivals)


def claim(left: Group, right: Group, kind: Kind, carriers: Carriers, *, against: bool = False) -> Claim:
    """
    Return what two groups say of one kind, and for each side a record that carries the value.

    Args:
        against: Whether the claim is one of disagreement, in which derived values play no part.
    """
    shared = frozenset() if against and kind is not Kind.HOSTNAME else left.values(kind) & right.values(kind)
    mine, theirs = (min(shared or _said(group, kind)) for group in (left, right))
    value = shown(kind, mine) if shared else f"{shown(kind, mine)} against {shown(kind, theirs)}"
    outcome = ClaimOutcome.AGREE if shared else ClaimOutcome.DISAGREE
    return Claim(kind, outcome, value, _carrier(left, kind, mine, carriers), _carrier(right, kind, theirs, carriers))


def claims(left: Group, right: Group, carriers: Carriers) -> tuple[list[Claim], list[Claim]]:
    """Return the evidence for and against two groups being one box, the strongest first."""
    pro = [claim(left, right, kind, carriers) for kind in Kind if agree(left, right, kind)]
    contra = [claim(left, right, kind, carriers, against=True) for kind in Kind if _speaks_against(left, right, kind)]
    return pro, contra


def _said(group: Group, kind: Kind) -> frozenset[str]:
    """The values of a kind that may disagree."""
    return group.own_values(kind) if kind in {Kind.BIOS_GUID, Kind.SERIAL} else group.all_values(kind)


def _speaks_against(left: Group, right: Group, kind: Kind) -> bool:
    """Whether the groups disagree on a kind, or their display names differ, which the rule does not count."""
    names = kind is Kind.HOSTNAME and hostnames_differ(left.all_values(kind), right.all_values(kind))
    return names or disagree(left, right, kind)


def _review(question: Question, groups: Sequence[Group], premises: Premises, carriers: Carriers) -> Review:
    pair = pair_of(question, groups, premises)
    found = measured(pair)
    pro, contra = claims(pair.left, pair.right, carriers)
    if weak := _weak_mac(pair, carriers):
        pro = sorted([*pro, weak], key=lambda each: each.kind is Kind.HOSTNAME)
    waiting = tuple(sorted(key for position in question.waiting for key in groups[position].keys))
    boxes = len(pair.left.keys) + len(pair.right.keys) + len(waiting)
    worth = round(chance_of_same(found) * (1 + (pair.left.live and pair.right.live)) * min(boxes, 10) / 4, 5)
    return Review(
        grounds=question.grounds,
        sentence=_sentence(pair, pro, contra),
        left=_keys(pair.left),
        right=_keys(pair.right),
        evidence_for=tuple(pro),
        evidence_against=tuple(contra),
        worth=worth,
        proposal=propose(found),
        waiting=waiting,
    )


def _weak_mac(pair: ReviewedPair, carriers: Carriers) -> Claim | None:
    """A MAC on both sides that counts only beside other evidence; a question may rest on it together with a name."""
    shared = pair.left.adapters & pair.right.adapters
    if not shared or agree(pair.left, pair.right, Kind.MAC):
        return None
    mac = min(shared)
    left, right = (_carrier(side, Kind.MAC, mac, carriers) for side in (pair.left, pair.right))
    note = weak_mac_reason(mac) or ""
    return Claim(Kind.MAC, ClaimOutcome.AGREE, shown(Kind.MAC, mac), left, right, note)


def _sentence(pair: ReviewedPair, pro: Iterable[Claim], contra: Iterable[Claim]) -> str:
    agreed = ", ".join(claim.text for claim in pro)
    against = ", ".join(claim.text for claim in contra)
    dispute = f", but {against}" if against else ""
    return f"{min(pair.left.keys)} and {min(pair.right.keys)} agree on {agreed}{dispute}: {pair.grounds[0].label}"


def _keys(group: Group) -> tuple[Key, ...]:
    return tuple(sorted(group.keys))


def _carrier(group: Group, kind: Kind, value: str, carriers: Carriers) -> Key:
    return min(key for key in group.keys if value in carriers[key].all_values(kind))
