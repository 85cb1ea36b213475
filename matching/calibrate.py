"""
What all records together teach: over-shared values, fields not to be trusted, the company map, complete adapter lists,
and how hostnames of a customer begin.

A field is taken at its word until the data rule it out; a provider lists every adapter only when the data show it.
Both are tests of proportions over record pairs that other evidence joins: the outcome follows from the records.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import comb, erfc, sqrt
from statistics import NormalDist
from typing import TypeVar
from zlib import crc32

from matching import cutnames
from matching.companies import Companies, align, clean
from matching.cutnames import Beginning
from matching.identity import Identity
from matching.index import Index, Screen, over_shared, unique_pairs
from matching.model import Kind, SharedValue, Unusable
from matching.policy import Policy

SIGNIFICANCE = 0.01
"""One-sided: seven pairs of which none agrees rule out that half of them do (0.5 ** 7 < 0.01)."""

COMPLETE_SHARE = 0.8
"""Share of pairs in which a complete list holds every adapter that the other provider lists, at the least."""

HARDWARE = (Kind.BIOS_GUID, Kind.SERIAL)
"""Kinds whose disagreement vetoes across providers, so that a field full of something else does harm."""


SAMPLE = 20_000
"""Values, or pairs of records, that a proportion is measured on."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FieldTrust:
    """A provider's field that is set aside: of `pairs` record pairs that other evidence joins, `agreeing` agree."""

    provider: str
    kind: Kind
    pairs: int
    agreeing: int

    @property
    def sentence(self) -> str:
        """What to tell about a value of the field."""
        if not self.pairs:
            return f"{self.provider}'s field is set aside by the operator"
        return f"{self.provider}'s field is set aside: {self.agreeing} of {self.pairs} values agree with others"


@dataclass(frozen=True)
class Calibration:
    """
    What is learnt from all records at once, and nothing else: resolution is a function of one component and this.

    What is derived of it is worked out once: a service asks the same calibration for every change of a record.
    """

    shared: tuple[SharedValue, ...] = ()
    set_aside: tuple[FieldTrust, ...] = ()
    companies: Companies = field(default_factory=Companies)
    complete: frozenset[str] = frozenset()
    crowded: frozenset[Beginning] = frozenset()

    @cached_property
    def screen(self) -> Screen:
        """What is no evidence."""
        return Screen(frozenset(self.reasons), frozenset(self.sentences))

    @cached_property
    def reasons(self) -> Mapping[tuple[Kind, str], str]:
        """Over-shared value -> what to tell about it."""
        return {(value.kind, value.value): f"over-shared: {value.reason}" for value in self.shared}

    @cached_property
    def sentences(self) -> Mapping[tuple[str, Kind], str]:
        """Provider and kind of a field that is set aside -> what to tell about its values."""
        return {(trust.provider, trust.kind): trust.sentence for trust in self.set_aside}

    @cached_property
    def spellings(self) -> frozenset[str]:
        """The over-shared values, whatever their kind: a quick test that most records pass."""
        return frozenset(value for _, value in self.reasons)


def calibrate(index: Index, policy: Policy) -> Calibration:
    """Learn from all records what one component cannot know."""
    shared = over_shared(index, policy)
    void = Calibration(shared).screen
    set_aside = untrusted_fields(index, void, policy)
    screen = Calibration(shared, set_aside).screen
    joined = [pair for kind in HARDWARE for pair in unique_pairs(index.providers, index.holders(kind, screen))]
    companies = align(index.identities, joined, policy)
    customers = [companies.of(identity.company) for identity in index.identities]
    crowded = cutnames.crowded(index.identities, customers, policy)
    return Calibration(shared, set_aside, companies, complete_providers(index, joined, screen, policy), crowded)


def usable(index: Index, calibration: Calibration) -> list[Identity]:
    """Return all identities without what calibration rules out; each value that goes is noted with the reason."""
    void, providers = calibration.spellings, {provider for provider, _ in calibration.sentences}
    identities = list(index.identities)
    if void or providers:
        for position, identity in enumerate(identities):
            if index.providers[position] in providers or _carries(identity, void):
                identities[position] = _without(identity, calibration.reasons, calibration.sentences)
    return identities


def _carries(identity: Identity, void: frozenset[str]) -> bool:
    """Whether a record may hold one of the values, also one that came after they were measured."""
    if identity.guid in void or not void.isdisjoint(identity.serials) or not void.isdisjoint(identity.macs):
        return True
    return bool(identity.weak) and any(value in void for _, value in identity.weak)


