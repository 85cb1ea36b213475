"""A key that is bound to customers is answered as if there were no records but theirs."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from matching.model import Decision, Key, ReviewReason, Verdict
from service.access.keys import Rights
from service.access.scopes import Scope
from service.reports.catalogue import REPORTS
from service.stewardship.deciding import decide
from service.stewardship.feed import feed
from service.store.access.visibility import Visibility
from service.store.database import tables
from service.store.stewardship import decisions, reviews
from tests.service.api.two_customers import (
    CUSTOMERS,
    FOREIGN,
    JOINED,
    JOINING,
    OWN,
    SHARED,
    Served,
    add_foreign,
    own_world,
    served,
)
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
        *(f"/v1/devices/{device}/history" for device in (*devices, "none")),
        *(f"/v1/changes{each}" for each in ("", "?limit=1", "?cursor=now", "?cursor=none", "?what=created", "?what=x")),
        *(f"/v1/changes?{each}&what=changed,created" for each in filters if each.startswith("company")),
        "/v1/reviews",
        "/v1/reviews?limit=1",
        *(f"/v1/reviews?{each}" for each in filters if each.startswith(("company", "provider"))),
        *(f"/v1/reviews?reason={reason}" for reason in ReviewReason),
        "/v1/decisions",
        "/v1/decisions?revoked=true",
        "/v1/decisions?limit=1",
        "/v1/reports",
        "/v1/reports/none",
        *(f"/v1/reports/{name}{kind}" for name in REPORTS for kind in ("", ".csv")),
        *(f"/v1/records/{key.replace(':', '/')}" for key in KEYS),
        *(f"/v1/explain?left={left}&right={right}" for left, right in product(KEYS, KEYS)),
    ]


def test_every_answer_is_the_same_without_the_records_of_others(alone: Served, among: Served) -> None:
    """Body, status, count, `ETag`, `Link` and error."""
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
    general = [question for question in questions() if "=" not in question and "/records/" not in question]
    told = "".join(among.client.get(question, headers=among.bound).text for question in general)

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


def test_how_many_boxes_of_others_share_a_value_is_not_told(tmp_path: Path) -> None:
    """That it is over-shared is, wherever a reason stands."""
    questions = [
        "/v1/explain?left=cw_rmm:S-0&right=cw_rmm:S-1",
        "/v1/lookup?identifier=SHARED-10001&expand=records",
        "/v1/devices?expand=records",
        "/v1/devices/id-0001/graph",
        "/v1/reviews",
        *(f"/v1/reports/{name}" for name in REPORTS),
    ]
    with served(world_of(tmp_path, *SHARED)) as service:
        answers = [service.client.get(question, headers=service.bound).text for question in questions]

    assert "which is no evidence (over-shared)" in answers[0]
    assert '"reason":"over-shared"' in answers[1]
    assert all("8 boxes" not in answer and "nothing else in common" not in answer for answer in answers)


def test_reports_about_the_whole_store_are_refused(alone: Served) -> None:
    """What a customer may know of them would tell of others; all other reports are answered."""
    for name, report in REPORTS.items():
        answer = alone.client.get(f"/v1/reports/{name}", headers=alone.bound)

        assert answer.status_code == (200 if report.answers_bound_keys else 403), name
        assert report.answers_bound_keys or answer.json()["code"] == "needs-unbound-key"


DECIDES = Rights(frozenset({Scope.STEWARD}), customers=CUSTOMERS)


@pytest.fixture
def steward(tmp_path: Path) -> Iterator[Served]:
    """A service over records of the customer and of others, with the key of a steward who is bound to the customer."""
    world = own_world(tmp_path)
    add_foreign(world)
    with served(world, DECIDES) as service:
        yield service


@pytest.mark.parametrize("left", ["cw_manage:4", "cw_manage:99", "cw_manage:none"])
@pytest.mark.parametrize("right", ["rmm_beta:B-5", "a:none"])
def test_a_record_that_is_not_visible_cannot_be_decided_about(steward: Served, left: str, right: str) -> None:
    """The answer is that for a record that there is not."""
    answer = decided(steward, left, right)

    hidden = [key for key in sorted((left, right), key=Key.parse) if key != "cw_manage:4"]
    assert (answer.status_code, answer.json()["detail"]) == (404, f"no record {hidden[0]!r}")


def test_a_bound_steward_decides_about_visible_records(steward: Served) -> None:
    """By the records or by the review, and takes it back."""
    made = decided(steward, "cw_manage:5", "cw_rmm:A-2")
    review = steward.client.get("/v1/reviews", headers=steward.bound).json()["data"][0]
    body = {"verdict": "same", "review": review["id"], "why": "looked"}
    answered = steward.client.post("/v1/decisions", json=body, headers=steward.bound)
    revoked = revoking(steward, made.json()["id"])

    assert (made.status_code, answered.status_code, revoked.status_code) == (201, 201, 200)
    assert {answered.json()["left"], answered.json()["right"]} <= {f"{each['provider']}:{each['id']}" for each in OWN}
    left = steward.client.get("/v1/reviews", headers=steward.bound).json()["data"]
    assert review["id"] not in {each["id"] for each in left}
    assert answered.json()["proposed"] is None


def test_a_call_that_may_be_sent_again_shows_no_more(steward: Served) -> None:
    """It is answered in a transaction of its own, for the same caller."""
    body = {"verdict": "same", "left": "cw_manage:4", "right": "cw_manage:99", "why": "looked"}
    answer = steward.client.post("/v1/decisions", json=body, headers={**steward.bound, "Idempotency-Key": "k-1"})

    assert (answer.status_code, answer.json()["detail"]) == (404, "no record 'cw_manage:99'")


def test_reviews_and_decisions_of_others_are_as_unknown_as_none(steward: Served) -> None:
    """Whoever guesses an id learns nothing."""
    with steward.world.store.reading() as connection:
        hidden = sorted(reviews.ids(connection))
        foreign = [each.id for each in decisions.stored_standing(connection) if each.decision.by == "bert"]
    seen = {each["id"] for each in steward.client.get("/v1/reviews", headers=steward.bound).json()["data"]}
    assert len(set(hidden) - seen) > 0
    assert len(foreign) == 2

    for own in {*hidden, "none"} - seen:
        body = {"verdict": "same", "review": own, "why": "looked"}
        answer = steward.client.post("/v1/decisions", json=body, headers=steward.bound)
        assert (answer.status_code, answer.json()["detail"]) == (404, f"no review {own!r} is open")
    for own in (*foreign, "none"):
        answer = revoking(steward, own)
        assert (answer.status_code, answer.json()["detail"]) == (404, f"no decision {own!r}")


def test_a_contradiction_names_no_decision_about_other_records(steward: Served) -> None:
    """It is refused all the same: what was decided binds."""
    for left, right in (("cw_manage:5", "cw_manage:98"), ("cw_rmm:A-2", "cw_manage:98")):
        decide(steward.world, Decision(Verdict.SAME, Key.parse(left), Key.parse(right), "bert", "looked"))

    answer = decided(steward, "cw_manage:5", "cw_rmm:A-2", "different")

    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "cw_manage:5 and cw_rmm:A-2 cannot be decided different: it contradicts what was decided before"
    )


PUSHES = Rights(frozenset({Scope.INGEST}), frozenset({"cw_manage", "rmm_beta"}), customers=CUSTOMERS)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Served]:
    """A service over records of the customer and of others, with a key that pushes records of the customer."""
    world = own_world(tmp_path)
    add_foreign(world)
    with served(world, PUSHES) as service:
        yield service


def test_a_bound_key_writes_records_of_its_customers_alone(agent: Served) -> None:
    """Neither may it put a record under another customer, nor take one of another over."""
    before = stored_payloads(agent)
    rows = [
        {"provider": "cw_manage", "id": "6", "company_id": "250", "serial": "SN-90009"},
        {"provider": "cw_manage", "id": "7", "company_id": "251", "serial": "SN-90009"},
        {"provider": "cw_manage", "id": "8", "serial": "SN-90009"},
        {"provider": "rmm_beta", "id": "B-10", "company_id": "250"},
        {"provider": "cw_manage", "id": "99", "company_id": "250", "serial": "STOLEN"},
        {"provider": "cw_manage", "id": "4", "company_id": "251", "name": "given away"},
    ]

    pushed = agent.client.post("/v1/records", json=rows, headers=agent.bound).json()
    answers = pushed["data"]

    told = feed(agent.world.acting(None, Visibility(CUSTOMERS)))
    assert pushed["seq"] == told.seq == len(told.data)
    assert told.data[-1].detail == {"records": ["cw_manage:6"]}
    assert [each["status"] for each in answers] == ["created", *["forbidden"] * 5]
    assert {each["reason"] for each in answers[1:]} == {"this key may not write records of that customer"}
    assert {each["device_id"] for each in answers[1:]} == {None}
    after = stored_payloads(agent)
    assert {key: payload for key, payload in after.items() if key != "cw_manage:6"} == before


def test_a_bound_key_deletes_records_of_its_customers_alone(agent: Served) -> None:
    """The answer for a record of another is that for one that there is not."""
    answers = [
        agent.client.delete(f"/v1/records/{path}", headers=agent.bound)
        for path in ("cw_manage/99", "cw_manage/98", "rmm_beta/B-9", "cw_manage/none", "cw_manage/4")
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 204]
    assert [answer.json()["detail"] for answer in answers[:4]] == [
        "no record cw_manage:99",
        "no record cw_manage:98",
        "no record rmm_beta:B-9",
        "no record cw_manage:none",
    ]
    assert len(stored_payloads(agent)) == len([*OWN, *FOREIGN]) - 1


def stored_payloads(service: Served) -> dict[str, str]:
    """Return record -> what is stored of it."""
    with service.world.store.reading() as connection:
        rows = connection.execute(select(tables.records)).all()
    return {f"{row.provider}:{row.record_id}": row.payload for row in rows}


def decided(service: Served, left: str, right: str, verdict: str = "same") -> httpx.Response:
    """Decide about two records."""
    body = {"verdict": verdict, "left": left, "right": right, "why": "looked"}
    return service.client.post("/v1/decisions", json=body, headers=service.bound)


def revoking(service: Served, decision_id: str) -> httpx.Response:
    """Take a decision back."""
    return service.client.delete(f"/v1/decisions/{decision_id}?why=wrong", headers=service.bound)


def asked(service: Served, question: str) -> tuple[Any, ...]:
    """Return what can be seen of an answer; addresses without the port of the service."""
    answer = service.client.get(question, headers=service.bound)
    link = answer.headers.get("link", "").replace(str(service.client.base_url), "")
    return answer.status_code, answer.headers.get("etag"), link, as_read(answer)


def as_read(answer: httpx.Response) -> Any:
    """Return a body, as JSON where it is some, without the id of the request."""
    if not answer.headers["content-type"].endswith("json"):
        return answer.content
    read = json.loads(answer.text)
    read.pop("request_id", None)  # each request has another
    return read


def walked(service: Served, question: str) -> Iterator[list[str]]:
    """Yield the ids of each page, along the links."""
    answer = service.client.get(question, headers=service.bound)
    while True:
        yield [each["id"] for each in answer.json()["data"]]
        if "next" not in answer.links:
            return
        answer = service.client.get(answer.links["next"]["url"], headers=service.bound)
