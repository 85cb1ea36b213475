"""
Untrusted fields: fields of a provider that the data prove unreliable.

A field is untrusted once the data show that it agrees in fewer than half of the record pairs that other evidence
joins.
For example, `mobileGuid` is a row id, not a BIOS GUID, unless an integration writes it; its values would veto every
correct join.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching.calibration.company_names import clean
from matching.calibration.index import Index, unique_pairs
from matching.calibration.proportions import rules_out_half, sample
from matching.calibration.suppression import Suppression
from matching.evidence.identity import Identity
from matching.model import Kind
from matching.policy import Policy, Trust

HARDWARE = (Kind.BIOS_GUID, Kind.SERIAL)
"""Kinds whose disagreement is a veto across providers, so that a field with other content prevents right joins."""


@dataclass(frozen=True, slots=True)
class UntrustedField:
    """A provider's field that is not trusted: of `pairs` record pairs that other evidence joins, `agreeing` agree."""

    provider: str
    kind: Kind
    pairs: int
    agreeing: int

    @property
    def sentence(self) -> str:
        """The reason for which values of the field are suppressed."""
        if not self.pairs:
            return f"{self.provider}'s field is not trusted: the operator says so"
        return f"{self.provider}'s field is not trusted: {self.agreeing} of {self.pairs} values agree with others"


Agreement = dict[tuple[str, str], list[int]]
"""(provider, other provider) -> [pairs, of which agree]; each pair of records counts for both orders."""


def agreements(index: Index, suppression: Suppression) -> Mapping[Kind, Agreement]:
    """Count how often each kind of hardware agrees, on samples of the pairs that other kinds join."""
    joined = {
        joining: _pairs_joined_by(index, joining, suppression) for joining in (*HARDWARE, Kind.MAC, Kind.HOSTNAME)
    }
    found = {}
    for kind in HARDWARE:
        pairs = set().union(*(pairs for joining, pairs in joined.items() if joining is not kind))
        found[kind] = _agreement(index, kind, pairs, suppression)
    return found


def add_agreement(agreement: Agreement, providers: tuple[str, str], pairs: int, agreeing: int) -> None:
    """Count pairs of records of two providers, and how many of them agree."""
    for order in (providers, providers[::-1]):
        counts = agreement.setdefault(order, [0, 0])
        counts[0] += pairs
        counts[1] += agreeing


def untrusted_by(counted: Mapping[Kind, Agreement], policy: Policy) -> tuple[UntrustedField, ...]:
    """
    Return the fields that the data prove unreliable, and those that the operator never trusts.

    Args:
        counted: Of each kind of hardware, how often it agrees.
    """
    found = []
    for kind in HARDWARE:
        settings = {provider: kinds.get(kind, Trust.MEASURED) for provider, kinds in policy.trust.items()}
        found += _untrusted(kind, counted[kind], settings, policy.psa_providers)
    return tuple(sorted(found, key=lambda field: (field.provider, field.kind)))


def _pairs_joined_by(index: Index, joining: Kind, suppression: Suppression) -> set[tuple[int, int]]:
    """Pairs of positions that a kind joins uniquely; a hostname joins only companies of one name."""
    shared = index.shared[joining]
    values = [v for v in sample(list(shared), lambda value: value) if (joining, v) not in suppression.values]
    if joining is Kind.HOSTNAME:
        groups = (group for value in values for group in _by_company(index.identities, shared[value]))
        return set(unique_pairs(index.providers, groups))
    return set(unique_pairs(index.providers, (shared[value] for value in values)))


def _agreement(index: Index, kind: Kind, pairs: Iterable[tuple[int, int]], suppression: Suppression) -> Agreement:
    """Count, for each two providers, how often a kind agrees on pairs that other kinds join."""
    agreement: Agreement = {}
    for left, right in pairs:
        one, other = index.identities[left], index.identities[right]
        mine, theirs = _usable(one, kind, suppression), _usable(other, kind, suppression)
        if mine and theirs:
            add_agreement(agreement, (one.key.provider, other.key.provider), 1, not mine.isdisjoint(theirs))
    return agreement


def _usable(identity: Identity, kind: Kind, suppression: Suppression) -> set[str]:
    values = {identity.guid} if kind is Kind.BIOS_GUID else set(identity.serials)
    return {value for value in values if value is not None and (kind, value) not in suppression.values}


def _by_company(identities: Sequence[Identity], positions: Sequence[int]) -> Iterable[list[int]]:
    """Live records by the cleaned name of their company: the company map is not known yet."""
    groups: dict[str, list[int]] = {}
    for position in positions:
        identity = identities[position]
        if identity.live and identity.company and identity.company_name:
            groups.setdefault(clean(identity.company_name), []).append(position)
    return groups.values()


def _untrusted(
    kind: Kind, agreement: Agreement, settings: Mapping[str, Trust], psa_providers: frozenset[str]
) -> list[UntrustedField]:
    """
    Return the untrusted providers of a kind: remove the worst one and count again without it, until none is ruled out.

    Where one of two providers is wrong neither agrees with the other, so each provider is judged only by those that are
    left. On a tie PSAs are removed before agents, because agents measure their values.
    """
    untrusted = [
        UntrustedField(provider, kind, 0, 0) for provider, setting in sorted(settings.items()) if setting is Trust.NEVER
    ]
    while True:
        removed = {field.provider for field in untrusted}
        suspects = []
        for provider in sorted({one for one, _ in agreement} - removed):
            counts = [c for (one, other), c in agreement.items() if one == provider and other not in removed]
            pairs, agreeing = sum(c[0] for c in counts), sum(c[1] for c in counts)
            if settings.get(provider) is not Trust.ALWAYS and pairs and rules_out_half(agreeing, pairs):
                suspects.append(
                    (agreeing / pairs, provider not in psa_providers, UntrustedField(provider, kind, pairs, agreeing))
                )
        if not suspects:
            return untrusted
        worst = min(suspect[:2] for suspect in suspects)
        untrusted += [field for *rank, field in suspects if tuple(rank) == worst]
