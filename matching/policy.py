"""
What a fleet may want otherwise, as data. Every setting has a cautious default and its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from matching.codes import Code

KindValues = Mapping[str, frozenset[str]]

PSA_PROVIDERS = frozenset({"cw_manage"})
"""The providers that are PSAs where the policy does not say otherwise."""


class OnConflict(Code):
    """What to do where two kinds of evidence contradict each other and the fleet decides which is right."""

    REVIEW = "review", "ask a person", "The records stay apart, and a review asks a person."
    JOIN = "join", "join", "The records are joined."


class Trust(Code):
    """Whether a provider's field is taken at its word."""

    MEASURED = "measured", "measured", "The field is trusted until the data prove it unreliable."
    ALWAYS = "always", "always", "The field is trusted, whatever the data say."
    NEVER = "never", "never", "The field is no evidence."


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules that an operator may turn; the defaults prefer a review to a wrong join."""

    board_replacement: OnConflict = OnConflict.REVIEW
    """`join`: equal serial and equal hostname in one company outweigh differing GUIDs (a new mainboard)."""

    mac_against_name: OnConflict = OnConflict.REVIEW
    """`join`: a shared MAC joins records whose hostnames differ (a renamed machine; or a dock that travelled)."""

    complete_adapters: Mapping[str, bool] = field(default_factory=dict)
    """Provider -> whether it lists every adapter of a box; where it is not set, calibration measures it."""

    trust: Mapping[str, Mapping[str, Trust]] = field(default_factory=dict)
    """Provider -> kind -> `measured` (default), `always` or `never`: whether its field is taken at its word."""

    allow: KindValues = field(default_factory=dict)
    """Kind -> values that are evidence although a list or the data says otherwise."""

    deny: KindValues = field(default_factory=dict)
    """Kind -> values that are no evidence in this fleet. Outweighs everything else."""

    company_map: tuple[frozenset[str], ...] = ()
    """Groups of `provider:company` (id or name) that are one customer, whatever their names say."""

    catch_all_companies: frozenset[str] = frozenset(
        {"unassigned", "catchall", "catch-all", "catch all", "default", "unknown", "new devices", "none", "n/a"}
    )
    """Names of companies that are no customer: records there are of unknown company. Compared without case."""

    retired_statuses: frozenset[str] = frozenset(
        {"retired", "inactive", "decommissioned", "disposed", "archived", "deleted", "removed", "scrapped", "sold"}
    )
    """Statuses that mean that the box is no longer in use. Compared without case."""

    non_device_types: frozenset[str] = frozenset(
        {"licence", "licences", "license", "licenses", "licensing", "subscription", "contract", "warranty", "agreement"}
        | {"domain", "certificate", "ssl", "toner", "consumable", "software", "application"}
    )
    """Words in a record's type that make it no device: what it carries belongs to the device it is about."""

    psa_providers: frozenset[str] = PSA_PROVIDERS
    """Providers whose rows people keep; the others are agents that report what they measure."""

    precedence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Golden field -> providers in the order in which they are believed; others follow in the default order."""

    max_holders: int = 200
    """Records that may hold one value before it stops being evidence. No box has that many rows."""

    islands: int = 3
    """Boxes with nothing else in common, inside one provider, that make a value over-shared."""

    def __hash__(self) -> int:
        """Return a hash of all that the policy says: its mappings have none of their own."""
        return hash(tuple(_frozen(getattr(self, item.name)) for item in fields(self)))


def _frozen(value: object) -> object:
    if isinstance(value, Mapping):
        return frozenset((key, _frozen(inner)) for key, inner in value.items())
    return value