def _without(
    identity: Identity, reasons: Mapping[tuple[Kind, str], str], aside: Mapping[tuple[str, Kind], str]
) -> Identity:
    out = {
        (kind, value): reason
        for kind, value in (*identity.values(), *identity.weak)
        if (reason := reasons.get((kind, value)) or aside.get((identity.key.provider, kind)))
    }
    return identity._replace(
        guid=None if (Kind.BIOS_GUID, identity.guid) in out else identity.guid,
        serials=tuple(serial for serial in identity.serials if (Kind.SERIAL, serial) not in out),
        macs=tuple(mac for mac in identity.macs if (Kind.MAC, mac) not in out),
        weak=tuple(pair for pair in identity.weak if pair not in out),
        unusable=(*identity.unusable, *(Unusable(kind, value, reason) for (kind, value), reason in out.items())),
    )


def untrusted_fields(index: Index, screen: Screen, policy: Policy) -> tuple[FieldTrust, ...]:
    """Return the fields that the pairs rule out, or that the operator never trusts."""
    joined = {joining: _pairs_joined_by(index, joining, screen) for joining in (*HARDWARE, Kind.MAC, Kind.HOSTNAME)}
    found = []
    for kind in HARDWARE:
        words = {provider: kinds.get(kind, "measured") for provider, kinds in policy.trust.items()}
        pairs = set().union(*(pairs for joining, pairs in joined.items() if joining is not kind))
        found += _set_aside(kind, _agreement(index, kind, pairs, screen), words, policy.psa_providers)
    return tuple(sorted(found, key=lambda trust: (trust.provider, trust.kind)))


def complete_providers(
    index: Index, joined: Sequence[tuple[int, int]], screen: Screen, policy: Policy
) -> frozenset[str]:
    """
    Return the providers that list every adapter of a box.

    Measured on pairs that hardware joins: a complete list holds whatever adapters the other provider knows, and
    lists more than one on many boxes. A provider that lists one adapter a box never passes.
    """
    pairs: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    several: Counter[str] = Counter()
    for left, right in _sample(joined, lambda pair: index.identities[pair[0]].key.id):
        for own, other in ((left, right), (right, left)):
            mine, theirs = (_adapters(index.identities[position], screen) for position in (own, other))
            if mine and theirs:
                provider = index.identities[own].key.provider
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


def _sample(items: Sequence[T], name: Callable[[T], str]) -> Iterable[T]:
    """
    Return some `SAMPLE` of the items, chosen by a checksum of their names and so by nothing but themselves.

    Proportions are known well enough from that many pairs, and a larger fleet costs no more.
    """
    every = len(items) // SAMPLE + 1
    return items if every == 1 else [item for item in items if crc32(name(item).encode()) % every == 0]


def _adapters(identity: Identity, screen: Screen) -> set[str]:
    return {mac for mac in identity.macs if (Kind.MAC, mac) not in screen.void}


Agreement = dict[tuple[str, str], list[int]]
"""(provider, other provider) -> [pairs, of which agree]; each pair of records counts for both orders."""


def _pairs_joined_by(index: Index, joining: Kind, screen: Screen) -> set[tuple[int, int]]:
    """Pairs of positions that a kind joins uniquely; a hostname only at companies of one name."""
    shared = index.shared[joining]
    values = [v for v in _sample(list(shared), lambda value: value) if (joining, v) not in screen.void]
    if joining is Kind.HOSTNAME:
        groups = (group for value in values for group in _by_company(index.identities, shared[value]))
        return set(unique_pairs(index.providers, groups))
    return set(unique_pairs(index.providers, (shared[value] for value in values)))


def _agreement(index: Index, kind: Kind, pairs: Iterable[tuple[int, int]], screen: Screen) -> Agreement:
    """Count, for each two providers, how often this kind agrees where another kind joins."""
    agreement: Agreement = {}
    for left, right in pairs:
        one, other = index.identities[left], index.identities[right]
        mine, theirs = _sound(one, kind, screen), _sound(other, kind, screen)
        if mine and theirs:
            agree = not mine.isdisjoint(theirs)
            for providers in ((one.key.provider, other.key.provider), (other.key.provider, one.key.provider)):
                counts = agreement.setdefault(providers, [0, 0])
                counts[0] += 1
                counts[1] += agree
    return agreement


def _sound(identity: Identity, kind: Kind, screen: Screen) -> set[str]:
    values = {identity.guid} if kind is Kind.BIOS_GUID else set(identity.serials)
    return {value for value in values if value is not None and (kind, value) not in screen.void}


def _by_company(identities: Sequence[Identity], positions: Sequence[int]) -> Iterable[list[int]]:
    """Live records by companies of one name: the company map is not known yet."""
    groups: dict[str, list[int]] = {}
    for position in positions:
        identity = identities[position]
        if identity.live and identity.company and identity.company_name:
            groups.setdefault(clean(identity.company_name), []).append(position)
    return groups.values()


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
