"""
Send requests to ConnectWise Manage with its headers, below the length of address that it takes.

Source: the vendor's developer guide (authentication, versioning).
"""

import base64
from collections.abc import Mapping

import httpx

from service.core.errors import SettingsError
from service.core.settings import ConnectWiseManage
from service.ingest.cw_manage.advice import advise
from service.ingest.cw_manage.names import PROVIDER, SECTION
from service.ingest.http.client import Api, ApiClient
from service.ingest.http.runtime import Runtime

LONGEST_URL = 2000
"""Characters; the vendor refuses longer ones."""


def open_client(settings: ConnectWiseManage, runtime: Runtime) -> ApiClient:
    """Return a client for the API that the settings name; nothing is asked yet."""
    public, private = settings.api_public_key.get_secret_value(), settings.api_private_key.get_secret_value()
    token = base64.b64encode(f"{settings.company_id}+{public}:{private}".encode()).decode()
    client_id = settings.api_client_id.get_secret_value()
    headers = {
        "Authorization": f"Basic {token}",
        "clientId": client_id,
        "Accept": f"application/vnd.connectwise.com+json; version={settings.api_version}",
        "User-Agent": "samebox",
    }
    secrets = token, private, public, client_id
    api = Api(PROVIDER, SECTION, headers, secrets, lambda refused: advise(refused, settings))
    return ApiClient(api, settings, runtime)


def require_short(settings: ConnectWiseManage, path: str, query: Mapping[str, str]) -> None:
    """
    Refuse a query whose address the server would not accept on every page.

    Raises:
        SettingsError: The settings select by too many types, or by names that are too long.
    """
    longest = {**query, "pageSize": str(settings.page_size), "pageId": str(2**63)}
    if len(str(httpx.URL(settings.base_url + path, params=longest))) >= LONGEST_URL:
        raise SettingsError(f"{SECTION}:Types: these are too many or too long for one request; name fewer")
