"""
What an operator can set: `appsettings.json`, and the environment above it.

Keys are written `Providers:ConnectWiseManage:ApiPrivateKey`, in the environment
`Providers__ConnectWiseManage__ApiPrivateKey`. Secrets never print, and no error repeats a value.
"""

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    PrivateAttr,
    SecretStr,
    ValidationError,
)
from pydantic.alias_generators import to_pascal
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from matching.errors import BadPolicy
from matching.policy import Policy
from service.errors import SettingsError

FILE_VARIABLE = "SAMEBOX_SETTINGS"
DEFAULT_FILE = Path("appsettings.json")

OURS = 90
"""Likeness (0 to 100) to one of our sections at which a variable with `__` is ours, perhaps misspelt."""


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


def _policy(value: object) -> object:
    return Policy.from_settings(value) if isinstance(value, Mapping) else value


Plain = Annotated[str, AfterValidator(_plain)]
LoginPart = Annotated[str, AfterValidator(_part_of_login)]
Names = Annotated[list[Annotated[str, AfterValidator(_type_name)]], BeforeValidator(_listed)]
PlainSecret = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(_plain(secret.get_secret_value())))]
LoginSecret = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(_part_of_login(secret.get_secret_value())))]


class Section(BaseModel):
    """A section of the settings: PascalCase keys, none unknown, nothing changed once read."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_pascal, validate_by_name=True, hide_input_in_errors=True
    )


class Types(Section):
    """Which configurations are devices at all, by `type/name`."""

    include: Names = Field([], description="Only these configuration types; empty: all.", examples=[["Server"]])
    exclude: Names = Field([], description="None of these configuration types.", examples=[["Printer Toner"]])


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
        "2025.16", description="Release whose data model is asked for."
    )
    page_size: int = Field(1000, ge=1, le=1000, description="Rows a page; the vendor's maximum is 1000.")
    requests_per_minute: float = Field(60, gt=0, le=6000, description="Requests a minute, on average.")
    burst: int = Field(60, ge=1, le=1000, description="Requests that may go out at once after a quiet time.")
    max_attempts: int = Field(5, ge=1, le=20, description="Tries for one request, the first one included.")
    timeout_seconds: float = Field(30, gt=0, le=600, description="Seconds to wait for an answer.")
    max_wait_seconds: float = Field(
        300,
        ge=0,
        le=3600,
        description="Longest wait between two tries, in seconds; asked for a longer one, we give up.",
    )
    bios_guid_source: Annotated[str, Field(pattern=r"^(mobileGuid|none|(question|customField):.*\S.*)$")] = Field(
        "mobileGuid",
        description="Where the BIOS GUID is: mobileGuid, question:TEXT, customField:CAPTION or none.",
    )
    device_identifier_provider: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")] | None = Field(
        None,
        description="Provider whose record ids deviceIdentifier holds; unset: a search key only.",
        examples=["cw_rmm"],
    )
    types: Types = Types()
    active_only: bool = Field(True, description="Only configurations with activeFlag=true.")

    @property
    def types_include(self) -> list[str]:
        """`Types:Include`."""
        return self.types.include

    @property
    def types_exclude(self) -> list[str]:
        """`Types:Exclude`."""
        return self.types.exclude


class FeedFolder(Section):
    """A provider that is read from files."""

    folder: Path = Field(
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
        "sqlite:///samebox.db", repr=False, description="SQLAlchemy address of the database; SQLite creates its file."
    )


class ServerSettings(Section):
    """Where `samebox serve` listens."""

    host: Plain = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="TCP port to listen on; 0: any free one.")


class Settings(Section):
    """Everything an operator can set; the README lists every key, and a test keeps it so."""

    providers: Providers = Providers()
    database: DatabaseSettings = DatabaseSettings()
    policy: Annotated[InstanceOf[Policy], BeforeValidator(_policy)] = Policy()
    server: ServerSettings = ServerSettings()
    _sources: dict[str, str] = PrivateAttr(default_factory=dict)


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """
    Read the file (argument, else SAMEBOX_SETTINGS, else ./appsettings.json if it is there) and the environment above it.

    Raises:
        SettingsError: Every problem at once, a line each: the key, what is wrong, an example.
    """
    file = path or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    if file is None and DEFAULT_FILE.exists():
        file = DEFAULT_FILE
    tree = _read_file(file) if file else {}
    sources = dict.fromkeys(_leaf_keys(tree), str(file))
    for variable, key in _our_variables(environ):
        _put(tree, key, environ[variable], variable)
        sources[":".join(key)] = f"environment {variable}"
    try:
        settings = Settings.model_validate(tree, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(e, sources) for e in error.errors(include_input=False))) from None
    except BadPolicy as error:
        raise SettingsError(str(error)) from None
    settings._sources.update(sources)
    return settings


def known_keys() -> list[tuple[str, str, str]]:
    """Return every key that can be set, what it means, and its default in words."""
    return [(key, field.description or "", _default(field)) for key, field, _ in _fields(Settings, None)]


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Return every key in force, its value (a secret: only whether it is set), and where that came from."""
    return [
        (key, _shown(field, value), settings._sources.get(key, "default"))
        for key, field, value in _fields(Settings, settings)
    ]


