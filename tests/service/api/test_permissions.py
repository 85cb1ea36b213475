"""
Who may call what, as a table: a row an operation, a column a kind of key.

Every call is made over HTTP with every key. An operation of the OpenAPI document without a row fails, and so does one
that needs no scope. A further kind of key is a further entry of `KEYS` and a further column of `PERMISSIONS`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from service.access import keys
from service.access.keys import Rights
from service.access.scopes import Scope
from service.api.http.access import OPEN
from service.api.http.edge import LARGEST_BODY
from service.store.access.visibility import Customer
from service.store.world import World
from tests.service.api.conftest import FLEET, Client, application, asking, the_document
from tests.service.reports.fleets import world_of

RMM = frozenset({"cw_rmm"})
ACME = frozenset({Customer("cw_rmm", "acme")})
ACMES: list[dict[str, Any]] = [
    {"provider": "cw_rmm", "id": "A-20", "company_id": "acme", "hostname": "acme-srv-2", "serial": "VM20"},
    {"provider": "cw_rmm", "id": "A-21", "company_id": "acme", "hostname": "acme-srv-3", "serial": "VM21"},
]
"""Two devices that the bound keys see."""


SAME = {"verdict": "same", "left": "cw_rmm:A-20", "right": "cw_rmm:A-21", "why": "went there and looked"}

KEYS: dict[str, Rights | None] = {
    "none": None,
    "read": Rights(frozenset({Scope.READ})),
    "ingest": Rights(frozenset({Scope.INGEST}), RMM),
    "foreign": Rights(frozenset({Scope.INGEST}), frozenset({"rmm_alpha"})),
    "both": Rights(frozenset({Scope.READ, Scope.INGEST}), RMM),
    "steward": Rights(frozenset({Scope.STEWARD})),
    "admin": Rights(frozenset({Scope.ADMIN})),
    "bound": Rights(frozenset({Scope.READ}), customers=ACME),
    "bound_steward": Rights(frozenset({Scope.STEWARD}), customers=ACME),
    "bound_ingest": Rights(frozenset({Scope.INGEST}), RMM, customers=ACME),
}
"""Column -> what its key was made for; `foreign` may write records of another provider than the calls are about."""

PERMISSIONS = """
                    none  read   ingest  foreign   both   steward  admin  bound  bound_steward  bound_ingest
