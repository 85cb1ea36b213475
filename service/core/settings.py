"""
What an operator can set: `appsettings.json`, and the environment above it.

Keys are written `Providers:ConnectWiseManage:ApiPrivateKey`, in the environment
`Providers__ConnectWiseManage__ApiPrivateKey`. Secrets never print, and no error repeats a value.
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from matching.policy import Policy
from service.core.appsettings import read_all
from service.core.errors import SettingsError
from service.core.policy_settings import PolicySettings
from service.core.sections import Section, items, mistakes, source_of


def _plain(text: str) -> str:
    """What a header or a URL can carry: printable ASCII without blanks; the example's {placeholders} replaced."""
    text = text.strip()
    if not text:
        raise ValueError("is empty")
    if re.search(r"[{}]", text):
        raise ValueError("still holds the {placeholder} of the example")
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("may hold neither blanks, control characters nor letters beyond ASCII")
    return text


def _part_of_login(text: str) -> str:
    if re.search(r"[+:]", _plain(text)):
        raise ValueError("holds '+' or ':'; give company id, public key and private key each under its own key")
    return _plain(text)


def _base_url(text: str) -> str:
    parts = urlsplit(_plain(text))
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise ValueError("is no web address of the form https://HOST/PATH")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user name; keys have settings of their own")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("would send the keys unencrypted; it has to begin with https://")
    return text.strip().rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _type_name(text: str) -> str:
    """A quote would end the value inside `conditions`, and the vendor documents no way to escape it."""
    if not text.strip() or re.search(r"[\"'\x00-\x1f]", text):
        raise ValueError("is no name of a configuration type: it is empty or holds a quote or a control character")
    return text.strip()


def _database_url(text: str) -> str:
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("is no database address") from None
    return text


