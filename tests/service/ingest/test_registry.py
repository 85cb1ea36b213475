"""Which adapters the settings give."""

import json
from pathlib import Path

import pytest

from service.core.errors import BadRequest
from service.core.settings import ConnectWiseManage, FeedFolder, Providers, Settings, known_settings, load_settings
from service.ingest.registry import ADAPTERS, SETTINGS, adapters, policy_of

FOLDER = FeedFolder(folder=Path("feeds"))
SOME = Settings(providers=Providers(connect_wise_rmm=FOLDER, ninja_one=FOLDER))
MANAGE = ConnectWiseManage.model_validate(
    {
        "base_url": "https://psa.test/v4_6_release/apis/3.0",
        "company_id": "acme",
        "api_public_key": "pub",
        "api_private_key": "priv",
        "api_client_id": "client",
    }
)
ALL = Settings(
    providers=Providers(
        connect_wise_manage=MANAGE, connect_wise_rmm=FOLDER, connect_wise_automate=FOLDER, ninja_one=FOLDER
    )
)


def names(settings: Settings, *only: str) -> list[str]:
    """Return the providers whose adapters come out."""
    return [adapter.name for adapter in adapters(settings, only)]


def test_every_configured_provider_has_an_adapter() -> None:
    """A section that is absent turns its provider off."""
    assert names(SOME) == ["cw_rmm", "ninjaone"]
    assert names(ALL) == ["cw_manage", "cw_rmm", "cw_automate", "ninjaone"]
    assert names(ALL) == [name for name in SETTINGS if name in names(ALL)]
    assert names(Settings()) == []


def test_providers_can_be_chosen_by_name() -> None:
    """Each at most once, in the order of the house."""
    assert names(ALL, "ninjaone", "cw_rmm", "ninjaone") == ["cw_rmm", "ninjaone"]


def test_an_unknown_provider_is_refused_with_the_known_ones() -> None:
    """A typing mistake does not silently sync nothing."""
    with pytest.raises(
        BadRequest, match="'cw-rmm' is no provider; the known ones are cw_manage, cw_rmm, cw_automate, ninj"
    ):
        names(SOME, "cw-rmm")


@pytest.mark.parametrize("name", ["cw_manage", "cw_automate"])
def test_a_provider_that_is_not_configured_is_named_with_its_setting(name: str) -> None:
    """The operator learns what to set."""
    with pytest.raises(BadRequest, match=f"{name} is not configured; set {SETTINGS[name]}"):
        names(SOME, name)


@pytest.mark.parametrize("setting", SETTINGS.values())
def test_the_settings_that_are_named_exist(setting: str) -> None:
    """No message sends an operator to a key that is none."""
    assert any(known.key.startswith(setting) for known in known_settings())


def test_every_section_of_the_settings_has_an_adapter() -> None:
    """A provider that can be configured can be synced."""
    assert list(ADAPTERS) == list(Providers.model_fields)


def test_the_configured_providers_are_trusted_across_customers() -> None:
    """Never one that only pushes beside them; where none is configured, all are, as in files that are matched."""
    assert policy_of(SOME).trusted_across_customers == frozenset({"cw_rmm", "ninjaone"})
    assert policy_of(ALL).trusted_across_customers == frozenset(names(ALL))
    assert policy_of(Settings()).trusted_across_customers is None


@pytest.mark.parametrize("listed", [["cw_manage", "scanner"], []])
def test_a_list_of_trusted_providers_takes_the_place_of_the_configured_ones(listed: list[str]) -> None:
    """Also an empty one, and one that names a provider that pushes."""
    settings = load_settings(
        None, {"Policy__TrustedAcrossCustomers": json.dumps(listed), "Providers__NinjaOne__Folder": "feeds"}
    )

    assert policy_of(settings).trusted_across_customers == frozenset(listed)