def _fields(
    section: type[BaseModel], values: BaseModel | None, prefix: str = ""
) -> Iterator[tuple[str, FieldInfo, Any]]:
    """Every key below a section; a section that is not set stands for its keys when there are values to show."""
    for name, field in section.model_fields.items():
        key = f"{prefix}{field.alias}"
        value = getattr(values, name, None)
        inner = _section(field)
        if inner and (values is None or value is not None):
            yield from _fields(inner, value, f"{key}:")
        else:
            yield key, field, value


def _section(field: FieldInfo) -> type[BaseModel] | None:
    kinds = get_args(field.annotation) or (field.annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


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
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        # Windows tools write a byte order mark
        tree = json.loads(file.read_text("utf-8-sig"), object_pairs_hook=_no_key_twice, parse_constant=_no_such_number)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise SettingsError(f"{file}: line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{file}: {error}") from None
    if not isinstance(tree, dict):
        raise SettingsError(f'{file}: has to hold an object, for example {{"Providers": {{}}}}')
    return tree


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)} comes twice in one section")
    return tree


def _no_such_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _leaf_keys(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _leaf_keys(value, f"{prefix}{name}:")
        else:
            yield prefix + name


def _our_variables(environ: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Variables under our sections, each with its key; case is ours, because Windows has upper case only."""
    spelling = {key.casefold(): key for key, _, _ in known_keys()}
    tops = [field.alias or "" for field in Settings.model_fields.values()]
    for variable in sorted(environ):
        top, *rest = variable.split("__")
        if rest and max(fuzz.ratio(top.casefold(), known.casefold()) for known in tops) >= OURS:
            key = variable.replace("__", ":")
            yield variable, spelling.get(key.casefold(), key).split(":")


def _put(tree: dict[str, Any], key: list[str], text: str, variable: str) -> None:
    *sections, name = key
    for section in sections:
        if tree.get(section) is None:
            tree[section] = {}
        tree = tree[section]
        if not isinstance(tree, dict):
            raise SettingsError(f"{':'.join(key)}: {section} is a section, not a value (environment {variable})")
    tree[name] = _decoded(text) if key[0] == "Policy" else text


def _decoded(text: str) -> Any:
    """Policy takes numbers and lists as well; what is no JSON is text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _sentence(error: ErrorDetails, sources: Mapping[str, str]) -> str:
    """One problem as a line: key in the operator's spelling, what is wrong, the nearest key or an example, where."""
    key = ":".join(str(part) for part in error["loc"] if isinstance(part, str))
    source = f" ({sources[key]})" if key in sources else ""
    examples = {known: field for known, field, _ in _fields(Settings, None)}
    if error["type"] == "extra_forbidden":
        nearest, _, _ = process.extractOne(key, examples.keys(), scorer=fuzz.ratio)
        return f"{key}: there is no such key{source}; did you mean {nearest}?{_example(nearest, examples[nearest])}"
    wrong = "is missing" if error["type"] == "missing" else error["msg"].removeprefix("Value error, ")
    return f"{key}: {wrong}{source}{_example(key, examples[key]) if key in examples else ''}"


def _example(key: str, field: FieldInfo) -> str:
    value = field.examples[0] if field.examples else field.default
    return f"; for example {json.dumps(key.rpartition(':')[2])}: {json.dumps(value, default=str)}"
