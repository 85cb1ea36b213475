"""
What an operator can set, in `appsettings.json` and in the environment, which overrides it.

Keys are written `Providers:ConnectWiseManage:ApiPrivateKey`, in the environment
`Providers__ConnectWiseManage__ApiPrivateKey`. Secrets never print, and no error shows a value outside of `Policy`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import Field, PrivateAttr, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy.engine import make_url

from service.core.appsettings import read_all
from service.core.errors import SettingsError
from service.core.policy_settings import PolicySettings
from service.core.report_settings import ReportSettings
from service.core.sections import Section, items, mistakes, source_of
from service.core.server_settings import ServerSettings
from service.core.setting_types import (
    BaseUrl,
    DatabaseUrl,
    Folder,
    LoginPart,
    LoginSecret,
    Names,
    PlainSecret,
)


class Types(Section):
    """Which configurations of ConnectWise Manage are read, by the name of their type."""

    include: Names = Field(
        default=[],
        description="Read only configurations of these types; an empty list reads all types.",
        examples=[["Server"]],
    )
    exclude: Names = Field(
        default=[],
        description="Leave out configurations of these types; an empty list leaves out none.",
        examples=[["Printer Toner"]],
    )


class ConnectWiseManage(Section):
    """ConnectWise Manage, the PSA: its address, the keys of an API member, and how to read it."""

    base_url: BaseUrl = Field(
        description="Send requests to this address of the REST API; on the vendor's cloud the host begins with api-.",
        examples=["https://api-na.myconnectwise.net/v4_6_release/apis/3.0"],
    )
    company_id: LoginPart = Field(
        description="Log in to this company; it is the company id that people type at the log-in.",
        examples=["mycompany"],
    )
    api_public_key: LoginSecret = Field(
        description="Log in with this public key of an API member; samebox never shows it.", examples=["pub_xxxx"]
    )
    api_private_key: PlainSecret = Field(
        description="Log in with this private key of the same API member; samebox never shows it.",
        examples=["priv_yyyy"],
    )
    api_client_id: PlainSecret = Field(
        description=(
            "Send this client id with every request; it is a GUID from developer.connectwise.com, and samebox never"
            " shows it."
        ),
        examples=["00000000-0000-0000-0000-000000000000"],
    )
    api_version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,2}$")] = Field(
        default="2025.16", description="Ask for the data model of this release of the API, written YEAR.NUMBER."
    )
    page_size: int = Field(
        default=1000, ge=1, le=1000, description="Ask for this many rows a page; 1000 is the vendor's maximum."
    )
    requests_per_minute: float = Field(
        default=60, gt=0, le=6000, description="Send at most this many requests a minute, on average."
    )
    burst: int = Field(
        default=60,
        ge=1,
        le=1000,
        description="Send up to this many requests at once after a pause; 1 spaces all requests evenly.",
    )
    max_attempts: int = Field(
        default=5, ge=1, le=20, description="Try each request at most this many times; 1 never tries again."
    )
    timeout_seconds: float = Field(
        default=30, gt=0, le=600, description="Wait at most this many seconds for a whole answer, then try again."
    )
    max_wait_seconds: float = Field(
        default=300,
        ge=0,
        le=3600,
        description=(
            "Wait at most this many seconds between two tries; the sync fails if the server asks for more. 0 tries"
            " again at once."
        ),
    )
    bios_guid_source: Annotated[str, Field(pattern=r"^(mobileGuid|none|(question|customField):.*\S.*)$")] = Field(
        default="mobileGuid",
        description=(
            "Take the BIOS GUID from `mobileGuid`, from the configuration question `question:TEXT`, from the custom"
            " field `customField:CAPTION`, or from nowhere: `none`."
        ),
        examples=["customField:BIOS GUID"],
    )
    device_identifier_provider: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$")] | None = Field(
        default=None,
        description=(
            "Read `deviceIdentifier` as the id of a record of this provider, and link the two; if not set, it links"
            " nothing, and look-ups find it all the same."
        ),
        examples=["cw_rmm"],
    )
    active_only: bool = Field(
        default=True, description="Read only configurations with activeFlag=true; false reads inactive ones as well."
    )
    agreements: bool = Field(
        default=False,
        description=(
            "Read what is billed from the agreements after the configurations, by one request an agreement, and let the"
            " report `counts` use it; the key has to be allowed Inquire: All on Finance > Agreements."
        ),
    )
    types: Types = Types()


class FeedFolder(Section):
    """A provider that is read from files in its own shape."""

    folder: Folder = Field(
        description="Read the provider's feed files in this folder; a relative path begins where samebox runs.",
        examples=["feeds/rmm"],
    )


class Providers(Section):
    """Who lists devices; a section that is absent turns its provider off."""

    connect_wise_manage: ConnectWiseManage | None = None
    connect_wise_rmm: FeedFolder | None = None
    connect_wise_automate: FeedFolder | None = None
    ninja_one: FeedFolder | None = None


class DatabaseSettings(Section):
    """Where samebox stores records, devices and decisions."""

    # a PostgreSQL address may hold a password, so it is kept out of every repr
    url: DatabaseUrl = Field(
        default="sqlite:///samebox.db",
        repr=False,
        description=(
            "Store everything in this database: an SQLite file, which a sync or an import makes if there is none, or"
            " `postgresql://USER:PASSWORD@HOST:5432/DATABASE`, whose password samebox never shows."
        ),
    )


class CalibrationSettings(Section):
    """How much may change by itself when all records together teach something new."""

    max_change: float = Field(
        default=0.01,
        ge=0,
        le=1,
        description=(
            "Hold a calibration that would change more than this share of the devices, until a person accepts it; 0"
            " holds every one that changes a device, 1 holds none."
        ),
    )


class SyncSettings(Section):
    """When a sync is full, and how much it may remove."""

    overlap_minutes: float = Field(
        default=10,
        ge=0,
        le=1440,
        description=(
            "Let an incremental sync ask again for the changes of this many minutes before the last sync, because a"
            " change may show late; 0 asks only for later changes."
        ),
    )
    full_every_hours: float = Field(
        default=24,
        ge=0,
        le=8760,
        description="Run incremental syncs for this many hours after a full one; 0 makes every sync full.",
    )
    max_shrink: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description=(
            "Hold a sync that would remove more than this share of a provider's records, until a person accepts it; 0"
            " holds every one that would remove five or more, 1 holds none."
        ),
    )
    max_lookups: int = Field(
        default=200,
        ge=0,
        le=100_000,
        description=(
            "Ask the provider for up to this many vanished records one by one, and hold the sync if there are more; 0"
            " holds every one in which a record vanished."
        ),
    )
    keep_changes_days: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description=(
            "Keep changes in the feed and in histories for this many days; the end of a sync deletes older ones, a"
            " portion at a time. 0 keeps them for ever."
        ),
    )
    keep_runs_days: int = Field(
        default=400,
        ge=0,
        le=36_500,
        description=(
            "Keep the runs of syncs and imports for this many days; the end of a sync deletes older ones, a portion at"
            " a time, but never those that the next sync needs. 0 keeps them for ever."
        ),
    )


class Settings(Section):
    """Everything an operator can set; docs/reference/settings.md lists every key, and a test keeps it so."""

    providers: Providers = Providers()
    database: DatabaseSettings = DatabaseSettings()
    calibration: CalibrationSettings = CalibrationSettings()
    policy_settings: PolicySettings = Field(default=PolicySettings(), alias="Policy")
    sync: SyncSettings = SyncSettings()
    reports: ReportSettings = ReportSettings()
    server: ServerSettings = ServerSettings()
    _sources: dict[str, str] = PrivateAttr(default_factory=dict)


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
    read = read_all(path, environ, known, secret_settings())
    wrong = list(read.wrong.values())
    try:
        settings = Settings.model_validate(read.tree, by_alias=True, by_name=False)
    except ValidationError as error:
        found = mistakes(error, known, read.sources)
        wrong += [each.sentence for each in found if each.key not in read.wrong]
    if wrong:
        raise SettingsError("\n".join(wrong))
    settings._sources.update(read.sources)
    return settings


def known_settings() -> list[Setting]:
    """Return every key that can be set."""
    return [
        Setting(key, field.description or "", _default(field), _text(field.examples[0]) if field.examples else "")
        for key, field, _ in items(Settings)
    ]


def secret_settings() -> list[str]:
    """Return every key whose value is not shown, and may stand in a file of its own (`service.core.secret_files`)."""
    return [key for key, field, _ in items(Settings) if _is_secret(field)]


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Return every key in force, its value (a secret: only whether it is set), and where that came from."""
    return [
        (key, _shown(field, value), source_of(key, settings._sources))
        for key, field, value in items(Settings, settings)
    ]


def _is_secret(field: FieldInfo) -> bool:
    return field.annotation is SecretStr or not field.repr


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
