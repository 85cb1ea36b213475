"""Which statements of the settings, and which standing entries, a new entry of the policy contradicts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import networkx as nx

from matching.policy import Policy, PolicyEntry, PolicyEntryKind
from matching.values.spelling import moment_text, shown
from service.core.errors import Conflict
from service.store.stewardship.policy_entries import StoredPolicyEntry

Ties: TypeAlias = "nx.Graph[str]"


@dataclass(frozen=True)
class _Statement:
    """Two companies, and who says something of them."""

    companies: frozenset[str]
    said: str


def refuse_contradiction(
    settings: Policy, standing: Sequence[StoredPolicyEntry], names: Mapping[str, str], entry: PolicyEntry
) -> None:
    """
    Refuse an entry that cannot hold beside the settings and the entries that stand.

    Args:
        settings: What the settings say; they are changed there, and never by an entry.
        standing: The entries in force.
        names: The most frequent name of each company that a provider lists: the settings may name it so.
        entry: The new one.

    Raises:
        Conflict: Names the entry, and all that together speaks against it.
    """
    if entry.kind.is_of_companies:
        against = _against_companies(settings, standing, names, entry)
    else:
        against = list(_against_value(settings, standing, entry))
    if against:
        verb = "contradict" if len(against) > 1 else "contradicts"
        raise Conflict(f"{spelled(entry)} cannot be said: {' and '.join(against)} {verb} it")


def spelled(entry: PolicyEntry) -> str:
    """
    Return an entry in words.

    >>> spelled(PolicyEntry(PolicyEntryKind.SAME_CUSTOMER, "cw_manage:250", "ninjaone:HS"))
    'cw_manage:250 and ninjaone:HS: one customer'
    """
    if entry.kind.is_of_companies:
        return f"{entry.subject} and {entry.value}: {entry.kind.label}"
    return f"{entry.subject} {shown_value(entry)}: {entry.kind.label}"


def shown_value(entry: PolicyEntry) -> str:
    """Return the value of an entry as people write it."""
    return entry.value if entry.kind.is_of_companies else shown(entry.subject, entry.value)


def _against_companies(
    settings: Policy, standing: Sequence[StoredPolicyEntry], names: Mapping[str, str], entry: PolicyEntry
) -> list[str]:
    """What parts two companies, and the chain of what makes them one."""
    ties: Ties = nx.Graph()
    ties.add_nodes_from(entry.companies)
    same = _statements("Policy:CompanyMap", settings.company_map, names)
    for each in (*same, *_entries(standing, PolicyEntryKind.SAME_CUSTOMER)):
        ties.add_edge(*sorted(each.companies), said=each.said)
    if entry.kind is PolicyEntryKind.DIFFERENT_CUSTOMERS:
        return _chain(ties, entry.companies) if nx.has_path(ties, *sorted(entry.companies)) else []
    ties.add_edge(*sorted(entry.companies), said="")
    customer = nx.node_connected_component(ties, entry.subject)
    different = _statements("Policy:DifferentCompanies", settings.different_companies, names)
    for each in (*different, *_entries(standing, PolicyEntryKind.DIFFERENT_CUSTOMERS)):
        if each.companies <= customer:
            return [each.said, *_chain(ties, each.companies)]
    return []


def _against_value(settings: Policy, standing: Sequence[StoredPolicyEntry], entry: PolicyEntry) -> Iterator[str]:
    is_allow = entry.kind is PolicyEntryKind.ALLOW
    opposite, own = (PolicyEntryKind.DENY, settings.deny) if is_allow else (PolicyEntryKind.ALLOW, settings.allow)
    if entry.value in own.get(entry.subject, ()):
        yield f"the setting Policy:{'Deny' if is_allow else 'Allow'}"
    yield from (_said(each) for each in standing if each.entry == entry._replace(kind=opposite))


def _statements(setting: str, groups: Iterable[frozenset[str]], names: Mapping[str, str]) -> Iterator[_Statement]:
    """What a setting says of each two companies of its groups, which it names by id or by name."""
    for group in groups:
        ids = [ref for ref, name in names.items() if ref in group or f"{ref.partition(':')[0]}:{name}" in group]
        said = f"the setting {setting} ({', '.join(sorted(group))})"
        yield from (_Statement(frozenset(pair), said) for pair in combinations(ids, 2))


def _entries(standing: Iterable[StoredPolicyEntry], kind: PolicyEntryKind) -> Iterator[_Statement]:
    return (_Statement(each.entry.companies, _said(each)) for each in standing if each.entry.kind is kind)


def _said(each: StoredPolicyEntry) -> str:
    return f"the entry of {each.by} of {moment_text(each.at)[:10]} ({spelled(each.entry)})"


def _chain(ties: Ties, companies: frozenset[str]) -> list[str]:
    """Who says that two companies are one, along the shortest chain between them; without the entry itself."""
    path = nx.shortest_path(ties, *sorted(companies))
    said = (ties.edges[pair]["said"] for pair in nx.utils.pairwise(path))
    return [each for each in dict.fromkeys(said) if each]