def _listed(value: object) -> object:
    """The environment has only text: a JSON array, or names with commas between them."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.lstrip().startswith("[") else value.split(",")


def _not_blank(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty")
    return value


Plain = Annotated[str, AfterValidator(_plain)]
LoginPart = Annotated[str, AfterValidator(_part_of_login)]
Names = Annotated[list[Annotated[str, AfterValidator(_type_name)]], BeforeValidator(_listed)]
PlainSecret = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(_plain(secret.get_secret_value())))]
LoginSecret = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(_part_of_login(secret.get_secret_value())))]


class Types(Section):
    """Which configurations are devices at all, by `type/name`."""

    include: Names = Field(default=[], description="Only these configuration types; empty: all.", examples=[["Server"]])
    exclude: Names = Field(default=[], description="None of these configuration types.", examples=[["Printer Toner"]])


class ConnectWiseManage(Section):
    """The PSA: its address, the keys of an API member, and how to read it."""

    base_url: Annotated[str, AfterValidator(_base_url)] = Field(
        description="Address of the REST API, with the api- prefix on the vendor's cloud.",
        examples=["https://api-na.myconnectwise.net/v4_6_release/apis/3.0"],
    )
    company_id: LoginPart = Field(description="Company id, as typed at the log-in.", examples=["mycompany"])
    api_public_key: LoginSecret = Field(description="Public key of the API member; secret.", examples=["pub_xxxx"])
    api_private_key: PlainSecret = Field(description="Private key of the API member; secret.", examples=["priv_yyyy"])
    api_client_id: PlainSecret = Field(
        description="Client id of the integration, a GUID from developer.connectwise.com; secret.",
        examples=["00000000-0000-0000-0000-000000000000"],
    )
    api_version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,2}$")] = Field(
        default="2025.16", description="Release whose data model is asked for."
    )
    page_size: int = Field(default=1000, ge=1, le=1000, description="Rows a page; the vendor's maximum is 1000.")
    requests_per_minute: float = Field(default=60, gt=0, le=6000, description="Requests a minute, on average.")
    burst: int = Field(default=60, ge=1, le=1000, description="Requests that may go out at once after a quiet time.")
    max_attempts: int = Field(default=5, ge=1, le=20, description="Tries for one request, the first one included.")
    timeout_seconds: float = Field(default=30, gt=0, le=600, description="Seconds to wait for an answer.")
    max_wait_seconds: float = Field(
        default=300,
        ge=0,
        le=3600,
        description="Longest wait between two tries, in seconds; asked for a longer one, we give up.",
    )
    bios_guid_source: Annotated[str, Field(pattern=r"^(mobileGuid|none|(question|customField):.*\S.*)$")] = Field(
        default="mobileGuid",
        description="Where the BIOS GUID is: mobileGuid, question:TEXT, customField:CAPTION or none.",
    )
    device_identifier_provider: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] | None = Field(
        default=None,
        description="Provider whose record ids deviceIdentifier holds; unset: a search key only.",
        examples=["cw_rmm"],
    )
    types: Types = Types()
    active_only: bool = Field(default=True, description="Only configurations with activeFlag=true.")


class FeedFolder(Section):
    """A provider that is read from files."""

    folder: Annotated[Path, BeforeValidator(_not_blank)] = Field(
        description="Folder with the provider's feed files; relative to where samebox runs.", examples=["feeds/cw_rmm"]
    )


class Providers(Section):
    """Who lists devices; a section that is absent turns its provider off."""

    connect_wise_manage: ConnectWiseManage | None = None
    connect_wise_rmm: FeedFolder | None = None
    connect_wise_automate: FeedFolder | None = None
    ninja_one: FeedFolder | None = None


class DatabaseSettings(Section):
    """Where devices are kept."""

    # a PostgreSQL address may hold a password, so it is kept out of every repr
    url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///samebox.db",
        repr=False,
        description=(
            "Address of the database: an SQLite file, made if absent, or"
            " `postgresql://USER:PASSWORD@HOST:5432/DATABASE`; a password is secret."
        ),
    )


class CalibrationSettings(Section):
    """How much what all records together teach may change by itself."""

    max_change: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description="Share of the devices that a calibration may change; beyond it, it waits for --accept.",
    )


class SyncSettings(Section):
    """What a sync may take for granted."""

    overlap_minutes: float = Field(
        default=10, ge=0, le=1440, description="Minutes before the last sync from which an incremental one asks again."
    )
    full_every_hours: float = Field(
        default=24, ge=0, le=8760, description="Hours after a full sync in which incremental ones do; 0: always full."
    )
    max_shrink: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Share of a provider's records that may go in one sync; beyond, it is held.",
    )
    max_lookups: int = Field(
        default=200, ge=0, le=100_000, description="Vanished records that are asked for one by one; beyond, it is held."
    )


class ServerSettings(Section):
    """Where `samebox serve` listens."""

    host: Plain = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="TCP port to listen on; 0: any free one.")


class Settings(Section):
    """Everything an operator can set; docs/reference/settings.md lists every key, and a test keeps it so."""

    providers: Providers = Providers()
    database: DatabaseSettings = DatabaseSettings()
    calibration: CalibrationSettings = CalibrationSettings()
    policy_settings: PolicySettings = Field(default=PolicySettings(), alias="Policy")
    sync: SyncSettings = SyncSettings()
    server: ServerSettings = ServerSettings()
    _sources: dict[str, str] = PrivateAttr(default_factory=dict)

    @cached_property
    def policy(self) -> Policy:
        """The policy as the engine takes it."""
        return self.policy_settings.to_policy()


class Setting(NamedTuple):
    """A key that can be set; `example` is JSON, and empty where the default shows what a value looks like."""

    key: str
    meaning: str
    default: str
    example: str


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """
    Read the file (argument, else SAMEBOX_SETTINGS, else ./appsettings.json if it is there), then the environment.

    Raises:
        SettingsError: Every problem at once, a line each: the key, what is wrong, an example.
    """
    known = {key: field for key, field, _ in items(Settings)}
    read = read_all(path, environ, known)
    try:
        settings = Settings.model_validate(read.tree, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SettingsError("\n".join(each.sentence for each in mistakes(error, known, read.sources))) from None
    settings._sources.update(read.sources)
    return settings


def known_settings() -> list[Setting]:
    """Return every key that can be set."""
    return [
        Setting(key, field.description or "", _default(field), _text(field.examples[0]) if field.examples else "")
        for key, field, _ in items(Settings)
    ]


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Return every key in force, its value (a secret: only whether it is set), and where that came from."""
    return [
        (key, _shown(field, value), source_of(key, settings._sources))
        for key, field, value in items(Settings, settings)
    ]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return "not set" if field.default is None else _text(field.default)


def _shown(field: FieldInfo, value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, SecretStr):
        return "set (hidden)"
    if not field.repr:
        return make_url(str(value)).set(query={}).render_as_string(hide_password=True)
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, str | Path):
        return str(value)
    return json.dumps(value, default=sorted, ensure_ascii=False)
