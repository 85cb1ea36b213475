"""Who is let in, what is answered to the rest, and what the log keeps."""

import base64

import httpx
import pytest
from starlette.applications import Starlette

from tests.service.demo.connectwise.sample import BASIC, HEADERS

INFO = "/system/info"


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_the_right_headers_are_let_in(client: httpx.Client) -> None:
    """The connectivity check tells version, cloud and time zone, and the newest version comes with every answer."""
    answer = client.get(INFO)

    assert answer.status_code == 200
    assert answer.headers["api-current-version"] == "2025.16"
    assert {"version", "isCloud", "serverTimeZone"} <= answer.json().keys()


def test_an_ordinary_client_builds_the_composite_credentials(client: httpx.Client) -> None:
    """Company and public key are the user name, the private key is the password, colons and all."""
    assert client.get(INFO, auth=("acme+pub", "priv:with:colons")).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Bearer abc",
        "Basic !!!",
        "Basic \xe9",
        basic("pub:priv:with:colons"),
        basic("acme+pub:wrong"),
        basic("other+pub:priv:with:colons"),
        basic("ACME+pub:priv:with:colons"),
        BASIC + "=",
    ],
)
@pytest.mark.parametrize("path", [INFO, "/company/configurations", "/nowhere"])
def test_wrong_credentials_are_answered_401_on_any_path(client: httpx.Client, path: str, authorization: str) -> None:
    """Before anything else is looked at; the body is the vendor's, with null for its errors."""
    answer = client.get(path, headers={b"Authorization": authorization.encode("latin-1")})

    assert answer.status_code == 401
    assert answer.json() == {
        "code": "Unauthorized",
        "message": "The credentials are missing or wrong.",
        "errors": None,
    }


@pytest.mark.parametrize("client_id", ["", "other"])
def test_a_wrong_client_id_is_answered_401(client: httpx.Client, client_id: str) -> None:
    """It is required on every request."""
    answer = client.get(INFO, headers={"clientId": client_id})

    assert (answer.status_code, answer.json()["message"]) == (401, "UserNotAuthenticated")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/vnd.connectwise.com+json; version=2025.16", 200),
        ("application/vnd.connectwise.com+json;version=2019.1", 200),
        ("application/vnd.connectwise.com+json; version=2025.16, application/json", 200),
        ("application/vnd.connectwise.com+json", 200),
        ("application/json", 200),
        ("*/*", 200),
        ("", 200),
        ("application/vnd.connectwise.com+json; version=2018.6", 406),
        ("application/vnd.connectwise.com+json; version=2031.1", 406),
        ("application/vnd.connectwise.com+json; version=latest", 406),
        ("application/vnd.connectwise+json; version=2025.16", 406),
        ("text/html", 406),
    ],
)
def test_a_version_is_served_when_there_is_one(client: httpx.Client, accept: str, status: int) -> None:
    """Releases from 2019.1 to the newest; without a version the newest."""
    assert client.get(INFO, headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/company/configurations/4", "configuration not found"),
        ("/company/configurations/abc", "There is no such resource."),
        ("/company/configurations/", "There is no such resource."),
        ("/company/nothing", "There is no such resource."),
    ],
)
def test_what_is_not_there_is_answered_404(client: httpx.Client, path: str, message: str) -> None:
    """A record and a path alike, in the vendor's body."""
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json() == {"code": "NotFound", "message": message, "errors": []}


def test_another_codebase_is_answered_404(fake: Starlette, client: httpx.Client) -> None:
    """The base path is part of every URL; a stale one leads nowhere."""
    stale = str(client.base_url).replace("v4_6_release", "v2024_1")

    assert client.get(f"{stale}system/info").status_code == 404


def test_the_fake_is_for_reading(client: httpx.Client) -> None:
    """Another method is answered 405 in the vendor's body."""
    answer = client.delete("/company/configurations/1")

    assert (answer.status_code, answer.json()["code"]) == (405, "NotAllowed")


@pytest.mark.parametrize("name", ["childConditions", "customFieldConditions", "managedIdentifier"])
def test_a_filter_that_is_not_modelled_is_refused(client: httpx.Client, name: str) -> None:
    """To ignore it would answer with rows that the caller meant to leave out."""
    assert client.get("/company/configurations", params={name: "x"}).status_code == 400


def test_the_log_keeps_requests_in_order_without_secrets(fake: Starlette, client: httpx.Client) -> None:
    """Enough to assert that nothing was asked after a refusal, and nothing that may not be printed."""
    client.get(
        "/company/configurations", params={"conditions": "id=1", "pageSize": "5"}, headers={"pagination-type": "x"}
    )
    client.get(INFO)
    first, second = fake.state.log.seen

    assert fake.state.log.paths() == ["/company/configurations", INFO]
    assert fake.state.log.statuses() == [400, 200]
    assert (first.method, first.query) == ("GET", {"conditions": "id=1", "pageSize": "5"})
    assert first.headers["accept"] == HEADERS["Accept"]
    assert first.headers["clientid"] == first.headers["authorization"] == "(hidden)"
    assert first.at <= second.at
    assert not {BASIC, "c1d"} & {*first.headers.values(), *first.query.values()}
