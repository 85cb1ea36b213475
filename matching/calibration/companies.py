"""
The company map: which companies of different providers are one customer.

Two systems spell a customer differently and number it differently. Two companies are aligned by equal names after
cleaning, or by enough shared hardware together with similar names, but never by similar names alone. An operator's
map outweighs both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import combinations
from typing import NamedTuple

from matching.calibration.company_names import clean, is_abbreviation, likeness
from matching.codes import Code
from matching.evidence.identity import Identity
from matching.policy import Policy

LIKE = 65.0
"""Likeness of names (0 to 100) that supports shared hardware. Chance pairs of company names rarely pass 60."""

VERY_LIKE = 90.0
"""Likeness at which one name contains the other: a branch that is listed as a company of its own."""

ENOUGH = 2
"""Shared boxes that, with like names, align two companies; with initials, which repeat by chance, it takes more."""

OVERWHELMING = 5
"""
Shared boxes that align two companies of any names, if nearly all shared boxes of both are shared with each other.

They also have to be as many as the square root of the larger company's records: a few boxes that were sold align
nobody.
"""

NEARLY_ALL = 0.8
"""Share of a company's boxes at the other's provider that is nearly all of them."""

SPREAD = 4
"""A company whose boxes belong to this many customers, with at most half at one, is a catch-all."""


class Ground(Code):
    """Why two companies are one customer."""

    OPERATOR = "operator", "the operator's map", "The policy says so."
    EQUAL_NAMES = "equal_names", "equal names", "Their names are equal without case, punctuation and legal forms."
    LIKE_NAMES = "like_names", "like names", "They share boxes, and their names are alike."
    INITIALS = (
        "initials",
        "a name that abbreviates the other",
        "They share boxes, and one name has the other's initials.",
    )
    BRANCH = (
        "branch",
        "a branch by its name",
        "Nearly all shared boxes of one are the other's, and its name has the other's.",
    )
    HARDWARE_ALONE = (
        "hardware_alone",
        "nearly all of both",
        "Nearly all boxes that each shares with the other's provider are the other's; their names are not alike.",
    )


class Alignment(NamedTuple):
    """Two companies that are one customer, why, and by how many shared boxes; 0 where names or people say so."""

    left: str
    right: str
    ground: Ground
    boxes: int = 0

    @property
    def sentence(self) -> str:
        """The reason in words."""
        return f"{self.boxes} shared boxes, {self.ground.label}" if self.boxes else self.ground.label


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
    `catch_alls` are companies whose boxes belong to many customers. Of pairs of customers, the smaller one first,
    `different` are those of which the operator says that they are two, and `undivided` those that one provider lists
    apart and another as one company. `names` is for people: each company's most frequent name.
    """

    customer: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    why: tuple[Alignment, ...] = ()
    catch_alls: frozenset[str] = frozenset()
    different: frozenset[tuple[str, str]] = frozenset()
    undivided: frozenset[tuple[str, str]] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    def of(self, company: str | None) -> str | None:
        """Return the customer of a provider's company; None without a company, and for a catch-all."""
        return None if company is None or company in self.catch_alls else self.customer.get(company, company)

    def relation(self, left: frozenset[str], right: frozenset[str]) -> Relation:
        """
        Return how the customers of two groups relate.

        One customer in common makes them the same. Otherwise a provider that lists one of each makes them different,
        and so does the operator. Two customers that no provider lists side by side may be one customer under two names,
        and of two that another provider lists as one company a record there may be of either: unknown.
        """
        if left & right:
            return Relation.SAME
        if any(self._are_two(one, other) for one in left for other in right):
            return Relation.DIFFERENT
        return Relation.UNKNOWN

    def _are_two(self, one: str, other: str) -> bool:
        pair = min(one, other), max(one, other)
        is_listed_apart = bool(self._listed(one) & self._listed(other)) and pair not in self.undivided
        return pair in self.different or is_listed_apart

    def _listed(self, customer: str) -> frozenset[str]:
        return self.providers.get(customer) or frozenset((customer.partition(":")[0],))


NameCounts = Mapping[tuple[str | None, str | None], int]
"""Company and its name, as records give them -> the number of records."""

BoxCounts = Mapping[tuple[str | None, str | None], int]
"""Companies of two records that are one box -> the number of such pairs; a pair of companies in either order."""


