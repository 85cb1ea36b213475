"""A key that is bound to customers is answered as if there were no records but theirs."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.reports import REPORTS
from service.reports.formats import Format
from tests.service.api.two_customers import FOREIGN, JOINED, JOINING, OWN, Served, add_foreign, own_world, served
from tests.service.reports.fleets import world_of
from tests.service.stores import DATABASES, made_on

KEYS = [f"{record['provider']}:{record['id']}" for record in (*OWN, *FOREIGN)] + ["cw_manage:none"]

EXPAND = "expand=provenance,records,reviews,decisions"


@pytest.fixture(scope="module", params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Return the kind of a database."""
    return str(request.param)


@pytest.fixture(scope="module")
def alone(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over the customer's records."""
    with made_on(database):
        world = own_world(tmp_path_factory.mktemp("alone"))
    with served(world) as service:
        yield service


@pytest.fixture(scope="module")
def among(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over the same, among those of others."""
    with made_on(database):
        world = own_world(tmp_path_factory.mktemp("among"))
    add_foreign(world)
    with served(world) as service:
        yield service


def values(records: list[dict[str, Any]]) -> set[str]:
    """Return everything that records could be looked up by."""
    found = {f"{record['provider']}:{record['id']}" for record in records}
    for record in records:
        for field in ("hostname", "serial", "bios_guid", "name", "macs"):
            value = record.get(field, [])
            found.update([value] if isinstance(value, str) else value)
    return found


def questions() -> list[str]:
    """Return calls about everything that is in either store, and about nothing."""
    filters = ["company=acme inc.", "company=Zeta LLC", "type=server", "type=Workstation", "provider=rmm_beta"]
    filters += [
        "provider=cw_rmm",
        "q=acme",
        "q=secret",
        "identifier=SN-50005",
        "identifier=SN-9",
        "identifier=5CG1234ABC",
    ]
    devices = [f"id-{number:04}" for number in range(1, 24)]
    return [
        *(f"/v1/lookup?identifier={value}&{EXPAND}" for value in sorted(values([*OWN, *FOREIGN]))),
        "/v1/devices",
        f"/v1/devices?{EXPAND}",
        "/v1/devices?limit=2",
        *(f"/v1/devices?{each}" for each in filters),
        *(f"/v1/devices/{device}?{EXPAND}" for device in devices),
        *(f"/v1/devices/{device}/graph" for device in devices),
        "/v1/reports",
        "/v1/reports/none",
        *(f"/v1/reports/{name}?format={format}" for name in REPORTS for format in Format),
        *(f"/v1/explain?left={left}&right={right}" for left, right in product(KEYS, KEYS)),
    ]


def test_every_answer_is_the_same_without_the_records_of_others(alone: Served, among: Served) -> None:
    """Body, status, count, `ETag`, `Link` and error, to the byte."""
    for question in questions():
        assert asked(among, question) == asked(alone, question), question


def test_pages_lead_to_the_same_devices_without_the_records_of_others(alone: Served, among: Served) -> None:
    """One device a page, each link followed."""
    pages = [list(walked(service, "/v1/devices?limit=1")) for service in (alone, among)]

    assert len(pages[0]) > 3
    assert pages[0] == pages[1]


def test_many_look_ups_are_the_same_without_the_records_of_others(alone: Served, among: Served) -> None:
    """All at once."""
    wanted = [{"identifier": value} for value in sorted(values([*OWN, *FOREIGN]))]

    answers = [
        service.client.post(f"/v1/lookup?{EXPAND}", json=wanted, headers=service.bound) for service in (alone, among)
    ]

    assert answers[0].status_code == 200
    assert answers[0].content == answers[1].content


def test_what_others_say_is_nowhere(among: Served) -> None:
    """Not a name, not a value, not a key of theirs."""
    told = "".join(
        among.client.get(question, headers=among.bound).text for question in questions() if "=" not in question
    )

    assert "acme-lt-0421" in told
    for secret in ("zeta", "Secret", "rmm_beta", "SN-9"):
        assert secret.casefold() not in told.casefold(), secret


def test_two_visible_records_of_one_device_stay_one(tmp_path: Path) -> None:
    """Whatever joins them; what is shown of the device follows from the two alone."""
    with served(world_of(tmp_path, *JOINED, JOINING)) as service:
        found = [
            service.client.get(f"/v1/lookup?identifier={serial}&expand=records", headers=service.bound).json()
            for serial in ("SN-60006", "SN-70007")
        ]

    assert [len(each["data"]) for each in found] == [1, 1]
    [device] = found[0]["data"]
    assert found[1]["data"] == [device]
    assert [record["id"] for record in device["records"]] == ["A-5", "A-6"]
    assert device["counts"]["records"] == 2
    assert "zeta" not in str(device).casefold()


@pytest.mark.parametrize("others", [[JOINING], []])
def test_why_two_visible_records_are_one_device_names_no_other(tmp_path: Path, others: list[dict[str, Any]]) -> None:
    """Where it does not follow from the two, it is said to follow from the store; the graph shows the two alone."""
    with served(world_of(tmp_path, *JOINED, *others)) as service:
        why = service.client.get("/v1/explain?left=cw_rmm:A-5&right=cw_rmm:A-6", headers=service.bound).json()
        graph = service.client.get("/v1/devices/id-0001/graph", headers=service.bound).json()

    assert why["same"] is bool(others)
    assert "rmm_beta" not in json.dumps([why, graph])
    if others:
        assert why["sentence"] == "cw_rmm:A-5 and cw_rmm:A-6 are one device, as the store resolves them."
        assert why["would_change"] == ["a decision `different` about them"]
        assert {node["id"] for node in graph["nodes"] if node["kind"] == "record"} == {"cw_rmm:A-5", "cw_rmm:A-6"}


def asked(service: Served, question: str) -> tuple[Any, ...]:
    """Return what can be seen of an answer; addresses without the port of the service."""
    answer = service.client.get(question, headers=service.bound)
    link = answer.headers.get("link", "").replace(str(service.client.base_url), "")
    return answer.status_code, answer.headers.get("etag"), link, as_read(answer)


def as_read(answer: httpx.Response) -> Any:
    """Return a body, which is easier to compare as JSON where it differs."""
    return json.loads(answer.text) if answer.headers["content-type"].endswith("json") else answer.content


def walked(service: Served, question: str) -> Iterator[list[str]]:
    """Yield the ids of each page, along the links."""
    answer = service.client.get(question, headers=service.bound)
    while True:
        yield [each["id"] for each in answer.json()["data"]]
        if "next" not in answer.links:
            return
        answer = service.client.get(answer.links["next"]["url"], headers=service.bound)
