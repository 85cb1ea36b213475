"""Every kind of answer keeps the API description that lies beside the fake."""

import httpx
import pytest
from starlette.applications import Starlette

from service.demo.connectwise.faults import failing
from service.demo.connectwise.schema import document
from tests.service.demo.connectwise.contract import MEDIA_TYPE, violations
from tests.service.demo.connectwise.sample import FORWARD

CONFIGURATIONS = "/company/configurations"
AGREEMENTS = "/finance/agreements"
ADDITIONS = f"{AGREEMENTS}/{{id}}/additions"
LISTS = [CONFIGURATIONS, f"{CONFIGURATIONS}/types", "/company/companies", AGREEMENTS, ADDITIONS]


@pytest.mark.parametrize("path", document()["paths"])
def test_whole_answers_keep_the_contract(client: httpx.Client, path: str) -> None:
    """Every path of the description is served, with its media type and no field that it does not know."""
    answer = client.get(path.replace("{id}", "1"))

    assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
    assert violations(path, 200, answer.json()) == []


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("headers", [{}, FORWARD])
def test_pages_keep_the_contract_and_carry_a_link(client: httpx.Client, path: str, headers: dict[str, str]) -> None:
    """In both modes, chosen and cut down by `conditions` and `fields`."""
    query: dict[str, str | int] = {"conditions": "id > 1", "fields": "id,name,quantity", "pageSize": 1}
    answer = client.get(path.replace("{id}", "1"), params=query, headers=headers)

    assert answer.json()
    assert violations(path, 200, answer.json(), whole=False) == []
    assert 'rel="next"' in answer.headers["link"]


@pytest.mark.parametrize(
    ("path", "query", "headers", "status"),
    [
        (CONFIGURATIONS, {"conditions": "("}, {}, 400),
        (CONFIGURATIONS, {"pageSize": "0"}, {}, 400),
        (CONFIGURATIONS, {}, {"pagination-type": "x"}, 400),
        (f"{CONFIGURATIONS}/count", {"conditions": "nosuch = 1"}, {}, 400),
        ("/system/info", {}, {"Authorization": "Basic no"}, 401),
        ("/system/info", {}, {"clientId": "no"}, 401),
        (f"{CONFIGURATIONS}/{{id}}", {}, {}, 404),
        (AGREEMENTS, {"conditions": "agreementStatus = 1"}, {}, 400),
        (ADDITIONS, {}, {}, 404),
        (f"{ADDITIONS}/count", {}, {}, 404),
        (ADDITIONS, {"pageSize": "5000"}, {}, 400),
        (ADDITIONS, {}, {"clientId": "no"}, 401),
    ],
)
def test_refusals_keep_the_contract(
    client: httpx.Client, path: str, query: dict[str, str], headers: dict[str, str], status: int
) -> None:
    """The usual error body, in the media type of all answers."""
    known = "1" if status == 400 else "999"
    answer = client.get(path.replace("{id}", known), params=query, headers=headers)

    assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
    assert violations(path, status, answer.json()) == []


@pytest.mark.parametrize("status", [403, 500])
def test_failures_on_demand_keep_the_contract(fake: Starlette, client: httpx.Client, status: int) -> None:
    """Of the planned failures only 429 has another body, as the vendor says; the description does not know it."""
    fake.state.faults.plan(failing(status))

    assert violations(CONFIGURATIONS, status, client.get(CONFIGURATIONS).json()) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"id": 1, "name": "x"}, "'type' is a required property"),
        ({"id": "1"}, "'1' is not of type 'integer'"),
        ({"biosGuid": "x"}, "'biosGuid' was unexpected"),
        ({"purchaseDate": "yesterday"}, "'yesterday' is not a 'date-time'"),
        ({"questions": [{"fieldType": "Song"}]}, "'Song' is not one of"),
        ({"company": {"id": 1, "rank": 2}}, "'rank' was unexpected"),
        ({"mobileGuid": 5}, "5 is not of type 'string'"),
    ],
)
def test_the_check_finds_what_breaks_the_contract(row: dict[str, object], reason: str) -> None:
    """A check that never fails would prove nothing."""
    assert any(reason in found for found in violations(CONFIGURATIONS, 200, [row]))
