"""The policy: the settings of matching that an operator can change, with cautious defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

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

    def __hash__(self) -> int:
        """Return a hash of all that the policy says: its mappings have none of their own."""
        return hash(tuple(_frozen(getattr(self, item.name)) for item in fields(self)))


def _frozen(value: object) -> object:
    if isinstance(value, Mapping):
        return frozenset((key, _frozen(inner)) for key, inner in value.items())
    return value