def align(counted: NameCounts, shared: BoxCounts, policy: Policy) -> CompanyMap:
    """
    Return the company map of all records.

    Args:
        counted: The companies and names of all records.
        shared: The companies of the boxes that providers share which may teach this.
    """
    names = most_frequent_names(counted)
    together = _together(shared)
    parted = [_named_companies(group, names) for group in policy.different_companies]
    builder = _CompanyMapBuilder(names, parted)
    for group in policy.company_map:
        builder.unite_as_mapped(_named_companies(group, names))
    sizes = _sizes(counted)
    aligned = _aligned_by_hardware(together, names, sizes)
    for pair in aligned:
        if pair.ground is not Ground.BRANCH:
            builder.unite(pair)
    for refs in _equal_names(names):
        for other in refs[1:]:
            builder.unite(Alignment(refs[0], other, Ground.EQUAL_NAMES))
    for pair in aligned:
        if pair.ground is Ground.BRANCH:
            builder.unite(pair)
    found = builder.company_map()
    catch_alls, undivided = _catch_alls(found, together), _undivided(found, together, sizes)
    return replace(found, catch_alls=catch_alls, undivided=undivided, names=names)


def company_names(identities: Iterable[Identity]) -> dict[str, str]:
    """Return each provider's companies with their most frequent name; of equally frequent ones the first in order."""
    return most_frequent_names(count_names(identities))


def count_names(identities: Iterable[Identity]) -> NameCounts:
    """Count the records of each company under each of its names."""
    return Counter((identity.company, identity.company_name) for identity in identities)


def count_shared_boxes(identities: Sequence[Identity], pairs: Iterable[tuple[int, int]]) -> BoxCounts:
    """
    Count the boxes that each two companies share.

    Args:
        pairs: Pairs of positions across providers that are one box, each once, of providers that may teach this.
    """
    return Counter((identities[left].company, identities[right].company) for left, right in pairs)


def most_frequent_names(counted: NameCounts) -> dict[str, str]:
    """Return each company with its most frequent name; of equally frequent ones the first in order."""
    names: dict[str, tuple[int, str]] = {}
    for (company, name), count in counted.items():
        if company is not None:
            names[company] = min(names.get(company, (0, "")), (-count, name or ""))
    return {company: name for company, (_, name) in sorted(names.items())}


class _CompanyMapBuilder:
    """
    Unites companies. Two of one provider become one customer only by the operator's map or a branch's name.

    Companies that the operator says are different are never united but by the operator's own map.
    """

    def __init__(self, names: Mapping[str, str], parted: Sequence[Sequence[str]]) -> None:
        self.customers: dict[str, set[str]] = {ref: {ref} for ref in names}
        self.parted = {pair for refs in parted for pair in combinations(sorted(refs), 2)}
        self.why: list[Alignment] = []

    def unite_as_mapped(self, refs: Sequence[str]) -> None:
        for ref in refs[1:]:
            self._merge(Alignment(refs[0], ref, Ground.OPERATOR))

    def unite(self, pair: Alignment) -> None:
        one, other = self.customers[pair.left], self.customers[pair.right]
        clash = {_provider(ref) for ref in one} & {_provider(ref) for ref in other}
        if (pair.ground is Ground.BRANCH or not clash) and not self._are_parted(one, other):
            self._merge(pair)

    def _are_parted(self, one: set[str], other: set[str]) -> bool:
        pairs = self.parted and ((min(a, b), max(a, b)) for a in one for b in other)
        return any(pair in self.parted for pair in pairs)

    def _merge(self, pair: Alignment) -> None:
        one, other = self.customers[pair.left], self.customers[pair.right]
        if one is not other:
            one |= other
            self.customers.update(dict.fromkeys(other, one))
            left, right = sorted(pair[:2])
            self.why.append(Alignment(left, right, *pair[2:]))

    def company_map(self) -> CompanyMap:
        customer = {ref: min(refs) for ref, refs in self.customers.items()}
        providers = {min(refs): frozenset(map(_provider, refs)) for refs in self.customers.values()}
        pairs = {tuple(sorted((customer[left], customer[right]))) for left, right in self.parted}
        different = frozenset((left, right) for left, right in pairs if left != right)
        return CompanyMap(customer, providers, tuple(sorted(self.why)), different=different)


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


