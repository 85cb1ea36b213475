"""What an operator is told to look at after a refusal: the status first, then the form of the body, then its fields."""

import pytest

from service.ingest.cw_manage.advice import ADDRESS, KEYS, NOTHING_THERE, QUESTION, ROLE, VERSION, WEB_PAGE, advise
from service.ingest.http.answers import read_error
from service.ingest.http.client import RefusedRequest
from tests.service.ingest.virtual import cw_settings

LIST = "/company/configurations"
SECURITY = b'{"code":"Security","message":"You do not have security permission to perform this action."}'


def advised(status: int, body: bytes, path: str = LIST, base_url: str = "https://psa.test/apis/3.0") -> str:
    """Return the advice after an answer of that status and body."""
    return advise(RefusedRequest(status, path, read_error(body)), cw_settings(base_url=base_url))


@pytest.mark.parametrize(
    "body",
    [SECURITY, b'{"error":"Forbidden","message":"no"}', b'{"code":"Security","errors":null}', b"", b"<html>", b"No."],
)
def test_a_403_is_the_role_of_the_member_whatever_its_body(body: bytes) -> None:
    """The server knows the keys; the address is not at fault, even where the code is that of a wrong address."""
    assert advised(403, body) == advised(403, body, "/system/info") == ROLE
    assert "BaseUrl" not in ROLE


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        (SECURITY, ROLE),
        (b'{"code":"Unauthorized","message":"This role has no Inquire level."}', ROLE),
        (b'{"message":"You are not authorized to perform this action."}', ROLE),
        (b'{"code":"ConnectWiseApi","message":"UserNotAuthenticated"}', KEYS),
        (b'{"code":"Unauthorized","message":"The credentials are wrong.","errors":null}', KEYS),
        (b"Access denied. All rights reserved.", KEYS),
        (b"", KEYS),
    ],
)
def test_a_401_is_the_keys_unless_it_speaks_of_permission(body: bytes, advice: str) -> None:
    """Some servers say 401 for what the role does not allow."""
    assert advised(401, body) == advice


@pytest.mark.parametrize(
    "body", [b"Cannot route. Codebase/company is invalid", b'"Cannot route. Codebase/company is invalid"', b"<html>"]
)
def test_a_400_in_plain_text_is_the_address_or_the_company(body: bytes) -> None:
    """It comes from a gateway that found no server to ask, so the question was not read."""
    assert advised(400, body) == ADDRESS
    assert advised(400, b'{"message":"Cannot route. Codebase/company is invalid"}') == ADDRESS


@pytest.mark.parametrize(
    "body", [b"", b"Bad Request", b'{"code":"InvalidObject"}', b'{"errors":[{"field":"pageSize"}]}']
)
def test_any_400_for_the_state_of_the_system_is_the_address_or_the_company(body: bytes) -> None:
    """That request has no parameters which could be wrong."""
    assert advised(400, body, "/system/info") == ADDRESS


@pytest.mark.parametrize(
    ("field", "setting"),
    [
        ("pageSize", ":PageSize "),
        ("PageSize", ":PageSize "),
        ("conditions", ":Types "),
        ("type/name", ":Types"),
        ("activeFlag", ":ActiveOnly "),
        ("fields", ":BiosGuidSource "),
        ("customFields", ":BiosGuidSource "),
        ("clientId", ":ApiClientId"),
        ("companyId", ":CompanyId"),
        ("version", ":ApiVersion"),
    ],
)
def test_a_400_that_names_a_field_is_the_setting_of_that_field(field: str, setting: str) -> None:
    """Whatever else the body says."""
    body = f'{{"code":"InvalidObject","message":"x","errors":[{{"field":"other"}},{{"field":"{field}"}}]}}'

    assert setting in advised(400, body.encode()) + " "


@pytest.mark.parametrize("body", [b'{"message":"The page size may be 100 at the most"}', b"pageSize is limited to 100"])
def test_a_400_that_speaks_of_the_size_of_a_page_is_that_setting(body: bytes) -> None:
    """Not every server names the field; some gateways have a limit of their own."""
    assert "PageSize" in advised(400, body)


@pytest.mark.parametrize("body", [b"", b'{"code":"InvalidObject"}', b'{"errors":[{"field":"nobody\'s"}]}'])
def test_any_other_400_is_the_question(body: bytes) -> None:
    """Which types are selected, and in which release of the API."""
    assert advised(400, body) == QUESTION


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (404, b"", NOTHING_THERE),
        (404, b"<html>", NOTHING_THERE),
        (404, SECURITY, NOTHING_THERE),
        (406, b"", VERSION),
        (200, b"<html>", WEB_PAGE),
        (200, b"text", ""),
        (418, SECURITY, ""),
    ],
)
def test_other_statuses_have_an_advice_of_their_own_or_none(status: int, body: bytes, advice: str) -> None:
    """A web page under status 200 is a log-in page or a proxy, at another address than meant."""
    assert advised(status, body) == advice


@pytest.mark.parametrize(
    ("host", "is_told"),
    [
        ("https://na.myconnectwise.net", True),
        ("https://STAGING.connectwisedev.com", True),
        ("https://api-na.myconnectwise.net", False),
        ("https://psa.example.com", False),
        ("https://myconnectwise.net.example.com", False),
        ("http://127.0.0.1:8000", False),
    ],
)
@pytest.mark.parametrize(("status", "body"), [(401, b""), (403, SECURITY), (404, b""), (400, b""), (200, b"<html>")])
def test_the_prefix_of_a_cloud_host_is_told_where_the_setting_lacks_it(
    host: str, is_told: bool, status: int, body: bytes
) -> None:
    """The advice of the status is there beside it; a server of one's own has no such prefix."""
    advice = advised(status, body, base_url=f"{host}/v4_6_release/apis/3.0")

    assert ("begin with api-" in advice) is is_told
    assert advice.endswith(advised(status, body))
