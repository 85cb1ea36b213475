"""
The rule: may these groups join on a kind of evidence? They may unless a veto holds between two of them.

The resolution, the reviews and the explanations all ask this module.
"""

from collections.abc import Sequence
from itertools import combinations

from matching.clustering.vetoes import VETOES_AGAINST, Premises, Veto
from matching.evidence.groups import Group
from matching.model import Kind

MOST_COMPARED = 600
"""The largest number of groups that are compared pair by pair; a larger set that may hold a conflict counts as one."""


def veto_between(left: Group, right: Group, kind: Kind, premises: Premises) -> Veto | None:
    """Return the weightiest veto against joining two groups on a kind of evidence, or None."""
    return next((veto for veto in VETOES_AGAINST[kind] if veto.holds(left, right, kind, premises)), None)


def has_conflict(groups: Sequence[Group], kind: Kind, premises: Premises) -> bool:
    """
    Whether any two of the groups must not join on this kind.

    Complexity: linear in the groups where no veto may hold, else quadratic and bounded by `MOST_COMPARED`.
    """
    if len(groups) < 2 or not any(veto.may_hold(groups, premises) for veto in VETOES_AGAINST[kind]):
        return False
    if len(groups) > MOST_COMPARED:
        return True
    return any(veto_between(left, right, kind, premises) for left, right in combinations(groups, 2))
