"""Complete adapter lists: which providers list every adapter of a box."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.calibration.index import Index
from matching.calibration.proportions import lower_bound, sample
from matching.calibration.suppression import Suppression
from matching.evidence.identity import Identity
from matching.model import Kind
from matching.policy import Policy

COMPLETE_SHARE = 0.8
"""The smallest share of pairs in which a complete list holds every adapter that the other provider lists."""


@dataclass(slots=True)
class AdapterLists:
    """
    What pairs of records say of the adapters that a provider lists.

    Of `pairs` with a record of another provider, `holding` have all adapters that the other lists, and in `several` the
    provider lists more than one.
    """

    pairs: int = 0
    holding: int = 0
    several: int = 0


def adapter_lists(
    index: Index, joined: Sequence[tuple[int, int]], suppression: Suppression
) -> Mapping[str, AdapterLists]:
    """
    Compare the adapters that two providers list of one box, on a sample of pairs of records that hardware joins.

    Args:
        joined: Pairs of positions across providers that one GUID or serial joins uniquely.
    """
    lists: defaultdict[str, AdapterLists] = defaultdict(AdapterLists)
    for left, right in sample(joined, lambda pair: index.identities[pair[0]].key.id):
        for own, other in ((left, right), (right, left)):
            mine, theirs = (_adapters(index.identities[position], suppression) for position in (own, other))
            if mine and theirs:
                counts = lists[index.providers[own]]
                counts.pairs += 1
                counts.holding += theirs <= mine
                counts.several += len(mine) > 1
    return lists


def complete_by(lists: Mapping[str, AdapterLists], policy: Policy) -> frozenset[str]:
    """
    Return the providers that list every adapter of a box.

    A complete list holds all adapters that the other provider lists, and on many boxes more than one. A provider that
    lists one adapter a box is never complete. What the operator says outweighs what was measured.
    """
    measured = {
        provider
        for provider, counts in lists.items()
        if counts.several >= 0.3 * counts.pairs and lower_bound(counts.holding, counts.pairs) >= COMPLETE_SHARE
    }
    unset = {provider for provider in measured if provider not in policy.complete_adapters}
    return frozenset(unset | {provider for provider, flag in policy.complete_adapters.items() if flag})


def _adapters(identity: Identity, suppression: Suppression) -> set[str]:
    return {mac for mac in identity.macs if (Kind.MAC, mac) not in suppression.values}
