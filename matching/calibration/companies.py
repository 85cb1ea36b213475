"""
The company map: which companies of different providers are one customer.

Two systems spell a customer differently and number it differently. Two companies are aligned by equal names after
cleaning, or by enough shared hardware together with similar names, but never by similar names alone. An operator's
map outweighs both.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache

from rapidfuzz import fuzz

from matching.evidence.identity import Identity
from matching.policy import Policy

LEGAL_FORMS = frozenset(
    """
    inc incorporated llc llp lp ltd limited plc pllc pc co corp corporation company gmbh mbh ag kg ohg ug ev eg se sa
    sas sarl srl spa bv nv oy oyj ab as asa aps pty pvt the and und et y
    """.split()
)

LIKE = 65.0
"""Likeness of names (0 to 100) that supports shared hardware. Chance pairs of company names rarely pass 60."""

VERY_LIKE = 90.0
"""Likeness at which one name contains the other: a branch that is listed as a company of its own."""

ENOUGH = 2
"""Shared boxes that, with like names, align two companies."""

OVERWHELMING = 8
"""Shared boxes that align two companies of any names, if nearly all shared boxes of both are shared with each other."""

SPREAD = 4
"""A company whose boxes belong to this many customers, with at most half at one, is a catch-all."""


class Relation(Enum):
    """What is known about two companies, or about the companies of two groups of records."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CompanyMap:
    """
    Which customer each provider's company is.

    `customer` maps a company to its customer, which is named by the smallest of its companies; `providers` maps a
    customer to the providers that list it; `why` gives, of each two companies that were aligned, the reason;
    `catch_alls` are companies whose boxes belong to many customers.
    """

    customer: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    why: tuple[tuple[str, str, str], ...] = ()
    catch_alls: frozenset[str] = frozenset()

    def of(self, company: str | None) -> str | None:
        """Return the customer of a provider's company; None without a company, and for a catch-all."""
        return None if company is None or company in self.catch_alls else self.customer.get(company, company)

    def relation(self, left: frozenset[str], right: frozenset[str]) -> Relation:
        """
        Return how the customers of two groups relate.

        One customer in common makes them the same. Otherwise a provider that lists one of each makes them different.
        Two customers that no provider lists side by side may be one customer under two names: unknown.
        """
        if left & right:
            return Relation.SAME
        if any(self._listed(one) & self._listed(other) for one in left for other in right):
            return Relation.DIFFERENT
        return Relation.UNKNOWN

    def _listed(self, customer: str) -> frozenset[str]:
        return self.providers.get(customer) or frozenset((customer.partition(":")[0],))


@lru_cache(maxsize=100_000)
def clean(name: str) -> str:
    """
    Return a company's name without case, punctuation and legal forms; empty only for a name without letters and digits.

    >>> clean("The Müller & Söhne GmbH & Co. KG")
    'muller sohne'
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in letters if not unicodedata.combining(c)).replace("'", "").replace(".", "")
    words = re.findall(r"[^\W_]+", plain)
    kept = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(kept or words)


def align(identities: Sequence[Identity], shared: Iterable[tuple[int, int]], policy: Policy) -> CompanyMap:
    """
    Return the company map of all records.

    Args:
        shared: Pairs of positions across providers that one GUID or serial joins uniquely.
    """
    names = company_names(identities)
    together = _count_shared_boxes(identities, shared)
    builder = _CompanyMapBuilder(names)
    for group in policy.company_map:
        builder.unite_as_mapped(_named_companies(group, names))
    aligned = _aligned_by_hardware(together, names)
    for left, right, boxes, reason, _ in (pair for pair in aligned if not pair[-1]):
        builder.unite(left, [right], f"{boxes} shared boxes, {reason}")
    for refs in _equal_names(names):
        builder.unite(refs[0], refs[1:], "equal names")
    for left, right, boxes, reason, _ in (pair for pair in aligned if pair[-1]):
        builder.unite(left, [right], f"{boxes} shared boxes, {reason}", is_branch=True)
    found = builder.company_map()
    return replace(found, catch_alls=_catch_alls(found, together))


def company_names(identities: Iterable[Identity]) -> dict[str, str]:
    """Return each provider's companies with their most frequent name; of equally frequent ones the first in order."""
    counts = Counter((identity.company, identity.company_name) for identity in identities)
    names: dict[str, tuple[int, str]] = {}
    for (company, name), count in counts.items():
        if company is not None:
            names[company] = min(names.get(company, (0, "")), (-count, name or ""))
    return {company: name for company, (_, name) in sorted(names.items())}


