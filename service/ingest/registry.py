"""Which providers there are, and the adapters of those that the settings turn on."""

from collections.abc import Sequence

from service.core.errors import BadRequest
from service.core.settings import Settings
from service.ingest.cw_automate import CwAutomate
from service.ingest.cw_manage import CwManage
from service.ingest.cw_rmm import CwRmm
from service.ingest.ninjaone import NinjaOne
from service.ingest.protocol import Adapter

SETTINGS = {
    CwManage.name: "Providers:ConnectWiseManage",
    **{adapter.name: adapter.setting for adapter in (CwRmm, CwAutomate, NinjaOne)},
}
"""Provider -> the setting that turns it on."""


def adapters(settings: Settings, only: Sequence[str] = ()) -> list[Adapter]:
    """
    Return an adapter for every provider that is configured, or for those named.

    Raises:
        BadRequest: A name that is no provider, or one of a provider that is not configured.
    """
    for name in only:
        if name not in SETTINGS:
            raise BadRequest(f"{name[:100]!r} is no provider; the known ones are {', '.join(SETTINGS)}")
    configured = {adapter.name: adapter for adapter in _configured(settings)}
    if missing := [name for name in only if name not in configured]:
        raise BadRequest(f"{missing[0]} is not configured; set {SETTINGS[missing[0]]}")
    return [adapter for name, adapter in configured.items() if not only or name in only]


def _configured(settings: Settings) -> list[Adapter]:
    providers = settings.providers
    adapters: list[Adapter] = []
    if providers.connect_wise_manage:
        adapters.append(CwManage(providers.connect_wise_manage))
    if providers.connect_wise_rmm:
        adapters.append(CwRmm(providers.connect_wise_rmm.folder))
    if providers.connect_wise_automate:
        adapters.append(CwAutomate(providers.connect_wise_automate.folder))
    if providers.ninja_one:
        adapters.append(NinjaOne(providers.ninja_one.folder))
    return adapters