def _sizes(counted: NameCounts) -> Counter[str | None]:
    """Count the records of each company."""
    sizes: Counter[str | None] = Counter()
    for (company, _), count in counted.items():
        sizes[company] += count
    return sizes


def _together(shared: BoxCounts) -> Counter[tuple[str, str]]:
    """Return the boxes that each two companies share; the smaller company comes first."""
    together: Counter[tuple[str, str]] = Counter()
    for (left, right), boxes in shared.items():
        if left and right:
            together[min(left, right), max(left, right)] += boxes
    return together


def _boxes_toward(together: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
    """Return the boxes that each company shares with another provider."""
    toward: Counter[tuple[str, str]] = Counter()
    for (one, other), boxes in together.items():
        toward[one, _provider(other)] += boxes
        toward[other, _provider(one)] += boxes
    return toward


def _aligned_by_hardware(
    together: Mapping[tuple[str, str], int], names: Mapping[str, str], sizes: Mapping[str | None, int]
) -> list[Alignment]:
    """Pairs of companies that shared boxes align, most boxes first."""
    toward = _boxes_toward(together)
    found = []
    for (one, other), boxes in together.items():
        shares = boxes / toward[one, _provider(other)], boxes / toward[other, _provider(one)]
        larger = max(sizes[one], sizes[other])
        if ground := _ground(boxes, shares, larger, names[one], names[other]):
            found.append(Alignment(one, other, ground, boxes))
    return sorted(found, key=lambda pair: (-pair.boxes, pair[:2]))


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


def _undivided(
    companies: CompanyMap, together: Mapping[tuple[str, str], int], sizes: Mapping[str | None, int]
) -> frozenset[tuple[str, str]]:
    """
    Return the pairs of customers that one provider lists as one company, as after one bought the other.

    Nearly all boxes of one company, and enough of them, are in another provider's company, which nearly consists of
    the boxes of two.
    """
    toward = _boxes_toward(together)
    by_company: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for pair, boxes in together.items():
        for whole, part in (pair, pair[::-1]):
            by_company.setdefault((whole, _provider(part)), []).append((boxes, part))
    found = set()
    for (whole, provider), parts in by_company.items():
        largest = sorted(parts, key=lambda part: (-part[0], part[1]))[:2]
        if sum(boxes for boxes, _ in largest) < NEARLY_ALL * toward[whole, provider]:
            continue
        for boxes, part in largest:
            is_enough = boxes >= OVERWHELMING and boxes**2 >= sizes[part]
            left, right = sorted((companies.customer[whole], companies.customer[part]))
            if left != right and is_enough and boxes >= NEARLY_ALL * toward[part, _provider(whole)]:
                found.add((left, right))
    return frozenset(found)


def _ground(boxes: int, shares: tuple[float, float], larger: int, left: str, right: str) -> Ground | None:
    """
    Return why shared boxes align two companies; None if they do not.

    Args:
        shares: Of the boxes that each company shares with the other's provider, the share that is the other's.
        larger: Records of the larger company.
        left: The name of one company.
        right: The name of the other.
    """
    alike = likeness(left, right) if boxes >= ENOUGH else 0.0
    if clean(left) != clean(right) and max(shares) >= NEARLY_ALL and alike >= VERY_LIKE:
        return Ground.BRANCH
    if min(shares) > 0.5 and alike >= LIKE:
        return Ground.LIKE_NAMES
    return _ground_without_likeness(boxes, shares, larger, is_abbreviation(left, right)) if boxes > ENOUGH else None


def _ground_without_likeness(boxes: int, shares: tuple[float, float], larger: int, are_initials: bool) -> Ground | None:
    """As `_ground`, for two names that are not alike, but one of which may have the other's initials."""
    is_much = boxes**2 >= larger
    if are_initials and is_much and min(shares) > 0.5:
        return Ground.INITIALS
    if are_initials and boxes >= OVERWHELMING and max(shares) >= NEARLY_ALL:
        return Ground.BRANCH
    if is_much and boxes >= OVERWHELMING and min(shares) >= NEARLY_ALL:
        return Ground.HARDWARE_ALONE
    return None
