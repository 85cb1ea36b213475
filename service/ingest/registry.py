"""Which providers there are, the adapters of those that the settings turn on, and the policy that trusts them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from matching.policy import Policy
from service.core.errors import Unprocessable
from service.core.settings import Settings
from service.ingest.cw_automate import CwAutomate
from service.ingest.cw_manage import CwManage
from service.ingest.cw_rmm import CwRmm
from service.ingest.ninjaone import NinjaOne
from service.ingest.protocol import Adapter


class AdapterClass(Protocol):
    """A class of adapters: it is made from the provider's settings section, and says which setting turns it on."""

    name: str
    setting: str

    def __call__(self, section: Any, /) -> Adapter:
        """Make an adapter; nothing is asked yet. Raises: SettingsError."""
        ...


ADAPTERS: dict[str, AdapterClass] = {
    "connect_wise_manage": CwManage,
    "connect_wise_rmm": CwRmm,
    "connect_wise_automate": CwAutomate,
    "ninja_one": NinjaOne,
}
"""Field of `Providers` in the settings -> the adapter that is made from it; syncs run in this order."""

SETTINGS = {adapter.name: adapter.setting for adapter in ADAPTERS.values()}
"""Provider -> the setting that turns it on."""


def adapters(settings: Settings, only: Sequence[str] = ()) -> list[Adapter]:
    """
    Return an adapter for every provider that is configured, or for those named.

    Raises:
        Unprocessable: A name that is no provider, or one of a provider that is not configured.
        SettingsError: A section that its adapter cannot work with.
    """
    for name in only:
        if name not in SETTINGS:
            raise Unprocessable(f"{name[:100]!r} is no provider; the known ones are {', '.join(SETTINGS)}")
    sections = {field: section for field, section in settings.providers if section is not None}
    configured = {adapter.name: adapter(sections[field]) for field, adapter in ADAPTERS.items() if field in sections}
    if missing := [name for name in only if name not in configured]:
        raise Unprocessable(f"{missing[0]} is not configured; set {SETTINGS[missing[0]]}")
    return [adapter for name, adapter in configured.items() if not only or name in only]


def policy_of(settings: Settings) -> Policy:
    """
    Return the policy in force.

    Where the settings do not say which providers are trusted across customers, those that are configured are: an
    operator gave their addresses and keys, while anybody with an API key may push records under any other name. Where
    none is configured, nothing tells one feed from another, and all are trusted, as in `samebox match`.
    """
    policy = settings.policy_settings.to_policy()
    configured = frozenset(ADAPTERS[field].name for field, section in settings.providers if section is not None)
    if policy.trusted_across_customers is not None or not configured:
        return policy
    return replace(policy, trusted_across_customers=configured)
