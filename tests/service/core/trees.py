"""Settings for tests: files and variables, what is read from them, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.core.errors import SettingsError
from service.core.settings import ConnectWiseManage, Settings, load_settings

CW = "Providers:ConnectWiseManage"

SECRETS = {"ApiPublicKey": "PUB-hush", "ApiPrivateKey": "PRIV-hush", "ApiClientId": "CLIENT-hush"}

WHOLE = {"BaseUrl": "https://api-na.psa.test/v4_6_release/apis/3.0/", "CompanyId": "acme", **SECRETS}


def written(tree: object, name: str = "settings.json") -> Path:
    """Write a file of settings: a tree as JSON, a text or bytes as they are."""
    file = Path(name)
    content = tree if isinstance(tree, str | bytes) else json.dumps(tree)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def manage(**changed: Any) -> dict[str, Any]:
    """A tree with a whole ConnectWise Manage section, with some keys changed; None takes one out."""
    section = {key: value for key, value in {**WHOLE, **changed}.items() if value is not None}
    return {"Providers": {"ConnectWiseManage": section}}


def read(tree: object, **environ: str) -> Settings:
    """Load a file and an environment."""
    return load_settings(written(tree), environ)


def refusal(tree: object, **environ: str) -> str:
    """The text of the error that loading ends with."""
    with pytest.raises(SettingsError) as error:
        read(tree, **environ)
    return str(error.value)


def connection(settings: Settings) -> ConnectWiseManage:
    """The ConnectWise Manage section, which must be there."""
    section = settings.providers.connect_wise_manage
    assert section is not None
    return section