class _CompanyMapBuilder:
    """Unites companies. Two of one provider become one customer only by the operator's map or a branch's name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.customers: dict[str, set[str]] = {ref: {ref} for ref in names}
        self.why: list[tuple[str, str, str]] = []

    def unite_as_mapped(self, refs: Sequence[str]) -> None:
        for ref in refs[1:]:
            self._merge(refs[0], ref, "the operator's map")

    def unite(self, left: str, others: Iterable[str], why: str, *, is_branch: bool = False) -> None:
        for right in others:
            one, other = self.customers[left], self.customers[right]
            clash = {_provider(ref) for ref in one} & {_provider(ref) for ref in other}
            if one is not other and (is_branch or not clash):
                self._merge(left, right, why)

    def _merge(self, left: str, right: str, why: str) -> None:
        one, other = self.customers[left], self.customers[right]
        if one is not other:
            one |= other
            self.customers.update(dict.fromkeys(other, one))
            self.why.append((min(left, right), max(left, right), why))

    def company_map(self) -> CompanyMap:
        customer = {ref: min(refs) for ref, refs in self.customers.items()}
        providers = {min(refs): frozenset(map(_provider, refs)) for refs in self.customers.values()}
        return CompanyMap(customer, providers, tuple(sorted(self.why)))


def _provider(ref: str) -> str:
    return ref.partition(":")[0]


def _named_companies(group: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """The companies that an operator's `provider:company` names, by id or by name."""
    return sorted(ref for ref, name in names.items() if ref in group or f"{_provider(ref)}:{name}" in group)


def _equal_names(names: Mapping[str, str]) -> list[list[str]]:
    """Sets of companies with one cleaned name, without those of a provider that uses the name twice."""
    by_name: dict[str, list[str]] = {}
    for ref, name in names.items():
        if cleaned := clean(name):
            by_name.setdefault(cleaned, []).append(ref)
    groups = []
    for _, refs in sorted(by_name.items()):
        uses = Counter(map(_provider, refs))
        groups.append([ref for ref in refs if uses[_provider(ref)] == 1])
    return [refs for refs in groups if len(refs) > 1]


def _count_shared_boxes(identities: Sequence[Identity], pairs: Iterable[tuple[int, int]]) -> Counter[tuple[str, str]]:
    """Count the boxes that each two companies share; the smaller company comes first."""
    together: Counter[tuple[str, str]] = Counter()
    counts = Counter((identities[left].company, identities[right].company) for left, right in pairs)
    for (left, right), boxes in counts.items():
        if left and right:
            together[min(left, right), max(left, right)] += boxes
    return together


def _aligned_by_hardware(
    together: Mapping[tuple[str, str], int], names: Mapping[str, str]
) -> list[tuple[str, str, int, str, bool]]:
    """Pairs of companies that shared boxes align, most boxes first: (left, right, boxes, why, whether a branch)."""
    toward: Counter[tuple[str, str]] = Counter()  # (company, other provider) -> boxes that they share
    for (one, other), boxes in together.items():
        toward[one, _provider(other)] += boxes
        toward[other, _provider(one)] += boxes
    found = []
    for (one, other), boxes in together.items():
        shares = boxes / toward[one, _provider(other)], boxes / toward[other, _provider(one)]
        if aligned := _reason_to_align(boxes, shares, clean(names[one]), clean(names[other])):
            found.append((one, other, boxes, *aligned))
    return sorted(found, key=lambda pair: (-pair[2], pair[:2]))


def _catch_alls(companies: CompanyMap, together: Mapping[tuple[str, str], int]) -> frozenset[str]:
    """
    Return the companies whose boxes other providers list under many customers, none of which has half of them.

    No list of words covers every name for `Staging` or `New devices`, but the boxes in them are of many customers.
    """
    spread: dict[str, Counter[str]] = {}
    for pair, boxes in together.items():
        for one, other in (pair, pair[::-1]):
            spread.setdefault(one, Counter())[companies.customer[other]] += boxes
    return frozenset(
        company
        for company, customers in spread.items()
        if len(customers) >= SPREAD and 2 * max(customers.values()) <= customers.total()
    )


def _reason_to_align(boxes: int, shares: tuple[float, float], left: str, right: str) -> tuple[str, bool] | None:
    """
    Return why shared boxes align two companies, and whether one is a branch of the other; None if they do not.

    Args:
        shares: Of the boxes that each company shares with the other's provider, the share that is the other's.
    """
    if boxes < ENOUGH:
        return None
    likeness = max(fuzz.WRatio(left, right), fuzz.token_set_ratio(left, right)) if left and right else 0.0
    if left != right and max(shares) >= 0.8 and likeness >= VERY_LIKE:
        return "a branch by its name", True
    if min(shares) > 0.5 and likeness >= LIKE:
        return "like names", False
    if boxes >= OVERWHELMING and min(shares) >= 0.8:
        return "nearly all of both", False
    return None