livez               yes   yes    yes     yes       yes    yes      yes    yes    yes            yes
readyz              yes   yes    yes     yes       yes    yes      yes    yes    yes            yes
get_metrics         401   yes    scope   scope     yes    yes      yes    bound  bound          scope
lookup_identifier   401   yes    scope   scope     yes    yes      yes    yes    yes            scope
lookup_identifiers  401   yes    scope   scope     yes    yes      yes    yes    yes            scope
list_devices        401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_device          401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_device_graph    401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_device_history  401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_changes         401   yes    scope   scope     yes    yes      yes    yes    yes            scope
explain_pair        401   yes    scope   scope     yes    yes      yes    yes    yes            scope
list_reports        401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_report          401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_report_as_csv   401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_report_as_xlsx  401   yes    scope   scope     yes    yes      yes    yes    yes            scope
compare_counts      401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_reviews         401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_review          401   yes    scope   scope     yes    yes      yes    yes    yes            scope
get_decision        401   yes    scope   scope     yes    yes      yes    yes    yes            scope
list_decisions      401   yes    scope   scope     yes    yes      yes    yes    yes            scope
preview_decision    401   yes    scope   scope     yes    yes      yes    yes    yes            scope
make_decision       401   scope  scope   scope     scope  yes      yes    scope  yes            scope
revoke_decision     401   scope  scope   scope     scope  yes      yes    scope  yes            scope
push_records        401   scope  yes     row       yes    scope    yes    scope  scope          yes
delete_record       401   scope  yes     provider  yes    scope    yes    scope  scope          yes
replace_feed        401   scope  yes     provider  yes    scope    yes    scope  scope          bound
get_record          401   yes    scope   scope     yes    yes      yes    yes    yes            scope
begin_syncs         401   scope  scope   scope     scope  scope    yes    scope  scope          scope
get_sync            401   yes    scope   scope     yes    yes      yes    bound  bound          scope
list_syncs          401   yes    scope   scope     yes    yes      yes    bound  bound          scope
list_providers      401   yes    scope   scope     yes    yes      yes    bound  bound          scope
list_customers      401   yes    scope   scope     yes    yes      yes    bound  bound          scope
list_quarantine     401   yes    scope   scope     yes    yes      yes    bound  bound          scope
"""
"""
`yes`: neither 401 nor 403. `scope` and `provider`: 403, and the code says which of them is missing. `bound`: 403, and
the code says that the key is bound to customers. `row`: the call is answered, and its row as forbidden.
"""

CHALLENGED = {
    "401": "",
    "scope": ', error="insufficient_scope", scope="{scope}"',
    "provider": ', error="insufficient_scope"',
    "bound": ', error="insufficient_scope"',
}
"""Word of the table -> what the header `WWW-Authenticate` says besides (RFC 6750)."""

REFUSALS = {"scope": "insufficient-scope", "provider": "provider-not-allowed", "bound": "needs-unbound-key"}
"""Word of the table -> code of the problem."""


class Call(NamedTuple):
    """A call of an operation that is not refused for what it says; `{device}` is the id of a device."""

    method: str
    path: str
    json: Any = None
    text: str | None = None
    """A CSV file, where the body is none of JSON."""


CALLS = {
    "livez": Call("GET", "/livez"),
    "readyz": Call("GET", "/readyz"),
    "get_metrics": Call("GET", "/metrics"),
    "lookup_identifier": Call("GET", "/v1/lookup?identifier=VM9"),
    "lookup_identifiers": Call("POST", "/v1/lookup", [{"identifier": "VM9"}]),
    "list_devices": Call("GET", "/v1/devices"),
    "get_device": Call("GET", "/v1/devices/{device}"),
    "get_device_graph": Call("GET", "/v1/devices/{device}/graph"),
    "get_device_history": Call("GET", "/v1/devices/{device}/history"),
    "get_changes": Call("GET", "/v1/changes"),
    "explain_pair": Call("GET", "/v1/explain?left=cw_rmm:A-20&right=cw_rmm:A-21"),
    "list_reports": Call("GET", "/v1/reports"),
    "get_report": Call("GET", "/v1/reports/duplicates"),
    "get_report_as_csv": Call("GET", "/v1/reports/duplicates.csv"),
    "get_report_as_xlsx": Call("GET", "/v1/reports/duplicates.xlsx"),
    "compare_counts": Call("POST", "/v1/reports/counts", text="company,product,quantity\nAcme,Server,1\n"),
    "get_reviews": Call("GET", "/v1/reviews"),
    "get_review": Call("GET", "/v1/reviews/none"),
    "get_decision": Call("GET", "/v1/decisions/none"),
    "list_decisions": Call("GET", "/v1/decisions"),
    "preview_decision": Call("POST", "/v1/decisions/preview", SAME),
    "make_decision": Call("POST", "/v1/decisions", SAME),
    "revoke_decision": Call("DELETE", "/v1/decisions/none?why=x"),
    "push_records": Call(
        "POST", "/v1/records", [{"provider": "cw_rmm", "id": "A-99", "serial": "SN-99", "company_id": "acme"}]
    ),
    "get_record": Call("GET", "/v1/records/cw_manage/4711"),
    "replace_feed": Call("PUT", "/v1/feeds/cw_rmm", [{"id": "A-99", "serial": "SN-99"}]),
    "delete_record": Call("DELETE", "/v1/records/cw_rmm/A-99"),
    "begin_syncs": Call("POST", "/v1/syncs", {}),
    "get_sync": Call("GET", "/v1/syncs/none"),
    "list_syncs": Call("GET", "/v1/syncs"),
    "list_providers": Call("GET", "/v1/providers"),
    "list_customers": Call("GET", "/v1/customers"),
    "list_quarantine": Call("GET", "/v1/quarantine"),
}
"""Operation -> a call of it. What is not there is a 404 to whoever may ask, and 403 to all others."""


def table() -> dict[str, dict[str, str]]:
    """Return operation -> column -> what becomes of the call."""
    head, *rows = (line.split() for line in PERMISSIONS.strip().splitlines())
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in rows}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the path and the declaration of every operation of the document."""
    for path, item in the_document()["paths"].items():
        for operation in item.values():
            yield path, operation


