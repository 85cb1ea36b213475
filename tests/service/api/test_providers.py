"""Providers, customers and the quarantine over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.ingest.protocol import Quarantined
from service.resolution.recalibration import recalibrate
from tests.service.api.conftest import FLEET, Client, application, asking
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a service over a store with a calibration, and with rows that could not be read."""
    world = Sandbox(tmp_path)
    unread = [Quarantined("ninjaone", str(n), "no record", {"n": n}) for n in range(3)]
    world.take_in(*FLEET, quarantined=[*unread, Quarantined("cw_rmm", "9", "nested too deeply", {})])  # type: ignore[arg-type]
    recalibrate(world)
    with asking(application(world)) as client:
        yield client


def listed(client: Client, address: str, **params: str) -> list[dict[str, Any]]:
    """Return all items of a list, read page by page."""
    found: list[dict[str, Any]] = []
    following: str | None = address
    while following:
        page = client.get(following, params={**params, "limit": 2} if following == address else None)
        found += page.json()["data"]
        following = page.links.get("next", {}).get("url")
    return found


def test_providers_and_customers_are_listed(client: Client) -> None:
    """All of them, each once."""
    providers = listed(client, "/v1/providers")
    assert [(each["name"], each["role"], each["records"], each["quarantined"]) for each in providers] == [
        ("cw_manage", "psa", 3, 0),
        ("cw_rmm", "agent", 2, 1),
        ("ninjaone", "agent", 0, 3),
    ]
    [customer] = listed(client, "/v1/customers")
    assert {each["name"] for each in customer["companies"]} == {"Acme Inc."}
    assert [each["ground"] for each in customer["alignments"]] == ["equal_names"]


def test_the_quarantine_is_listed_of_all_or_of_one_provider(client: Client) -> None:
    """With what the rows held; a provider that there is not is a mistake, and one without such rows is none."""
    assert len({each["id"] for each in listed(client, "/v1/quarantine")}) == 4
    theirs = listed(client, "/v1/quarantine", provider="ninjaone")
    assert sorted(each["payload"]["n"] for each in theirs) == [0, 1, 2]
    assert listed(client, "/v1/quarantine", provider="cw_manage") == []
    assert listed(client, "/v1/quarantine", provider="a\0") == []
    assert client.get("/v1/quarantine", params={"provider": "ninja-one"}).json()["code"] == "unknown-value"
