"""Complete adapter lists: which providers list every adapter of a box."""

from collections import Counter
from collections.abc import Sequence

from matching.calibration.index import Index
from matching.calibration.proportions import lower_bound, sample
from matching.calibration.suppression import Suppression
from matching.evidence.identity import Identity
from matching.model import Kind
from matching.policy import Policy

COMPLETE_SHARE = 0.8
"""The smallest share of pairs in which a complete list holds every adapter that the other provider lists."""


def complete_providers(
    index: Index, joined: Sequence[tuple[int, int]], suppression: Suppression, policy: Policy
) -> frozenset[str]:
    """
    Return the providers that list every adapter of a box.

    Measured on pairs of records that hardware joins: a complete list holds all adapters that the other provider lists,
    and on many boxes more than one. A provider that lists one adapter a box is never complete.

    Args:
        joined: Pairs of positions across providers that one GUID or serial joins uniquely.
    """
    pairs: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    several: Counter[str] = Counter()
    for left, right in sample(joined, lambda pair: index.identities[pair[0]].key.id):
        for own, other in ((left, right), (right, left)):
            mine, theirs = (_adapters(index.identities[position], suppression) for position in (own, other))
            if mine and theirs:
                provider = index.identities[own].key.provider
                pairs[provider] += 1
                holding[provider] += theirs <= mine
                several[provider] += len(mine) > 1
    measured = {
        provider
        for provider, count in pairs.items()
        if several[provider] >= 0.3 * count and lower_bound(holding[provider], count) >= COMPLETE_SHARE
    }
    unset = {provider for provider in measured if provider not in policy.complete_adapters}
    return frozenset(unset | {provider for provider, flag in policy.complete_adapters.items() if flag})


def _adapters(identity: Identity, suppression: Suppression) -> set[str]:
    return {mac for mac in identity.macs if (Kind.MAC, mac) not in suppression.values}