def scopes() -> dict[str, str]:
    """Return operation -> the scope that it declares, for those that need a key."""
    return {
        operation["operationId"]: requirement["key"][0]
        for _, operation in operations()
        for requirement in operation["security"]
        if requirement
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world with devices in it."""
    return world_of(tmp_path_factory.mktemp("store"), *ACMES, *FLEET)


@pytest.fixture(scope="module")
def tokens(world: World) -> dict[str, str]:
    """Return column -> the token of its key."""
    made = enumerate(KEYS.items())
    return {
        name: keys.create(world, name, lambda count, number=number: bytes([number]) * count, rights)[1]  # type: ignore[misc]
        for number, (name, rights) in made
        if rights is not None
    }


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[Client]:
    """A client of a service that asks for keys."""
    with asking(application(world, keys_required=True)) as client:
        yield client


@pytest.fixture(scope="module")
def device(client: Client, tokens: dict[str, str]) -> str:
    """Return the id of a device."""
    found = client.get("/v1/devices", headers=bearer(tokens["read"])).json()["data"]
    return str(found[0]["id"])


def bearer(token: str | None) -> dict[str, str]:
    """Return the header that shows a key."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def test_every_operation_has_a_row_and_a_call() -> None:
    """A new operation has to say who may call it."""
    named = {operation["operationId"] for _, operation in operations()}

    assert set(table()) == set(CALLS) == named
    assert all(set(cells) == set(KEYS) for cells in table().values())


def test_every_operation_declares_the_one_scope_that_it_needs() -> None:
    """In the document, where whoever makes a client reads it, with its refusal; only health checks need none."""
    for path, operation in operations():
        if path in OPEN:
            assert operation["security"] == []
            continue
        needed = [requirement["key"] for requirement in operation.get("security", ()) if requirement]
        assert len(needed) == 1, path
        [[scope]] = needed
        assert scope in set(Scope), path
        assert "403" in operation["responses"], path


def test_every_operation_says_whether_it_answers_keys_that_are_bound_to_customers() -> None:
    """As the table has it; a call that needs no key says nothing of keys."""
    for path, operation in operations():
        cells = {each for column, each in table()[operation["operationId"]].items() if "bound" in column}
        assert operation.get("x-answers-bound-keys") == (None if path in OPEN else "yes" in cells), path


@pytest.mark.parametrize("column", KEYS)
@pytest.mark.parametrize("operation", CALLS)
def test_a_call_is_answered_or_refused_as_the_table_says(
    client: Client, tokens: dict[str, str], device: str, operation: str, column: str
) -> None:
    """A refusal says what is missing; whatever else is wrong with a call, a key that lacks the scope is not told."""
    call, expected = CALLS[operation], table()[operation][column]

    body = {"json": call.json} if call.text is None else {"content": call.text}
    media_type = {"Content-Type": "text/csv"} if call.text else {}
    path, headers = call.path.format(device=device), bearer(tokens.get(column)) | media_type
    answer = client.request(call.method, path, **body, headers=headers)

    assert said(answer) == expected, answer.text
    header = f'Bearer realm="samebox"{CHALLENGED[expected]}' if expected in CHALLENGED else None
    assert answer.headers.get("www-authenticate") == (header and header.format(scope=scopes().get(operation)))


BODIES = {
    "malformed": (b"{", "application/json"),
    "wrong": (b'{"colour": "blue"}', "application/json"),
    "no JSON": (b"a=b", "application/x-www-form-urlencoded"),
    "huge": (b" " * (LARGEST_BODY + 1), "application/json"),
}
"""What is wrong with a body -> the body, and its media type; a feed may be larger, and is refused all the same."""


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("operation", [name for name, call in CALLS.items() if call.json is not None or call.text])
def test_a_key_is_refused_before_the_body_is_read(
    client: Client, tokens: dict[str, str], operation: str, body: str
) -> None:
    """Whatever is wrong with the body is told to those alone who may make the call."""
    call, (content, media_type) = CALLS[operation], BODIES[body]
    answers = {
        column: client.request(
            call.method,
            call.path,
            content=content,
            headers={"Content-Type": media_type, **bearer(tokens.get(column))},
        )
        for column, expected in table()[operation].items()
        if expected in {"401", "scope", "bound"} or column == "admin"
    }

    is_answered_by_row = (operation, body) == ("push_records", "wrong")
    assert answers.pop("admin").status_code in ({200} if is_answered_by_row else {400, 413, 415, 422})
    assert {column: said(answer) for column, answer in answers.items()} == {
        column: table()[operation][column] for column in answers
    }


def said(answer: httpx.Response) -> str:
    """Return the word of the table for an answer."""
    if answer.status_code == 401:
        return "401"
    if answer.status_code == 403:
        return next(word for word, code in REFUSALS.items() if code == answer.json()["code"])
    is_push = answer.status_code == 200 and answer.request.url.path == "/v1/records"
    return "row" if is_push and answer.json()["data"][0]["status"] == "forbidden" else "yes"


def test_of_a_batch_the_rows_of_other_providers_are_refused(client: Client, tokens: dict[str, str]) -> None:
    """The others go in; what was refused neither is stored nor replaces anything."""
    before = client.get("/v1/lookup?identifier=cw_manage:4711", headers=bearer(tokens["read"])).json()
    rows = [
        {"provider": "cw_manage", "id": "4711", "serial": "STOLEN-1"},
        {"provider": "cw_rmm", "id": "A-77", "serial": "SN-77"},
        {"id": "A-78"},
    ]

    answers = client.post("/v1/records", json=rows, headers=bearer(tokens["ingest"])).json()["data"]
    mine = client.delete("/v1/records/cw_rmm/A-77", headers=bearer(tokens["ingest"]))

    assert [each["status"] for each in answers] == ["forbidden", "created", "rejected"]
    assert answers[0]["reason"] == "this key may not write records of 'cw_manage'"
    assert answers[0]["record"] == "cw_manage:4711"
    assert client.get("/v1/lookup?identifier=cw_manage:4711", headers=bearer(tokens["read"])).json() == before
    assert mine.status_code == 204


def test_what_a_key_may_not_delete_it_is_not_told_of(client: Client, tokens: dict[str, str]) -> None:
    """The answer is the same for a record that there is and for one that there is not."""
    answers = [
        client.delete(f"/v1/records/cw_manage/{own}", headers=bearer(tokens["ingest"])) for own in ("4711", "none")
    ]

    assert {answer.status_code for answer in answers} == {403}
    bodies = [{name: value for name, value in answer.json().items() if name != "request_id"} for answer in answers]
    assert bodies[0] == bodies[1]
