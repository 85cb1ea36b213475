"""What the values of settings have to look like. No error repeats a value, because it may be a secret."""

import ipaddress
import json
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


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
    if not value.lstrip().startswith("["):
        return value.split(",")
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("is no list: write names with commas between them, or a JSON array") from None


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip()))
    except ValueError:
        raise ValueError("holds what is neither an IP address nor a network such as 10.0.0.0/24") from None


def _not_blank(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty")
    return value


PlainText = Annotated[str, AfterValidator(_plain)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Folder = Annotated[Path, BeforeValidator(_not_blank)]
LoginPart = Annotated[str, AfterValidator(_part_of_login)]
Names = Annotated[list[Annotated[str, AfterValidator(_type_name)]], BeforeValidator(_listed)]
Networks = Annotated[list[Annotated[str, AfterValidator(_network)]], BeforeValidator(_listed)]
PlainSecret = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(_plain(secret.get_secret_value())))]
LoginSecret = Annotated[SecretStr, AfterValidator(lambda secret: SecretStr(_part_of_login(secret.get_secret_value())))]
