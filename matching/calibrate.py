"""
What all records together teach: over-shared values, fields not to be trusted, the company map, complete adapter lists.

A field is taken at its word until the data rule it out; a provider lists every adapter only when the data show it.
Both are tests of proportions over record pairs that other evidence joins: the outcome follows from the records.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import comb, erfc, sqrt
from statistics import NormalDist

from matching.companies import Companies, align, clean
from matching.identity import Identity
from matching.index import Index, over_shared, unique_pairs
from matching.model import Kind, SharedValue, Unusable
from matching.policy import Policy

SIGNIFICANCE = 0.01
"""One-sided: seven pairs of which none agrees rule out that half of them do (0.5 ** 7 < 0.01)."""

COMPLETE_SHARE = 0.8
"""Share of pairs in which a complete list holds every adapter that the other provider lists, at the least."""

TRUSTED_KINDS = (Kind.BIOS_GUID, Kind.SERIAL)
"""Kinds whose disagreement vetoes across providers, so that a field full of something else does harm."""


@dataclass(frozen=True, slots=True)
class FieldTrust:
    """A provider's field that is set aside: of `pairs` record pairs that other evidence joins, `agreeing` agree."""

    provider: str
    kind: Kind
    pairs: int
    agreeing: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is learnt from all records at once, and nothing else: resolution is a function of one component and this."""

    shared: tuple[SharedValue, ...] = ()
    set_aside: tuple[FieldTrust, ...] = ()
    companies: Companies = field(default_factory=Companies)
    complete: frozenset[str] = frozenset()


def calibrate(index: Index, policy: Policy) -> Calibration:
    """Learn from all records what one component cannot know."""
    shared = over_shared(index, policy)
    void = {(value.kind, value.value) for value in shared}
    set_aside = untrusted_fields(index, void, policy)
    distrusted = {(trust.provider, trust.kind) for trust in set_aside}
    joined = _joined_by_hardware(index, void, distrusted)
    companies = align(index.identities, joined, policy)
    return Calibration(shared, set_aside, companies, complete_providers(index.identities, joined, void, policy))


def usable(identity: Identity, calibration: "Screen") -> Identity:
    """Return the identity without the values that calibration rules out; they are noted as unusable."""
    out = [
        Unusable(kind, value, reason)
        for kind, value in (*identity.values(), *identity.weak)
        if (reason := calibration.reason(identity.key.provider, kind, value))
    ]
    if not out:
        return identity
    void = {(value.kind, value.value) for value in out}
    return replace(
        identity,
        guid=None if (Kind.BIOS_GUID, identity.guid) in void else identity.guid,
        serials=tuple(serial for serial in identity.serials if (Kind.SERIAL, serial) not in void),
        macs=tuple(mac for mac in identity.macs if (Kind.MAC, mac) not in void),
        weak=tuple(pair for pair in identity.weak if pair not in void),
        unusable=(*identity.unusable, *out),
    )


class Screen:
    """Answers for each value of a provider whether calibration rules it out, and why."""

    def __init__(self, calibration: Calibration) -> None:
        self._shared = {(value.kind, value.value): value.reason for value in calibration.shared}
        self._set_aside = {(trust.provider, trust.kind): trust for trust in calibration.set_aside}

    def reason(self, provider: str, kind: Kind, value: str) -> str | None:
        """Return why the value is no evidence, or None."""
        if reason := self._shared.get((kind, value)):
            return f"over-shared: {reason}"
        if field := self._set_aside.get((provider, kind)):
            return (
                f"{provider}'s field is set aside: {field.agreeing} of {field.pairs} values agree with other providers"
            )
        return None


def untrusted_fields(index: Index, void: set[tuple[Kind, str]], policy: Policy) -> tuple[FieldTrust, ...]:
    """Return the fields that the pairs rule out, or that the operator never trusts."""
    found = []
    for kind in TRUSTED_KINDS:
        words = {provider: kinds.get(kind, "measured") for provider, kinds in policy.trust.items()}
        found += _set_aside(kind, _agreement(index, kind, void), words, policy.psa_providers)
    return tuple(sorted(found, key=lambda trust: (trust.provider, trust.kind)))


def complete_providers(
    identities: Sequence[Identity], joined: Iterable[tuple[int, int]], void: set[tuple[Kind, str]], policy: Policy
) -> frozenset[str]:
    """
    Return the providers that list every adapter of a box.

    Measured on pairs that hardware joins: a complete list holds whatever adapters the other provider knows, and
    lists more than one on many boxes. A provider that lists one adapter a box never passes.
    """
    pairs: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    several: Counter[str] = Counter()
    for left, right in joined:
        for own, other in ((left, right), (right, left)):
            mine, theirs = (_adapters(identities[position], void) for position in (own, other))
            if mine and theirs:
                provider = identities[own].key.provider
                pairs[provider] += 1
                holding[provider] += theirs <= mine
                several[provider] += len(mine) > 1
    measured = {
        provider
        for provider, count in pairs.items()
        if several[provider] >= 0.3 * count and _at_least(holding[provider], count) >= COMPLETE_SHARE
    }
    unset = {provider for provider in measured if provider not in policy.complete_adapters}
    return frozenset(unset | {provider for provider, flag in policy.complete_adapters.items() if flag})


def ruled_out(agreeing: int, pairs: int) -> bool:
    """
    Whether the pairs rule out that the field agrees in half of them (one-sided test, `SIGNIFICANCE`).

    >>> ruled_out(0, 6), ruled_out(0, 7)
    (False, True)
    """
    if pairs <= 1000:
        return sum(comb(pairs, k) for k in range(agreeing + 1)) <= SIGNIFICANCE * float(2**pairs)
    deviation = (agreeing + 0.5 - pairs / 2) / sqrt(pairs / 4)  # the normal approximation, with continuity correction
    return erfc(-deviation / sqrt(2)) / 2 <= SIGNIFICANCE


def _at_least(successes: int, trials: int) -> float:
    """The one-sided lower bound of a proportion. Reference: Wilson, JASA 22, 1927."""
    z = NormalDist().inv_cdf(1 - SIGNIFICANCE)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (centre - spread) / (1 + z * z / trials)


def _adapters(identity: Identity, void: set[tuple[Kind, str]]) -> set[str]:
    return {mac for mac in identity.macs if (Kind.MAC, mac) not in void}


def _joined_by_hardware(
    index: Index, void: set[tuple[Kind, str]], distrusted: set[tuple[str, Kind]]
) -> list[tuple[int, int]]:
    """Pairs that one GUID or serial joins uniquely, each once, in order."""
    pairs: set[tuple[int, int]] = set()
    for kind in TRUSTED_KINDS:
        sound = (held for value, held in index.holders[kind].items() if (kind, value) not in void)
        pairs.update(
            (left, right)
            for left, right in unique_pairs(index.identities, sound)
            if not any((index.identities[position].key.provider, kind) in distrusted for position in (left, right))
        )
    return sorted(pairs)


Agreement = dict[tuple[str, str], list[int]]
"""(provider, other provider) -> [pairs, of which agree]; each pair of records counts for both orders."""


def _agreement(index: Index, kind: Kind, void: set[tuple[Kind, str]]) -> Agreement:
    """Count, for each two providers, how often this kind agrees where another kind joins uniquely."""
    pairs: set[tuple[int, int]] = set()
    for joining in (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC):
        if joining is not kind:
            sound = (held for value, held in index.holders[joining].items() if (joining, value) not in void)
            pairs.update(unique_pairs(index.identities, sound))
    pairs.update(unique_pairs(index.identities, _by_company_and_name(index.identities)))
    agreement: Agreement = {}
    for left, right in pairs:
        one, other = index.identities[left], index.identities[right]
        mine, theirs = (_sound(identity, kind, void) for identity in (one, other))
        if mine and theirs:
            for providers in ((one.key.provider, other.key.provider), (other.key.provider, one.key.provider)):
                counts = agreement.setdefault(providers, [0, 0])
                counts[0] += 1
                counts[1] += not mine.isdisjoint(theirs)
    return agreement


def _sound(identity: Identity, kind: Kind, void: set[tuple[Kind, str]]) -> set[str]:
    values = {identity.guid} if kind is Kind.BIOS_GUID else set(identity.serials)
    return {value for value in values if value is not None and (kind, value) not in void}


def _by_company_and_name(identities: Sequence[Identity]) -> Iterable[list[int]]:
    """Records under one hostname at companies of one name: the company map is not known yet."""
    buckets: dict[tuple[str, str], list[int]] = {}
    for position, identity in enumerate(identities):
        if identity.name and identity.company_name and identity.live:
            buckets.setdefault((clean(identity.company_name), identity.name), []).append(position)
    return buckets.values()


def _set_aside(
    kind: Kind, agreement: Agreement, words: Mapping[str, str], psa_providers: frozenset[str]
) -> list[FieldTrust]:
    """
    Take out the worst provider, and count again without it, until none is ruled out.

    Where one of two providers is wrong both never agree: each next one is judged by the partners that are left.
    On a tie people's rows go before agents', whose values are measured.
    """
    out = [FieldTrust(provider, kind, 0, 0) for provider, word in sorted(words.items()) if word == "never"]
    while True:
        gone = {trust.provider for trust in out}
        suspects = []
        for provider in sorted({one for one, _ in agreement} - gone):
            counts = [c for (one, other), c in agreement.items() if one == provider and other not in gone]
            pairs, agreeing = sum(c[0] for c in counts), sum(c[1] for c in counts)
            if words.get(provider) != "always" and pairs and ruled_out(agreeing, pairs):
                suspects.append(
                    (agreeing / pairs, provider not in psa_providers, FieldTrust(provider, kind, pairs, agreeing))
                )
        if not suspects:
            return out
        worst = min(suspect[:2] for suspect in suspects)
        out += [trust for *rank, trust in suspects if tuple(rank) == worst]
