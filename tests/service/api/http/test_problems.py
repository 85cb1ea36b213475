"""Whatever goes wrong, the answer is a problem that says enough and no more."""

from pathlib import Path
from typing import Any

import pytest

from matching.errors import BadDecision, BadKey, MatchingError, NotARecord, UnusableValue
from matching.model import Decision, Key, Verdict
from service.api.http.codes import CODES
from service.api.http.problems import refusal
from service.core import errors
from service.intake.replacing import FeedRefused, WrongRow
from service.store.stewardship import decisions
from service.store.stewardship.decisions import StoredDecision
from tests.service.api.conftest import Client, application, asking, valid
from tests.service.reports.fleets import empty_world


def every_service_error() -> list[type[errors.ServiceError]]:
    """Return all that the service raises, without what tests define."""
    found = [errors.ServiceError]
    for kind in found:
        found += [each for each in kind.__subclasses__() if each.__module__.startswith("service.")]
    return found


DECISION = {
    "id": "1",
    "verdict": "same",
    "left": "a:1",
    "right": "b:1",
    "by": "anna",
    "why": "saw it",
    "at": "2026-11-01T00:00:00Z",
}


def an_error(kind: type[errors.ServiceError]) -> errors.ServiceError:
    """Return an error of the kind, whatever its class wants to know."""
    arguments: dict[type[errors.ServiceError], tuple[Any, ...]] = {
        errors.Moved: ("1", "2"),
        errors.Contradiction: ("no", [DECISION]),
        errors.ProviderRefused: ("cw_manage", "no", 403),
        errors.ProviderError: ("cw_manage", "no"),
        FeedRefused: (1, [WrongRow(0, "/id", "no id")]),
    }
    return kind(*next((arguments[base] for base in kind.__mro__ if base in arguments), ("no",)))


