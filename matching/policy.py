"""The policy: the settings of matching that an operator can change, with cautious defaults."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple

from matching.codes import Code

KindValues = Mapping[str, frozenset[str]]

PSA_PROVIDERS = frozenset({"cw_manage"})
"""The providers that are PSAs where the policy does not say otherwise."""


class OnConflict(Code):
    """What to do where two kinds of evidence contradict each other and either may be right."""

    REVIEW = "review", "ask a person", "The records stay apart, and a review asks a person."
    JOIN = "join", "join", "The records are joined."


class Trust(Code):
    """Whether a provider's field is taken at its word."""

    MEASURED = "measured", "measured", "The field is trusted until the data prove it unreliable."
    ALWAYS = "always", "always", "The field is trusted, whatever the data say."
    NEVER = "never", "never", "The field is no evidence."


class PolicyEntryKind(Code):
    """What a person may add to the policy, one entry at a time."""

    SAME_CUSTOMER = "same_customer", "one customer", "Two companies are one customer, whatever their names are."
    DIFFERENT_CUSTOMERS = "different_customers", "different customers", "Two companies are never one customer."
    ALLOW = "allow", "allowed", "A value counts as evidence, although a list or the data speak against it."
    DENY = "deny", "denied", "A value is never evidence."

    @property
    def is_of_companies(self) -> bool:
        """Whether it is about two companies, and not about a value."""
        return self in {PolicyEntryKind.SAME_CUSTOMER, PolicyEntryKind.DIFFERENT_CUSTOMERS}


class PolicyEntry(NamedTuple):
    """
    Something that a person adds to the policy.

    `subject` and `value` are two companies in order, written `provider:id`; or a kind and a canonical value of it.
    """

    kind: PolicyEntryKind
    subject: str
    value: str

    @property
    def companies(self) -> frozenset[str]:
        """The two companies that it is about."""
        return frozenset({self.subject, self.value})


@dataclass(frozen=True, slots=True)
class Policy:
    """
    The rules that an operator can change; the defaults prefer a review to a wrong join.

    What each field means, and what it may hold, is on the page of the settings, docs/reference/settings.md. Values are
    canonical here, and names of companies, statuses and types are case-folded.
    """

    board_replacement: OnConflict = OnConflict.JOIN
    mac_against_name: OnConflict = OnConflict.REVIEW
    complete_adapters: Mapping[str, bool] = field(default_factory=dict)
    trust: Mapping[str, Mapping[str, Trust]] = field(default_factory=dict)
    allow: KindValues = field(default_factory=dict)
    deny: KindValues = field(default_factory=dict)
    company_map: tuple[frozenset[str], ...] = ()
    different_companies: tuple[frozenset[str], ...] = ()
    trusted_across_customers: frozenset[str] | None = None
    catch_all_companies: frozenset[str] = frozenset(
        {"unassigned", "catchall", "catch-all", "catch all", "default", "unknown", "new devices", "none", "n/a"}
    )
    retired_statuses: frozenset[str] = frozenset(
        {"retired", "inactive", "decommissioned", "disposed", "archived", "deleted", "removed", "scrapped", "sold"}
    )
    non_device_types: frozenset[str] = frozenset(
        {"licence", "licences", "license", "licenses", "licensing", "subscription", "contract", "warranty", "agreement"}
        | {"domain", "certificate", "ssl", "toner", "consumable", "software", "application"}
    )
    psa_providers: frozenset[str] = PSA_PROVIDERS
    precedence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_holders: int = 200
    islands: int = 3

    def trusts_across_customers(self, provider: str) -> bool:
        """
        Whether a provider's hardware may align companies, and its GUIDs and links may join across customers.

        Without `trusted_across_customers` every provider may: then nothing tells one from another.
        """
        return self.trusted_across_customers is None or provider in self.trusted_across_customers

    def with_entries(self, entries: Collection[PolicyEntry]) -> "Policy":
        """Return this policy with what people have added to it."""
        if not entries:
            return self
        by_kind: dict[PolicyEntryKind, list[PolicyEntry]] = {kind: [] for kind in PolicyEntryKind}
        for entry in sorted(entries):
            by_kind[entry.kind].append(entry)
        same, different = by_kind[PolicyEntryKind.SAME_CUSTOMER], by_kind[PolicyEntryKind.DIFFERENT_CUSTOMERS]
        return replace(
            self,
            company_map=(*self.company_map, *(each.companies for each in same)),
            different_companies=(*self.different_companies, *(each.companies for each in different)),
            allow=_with_values(self.allow, by_kind[PolicyEntryKind.ALLOW]),
            deny=_with_values(self.deny, by_kind[PolicyEntryKind.DENY]),
        )

    def __hash__(self) -> int:
        """Return a hash of all that the policy says: its mappings have none of their own."""
        return hash(tuple(_frozen(getattr(self, item.name)) for item in fields(self)))


def _with_values(values: KindValues, entries: Iterable[PolicyEntry]) -> KindValues:
    found = dict(values)
    for entry in entries:
        found[entry.subject] = found.get(entry.subject, frozenset()) | {entry.value}
    return found


def _frozen(value: object) -> object:
    if isinstance(value, Mapping):
        return frozenset((key, _frozen(inner)) for key, inner in value.items())
    return value
