"""Settings: a wrong one fails at start with its name, a right one says where it came from, a secret never shows."""

from pathlib import Path

import pytest

from service.core.errors import SettingsError
from service.core.settings import describe, known_settings, load_settings
from tests.service.core.trees import CW, WHOLE, connection, manage, read, refusal

ROOT = Path(__file__).parents[3]


def refused(variable: str) -> str:
    """The text of the error that a variable alone leads to, or nothing."""
    try:
        load_settings(None, {variable: "?"})
    except SettingsError as error:
        return str(error)
    return ""


def test_the_owners_shape_is_read() -> None:
    """Five keys suffice; the rest has cautious defaults."""
    section = connection(read(manage()))

    assert section.base_url == "https://api-na.psa.test/v4_6_release/apis/3.0"
    assert section.api_private_key.get_secret_value() == "PRIV-hush"
    assert (section.api_version, section.page_size) == ("2025.16", 1000)
    assert (section.requests_per_minute, section.burst, section.max_attempts) == (60, 60, 5)
    assert (section.bios_guid_source, section.device_identifier_provider) == ("mobileGuid", None)
    assert (section.types.include, section.types.exclude, section.active_only) == ([], [], True)


def test_nothing_set_is_a_laptop() -> None:
    """No file and no variable: no provider, a SQLite file, loopback."""
    settings = load_settings(None, {})

    assert settings.database.url == "sqlite:///samebox.db"
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert settings.providers.connect_wise_manage is None


def test_secrets_never_show() -> None:
    """Neither settings, nor their description, nor any error repeats a key or a database password."""
    whole = {**manage(), "Database": {"Url": "postgresql+psycopg://box:DB-hush@db/box?password=Q-hush"}}
    settings = read(whole)
    wrong = refusal(
        manage(
            ApiPublicKey="PUB+hush", ApiPrivateKey="PRIV hush", ApiClientId=["hush"], CompanyId="a:hush", BaseUrl="hush"
        )
    )

    assert "hush" not in f"{settings!r} {settings} {describe(settings)} {wrong}"


def test_the_description_says_what_is_in_force_and_from_where() -> None:
    """For `samebox check`: every key, its value, and file, variable or default."""
    shown = {key: (value, source) for key, value, source in describe(read(manage(), Server__Port="0"))}

    assert shown[f"{CW}:ApiPrivateKey"] == ("set (hidden)", "settings.json")
    assert shown[f"{CW}:CompanyId"] == ("acme", "settings.json")
    assert shown[f"{CW}:PageSize"] == ("1000", "default")
    assert shown["Server:Port"] == ("0", "environment Server__Port")
    assert shown["Providers:NinjaOne"] == ("not set", "default")
    assert shown["Policy:BoardReplacement"] == ("join", "default")


def test_every_key_is_described_and_can_be_set() -> None:
    """The list of keys is whole: each has a meaning, and each is understood in the environment."""
    keys = {each.key: each.meaning for each in known_settings()}

    assert all(keys.values())
    assert {f"{CW}:{name}" for name in WHOLE} <= set(keys)
    assert not [key for key in keys if "no such" in refused(key.replace(":", "__"))]


def test_the_example_names_only_known_settings_and_cannot_be_used_as_it_is() -> None:
    """Its placeholders have to be replaced, and every one that is not is named."""
    with pytest.raises(SettingsError) as error:
        load_settings(ROOT / "appsettings.example.json", {})
    lines = str(error.value).splitlines()

    assert [line.split(" ")[0] for line in lines] == [f"{CW}:{name}" for name in WHOLE]
    assert all("{placeholder}" in line for line in lines)
