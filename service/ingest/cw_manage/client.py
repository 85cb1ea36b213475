"""
Send requests to ConnectWise Manage: set its headers, and explain its refusals to an operator.

Source: the vendor's developer guide (authentication, versioning, error handling).
"""

import base64
from collections.abc import Mapping

import httpx

from service.core.errors import SettingsError
from service.core.settings import ConnectWiseManage
from service.ingest.cw_manage.names import PROVIDER, SECTION
from service.ingest.http.client import Api, ApiClient
from service.ingest.http.runtime import Runtime

LONGEST_URL = 2000
"""Characters; the vendor refuses longer ones."""

ADVICE = {
    400: f"it did not understand the question: look at {SECTION}:Types and {SECTION}:ApiVersion",
    401: f"it does not know these keys: look at {SECTION}:CompanyId, ApiPublicKey, ApiPrivateKey and ApiClientId",
    403: "the security role of the API member has to allow Inquire: All on Companies > Configurations",
    404: f"nothing is there: look at {SECTION}:BaseUrl, whose v..._.../apis part changes when the cloud is upgraded, "
    "and, because the cloud answers 404 to wrong keys as well, at CompanyId and the keys",
}
"""What an operator can look at, by status."""


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
    return ApiClient(Api(PROVIDER, SECTION, headers, (token, private, public, client_id), advice), settings, runtime)


def advice(status: int, said: str) -> str:
    """Return what an operator can look at after a refusal; "" where the status says nothing about the settings."""
    if "Security" in said:  # the code for plain http and for a cloud host without its prefix
        return f"{SECTION}:BaseUrl has to begin with https:// and, on the cloud, its host with api-"
    return ADVICE.get(status, "")


def require_short(settings: ConnectWiseManage, path: str, query: Mapping[str, str]) -> None:
    """
    Refuse a query whose address the server would not accept on every page.

    Raises:
        SettingsError: The settings select by too many types, or by names that are too long.
    """
    longest = {**query, "pageSize": str(settings.page_size), "pageId": str(2**63)}
    if len(str(httpx.URL(settings.base_url + path, params=longest))) >= LONGEST_URL:
        raise SettingsError(f"{SECTION}:Types: these are too many or too long for one request; name fewer")
