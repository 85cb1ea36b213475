"""What an operator sets for reports: which provider plays which role, what counts as active, and how to link."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from matching.codes import Code
from service.core.settings import Settings


class FeedRole(Code):
    """What a provider is for."""

    PSA = "psa", "PSA", "The system whose rows people keep and bill."
    RMM = "rmm", "RMM", "Its agents manage the device."
    EDR = "edr", "EDR", "Its agents guard the device."
    BACKUP = "backup", "backup", "It backs the device up."
    MDM = "mdm", "MDM", "It manages phones and tablets."


@dataclass(frozen=True)
class PsaLinks:
    """How configurations of ConnectWise Manage are linked to; `{id}` stands for one in `template`."""

    provider: str
    template: str

    def to(self, record_id: str) -> str:
        """Return the address of a configuration."""
        return self.template.replace("{id}", quote(record_id, safe=""))


CLOUD = (
    "/v4_6_release/services/system_io/router/openrecord.rails"
    "?locale=en_US&companyName={company}&recordType=ConfigFv&recid={id}"
)
SELF_HOSTED = "/v4_6_release/ConnectWise.aspx?routeTo=ConfigFV&recid={id}"
"""Paths by which a browser opens a configuration. Source: reference/connectwise-billing.md."""


@dataclass(frozen=True)
class ReportRules:
    """
    What an operator sets for reports; docs/reference/settings.md says what each means.

    `roles` names providers that are not what they are taken for: a PSA of the policy is a PSA, any other is an RMM.
    Types and products are case-folded.
    """

    active_days: int = 30
    active_providers: frozenset[str] = frozenset()
    stale_days: int = 30
    late_feed_hours: float = 48
    roles: Mapping[str, FeedRole] = field(default_factory=dict)
    psa_providers: frozenset[str] = frozenset({"cw_manage"})
    weights: Mapping[str, float] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    links: PsaLinks | None = None

    @classmethod
    def of(cls, settings: Settings) -> "ReportRules":
        """Return what some settings say."""
        said = settings.reports
        return cls(
            active_days=said.active_days,
            active_providers=said.active_providers,
            stale_days=said.stale_days,
            late_feed_hours=said.late_feed_hours,
            roles={provider: FeedRole(role) for provider, role in said.roles.items()},
            psa_providers=settings.policy_settings.psa_providers,
            weights=said.weights,
            products=said.products,
            links=_links(settings),
        )

    def link(self, provider: str, record_id: str) -> str | None:
        """Return the address of a record in the PSA; None where none is known."""
        return self.links.to(record_id) if self.links and provider == self.links.provider else None

    def role(self, provider: str) -> FeedRole:
        """Return what a provider is for."""
        return self.roles.get(provider) or (FeedRole.PSA if provider in self.psa_providers else FeedRole.RMM)

    def of_role(self, providers: Collection[str], role: FeedRole) -> list[str]:
        """Return those of some providers that play a role, in order."""
        return sorted(each for each in providers if self.role(each) is role)

    def counts_for_activity(self, provider: str) -> bool:
        """Whether being seen by a provider makes a device active: those that are named, else all but PSAs."""
        if self.active_providers:
            return provider in self.active_providers
        return self.role(provider) is not FeedRole.PSA

    def active_since(self, now: datetime) -> datetime:
        """Return since when a device has to be seen in order to be active."""
        return now - timedelta(days=self.active_days)

    def weight(self, type_: str | None) -> float:
        """Return how much a device of a type counts in an invoice."""
        return self.weights.get((type_ or "").casefold(), 1.0)


def _links(settings: Settings) -> PsaLinks | None:
    """On the vendor's cloud people work on the host of the API without its first `api-`."""
    psa, said = settings.providers.connect_wise_manage, settings.reports
    if psa is None or said.psa_links == "none":
        return None
    api = urlsplit(psa.base_url)
    host = said.psa_web or f"{api.scheme}://{api.netloc.removeprefix('api-')}"
    path = CLOUD if said.psa_links == "cloud" else SELF_HOSTED
    return PsaLinks("cw_manage", host + path.replace("{company}", quote(psa.company_id, safe="")))