@pytest.mark.parametrize(
    "kind", [each for each in every_service_error() if each is not errors.Moved], ids=lambda kind: kind.__name__
)
def test_every_error_of_the_service_has_an_answer(kind: type[errors.ServiceError]) -> None:
    """No error is forgotten: each has its own entry in the table of codes, with its status."""
    answer = refusal(an_error(kind))

    assert answer.status_code == kind.status == CODES[kind].status
    assert answer.media_type == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "unknown-path"),
        ("GET", "/redoc", 404, "unknown-path"),
        ("GET", "/v1/devices/", 404, "unknown-path"),
        ("GET", "/v1/%00", 404, "unknown-path"),
        ("GET", "/v1/devices/none", 404, "not-found"),
        ("PUT", "/v1/devices", 405, "method-not-allowed"),
        ("DELETE", "/livez", 405, "method-not-allowed"),
        ("GET", "/v1/records", 405, "method-not-allowed"),
        ("GET", "/v1/lookup", 422, "unprocessable-content"),
        ("GET", "/v1/devices?limit=ten", 422, "unprocessable-content"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_too(
    client: Client, method: str, path: str, status: int, code: str
) -> None:
    """Unknown addresses, wrong methods and wrong values are answered like everything else."""
    answer = client.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert status != 405 or answer.headers["allow"]


@pytest.mark.parametrize("address", ["/v1/explain?left=no-colon&right=b:1", "/v1/explain?left=a:1&right=:::"])
def test_a_record_that_is_none_is_a_bad_key(client: Client, address: str) -> None:
    """The engine says how a record is written; the caller is told, and not that the service is broken."""
    answer = client.get(address)

    assert (answer.status_code, answer.json()["code"]) == (422, "bad-key")
    assert "write provider:id, such as cw_manage:4711" in answer.json()["detail"]


def test_decisions_that_contradict_each_other_are_a_conflict(tmp_path: Path) -> None:
    """They cannot be made; should they be stored all the same, whoever asks learns which."""
    world = empty_world(tmp_path)
    pair = Key("a", "1"), Key("b", "1")
    with world.store.writing() as connection:
        made = [StoredDecision(verdict, Decision(verdict, *pair, "anna", "x"), world.now()) for verdict in Verdict]
        decisions.add(connection, made)
    with asking(application(world)) as client:
        answer = client.post("/v1/records", json=[{"provider": key.provider, "id": key.id} for key in pair])

    assert (answer.status_code, answer.json()["code"]) == (409, "bad-decision")
    assert "a:1" in answer.json()["detail"]


ERRORS = [BadKey("x"), NotARecord("x"), UnusableValue("serial", "x", "y"), BadDecision("x")]


def test_whatever_the_engine_refuses_is_no_defect(tmp_path: Path) -> None:
    """Also what no call lets through today: each of its errors is answered with its sentence."""
    app = application(empty_world(tmp_path))

    def refuse(kind: int) -> None:
        raise ERRORS[kind]

    app.add_api_route("/refuse", refuse, include_in_schema=False)
    with asking(app) as client:
        answers = [client.get("/refuse", params={"kind": kind}) for kind in range(len(ERRORS))]

    assert {type(error) for error in ERRORS} == set(MatchingError.__subclasses__())
    assert [answer.status_code for answer in answers] == [422, 422, 422, 409]
    assert [answer.json()["detail"] for answer in answers] == list(map(str, ERRORS))


def test_a_body_that_is_no_json_is_malformed(client: Client) -> None:
    """400 for what cannot be read, with the place; 422 is for what can be read and is wrong."""
    answer = client.post("/v1/lookup", content=b'[{"identifier": ', headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")
    assert answer.json()["errors"][0]["pointer"] == "/body"


def test_what_is_understood_and_cannot_be_done_is_unprocessable(client: Client) -> None:
    """A decision about one record, and a sync of a provider that there is not, are well-formed and wrong."""
    one = {"verdict": "same", "left": "cw_manage:4711", "right": "cw_manage:4711", "why": "x"}
    answers = [client.post("/v1/decisions", json=one), client.post("/v1/syncs", json={"providers": ["no-such"]})]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(422, "unprocessable-content")] * 2


def test_a_problem_has_members_for_programs(client: Client) -> None:
    """What a sentence names is also there as data: parameters that there are, and decisions to revoke."""
    pair = {"left": "cw_manage:4711", "right": "cw_manage:4713", "why": "x"}
    made = client.post("/v1/decisions", json={"verdict": "different", **pair}).json()

    unknown = client.get("/v1/changes?since=1").json()
    against = client.post("/v1/decisions", json={"verdict": "same", **pair}).json()

    assert (unknown["code"], unknown["parameters"]) == (
        "unknown-parameter",
        ["what", "company", "wait", "limit", "cursor"],
    )
    assert (against["code"], against["decision_id"]) == ("contradiction", made["id"])
    assert against["decisions"] == [
        {name: made[name] for name in ("id", "verdict", "left", "right", "by", "why", "at")}
    ]
    assert against["type"] == "urn:samebox:problem:contradiction"


def test_a_defect_is_answered_without_its_story(tmp_path: Path) -> None:
    """What nobody foresaw: a 500 with no word of the exception, its type or where it was raised."""
    app = application(empty_world(tmp_path))

    def broken() -> None:
        raise RuntimeError("secret sauce in /srv/samebox")

    app.add_api_route("/broken", broken, include_in_schema=False)
    with asking(app) as client:
        answer = client.get("/broken")

    assert answer.status_code == 500
    assert answer.json() == {
        "type": "urn:samebox:problem:internal-server-error",
        "title": "Internal server error",
        "status": 500,
        "code": "internal-server-error",
        "detail": "a defect in the service; its log has the details",
        "request_id": answer.headers["x-request-id"],
    }


def test_the_document_describes_problems_as_they_are(client: Client) -> None:
    """The schema of a problem asks for what is always there, and takes what is there at times."""
    reference = {"$ref": "#/components/schemas/Problem"}
    valid(client.get("/nope").json(), reference, client.document)
    valid(client.post("/v1/lookup", json="hunter2").json(), reference, client.document)
    assert "detail" not in client.document["components"]["schemas"]["Problem"]["required"]
