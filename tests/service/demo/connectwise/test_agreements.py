"""Agreements and their additions, as the fake serves them."""

import httpx
from starlette.applications import Starlette

from service.demo.connectwise.faults import not_permitted
from tests.service.demo.connectwise.sample import FORWARD

LIST = "/finance/agreements"


def test_active_agreements_are_chosen_by_their_status(client: httpx.Client) -> None:
    """The condition that scripts of others send, in either kind of quotes; the count agrees."""
    for condition in ('agreementStatus="Active"', "agreementStatus='Active'"):
        found = client.get(LIST, params={"conditions": condition, "fields": "id,company/id"})
        count = client.get(f"{LIST}/count", params={"conditions": condition})

        assert found.json() == [{"id": 1, "company": {"id": 10}}, {"id": 2, "company": {"id": 10}}]
        assert count.json() == {"count": 2}


def test_additions_are_those_of_their_agreement_page_by_page(client: httpx.Client) -> None:
    """Forward-only paging goes on behind the last id, as everywhere."""
    path = f"{LIST}/1/additions"
    first = client.get(path, params={"pageSize": 2}, headers=FORWARD)
    last = client.get(path, params={"pageSize": 2, "pageId": 2}, headers=FORWARD)

    assert [row["id"] for row in (*first.json(), *last.json())] == [1, 2, 6]
    assert client.get(path, params={"conditions": 'billCustomer="Billable"'}).json()[0]["product"]["id"] == 50


def test_a_role_may_be_kept_from_agreements_alone(fake: Starlette, client: httpx.Client) -> None:
    """Configurations are answered all the same."""
    fake.state.faults.plan(not_permitted(), times=None, path=LIST)

    assert [client.get(path).status_code for path in (LIST, "/company/configurations")] == [403, 200]
