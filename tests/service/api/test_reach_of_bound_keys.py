"""
What a key that is bound to customers reaches, as a table: a row an operation, a column whose record the call is about.

The key has every scope that a bound key can have. An operation of the OpenAPI document without a row fails.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import httpx
import pytest

from matching.model import Decision, Key, Verdict
from service.access.keys import Rights
from service.access.scopes import Scope
from service.stewardship.deciding import decide
from service.stewardship.reviewing import about
from service.store.resolved.devices import members
from service.store.stewardship.decisions import stored_about
from tests.service.api.conftest import the_document
from tests.service.api.two_customers import CUSTOMERS, Served, add_foreign, own_world, served

REACH = """
                    own      customer   provider
livez               open     open       open
readyz              open     open       open
get_metrics         refused  refused    refused
lookup_identifier   told     silent     silent
lookup_identifiers  told     silent     silent
list_devices        told     silent     silent
get_device          told     404        404
get_device_graph    told     404        404
get_device_history  told     404        404
get_changes         told     silent     silent
explain_pair        told     404        404
list_reports        silent   silent     silent
get_report          told     silent     silent
compare_counts      told     silent     silent
get_report_as_csv   told     silent     silent
get_report_as_xlsx  told     silent     silent
get_reviews         told     silent     silent
get_review          404      404        404
list_decisions      told     silent     silent
get_decision        told     404        404
list_providers      refused  refused    refused
list_customers      refused  refused    refused
list_quarantine     refused  refused    refused
preview_decision    told     404        404
make_decision       told     404        404
revoke_decision     told     404        404
push_records        changed  forbidden  forbidden
replace_feed        refused  refused    refused
get_record          told     404        404
delete_record       204      404        404
begin_syncs         refused  refused    refused
get_sync            refused  refused    refused
list_syncs          refused  refused    refused
"""
"""
`own`: a record of the customer, in a device with one of another. `customer`: one of another customer of the same
provider. `provider`: one that another provider lists under the same company id.

`told`: the answer names the record or its device. `silent`: it names neither. `refused`: 403, whatever is asked about.
"""

SUBJECTS = {"own": "cw_manage:5", "customer": "cw_manage:99", "provider": "rmm_beta:B-9"}
EVERYTHING = Rights(
    frozenset({Scope.STEWARD, Scope.INGEST}), frozenset({"cw_manage", "cw_rmm", "rmm_beta"}), customers=CUSTOMERS
)

CALLS = {
    "livez": "GET /livez",
    "readyz": "GET /readyz",
    "get_metrics": "GET /metrics",
    "lookup_identifier": "GET /v1/lookup?identifier={record}&kind=record",
    "lookup_identifiers": "POST /v1/lookup",
    "list_devices": "GET /v1/devices?expand=records,provenance",
    "get_device": "GET /v1/devices/{device}",
    "get_device_graph": "GET /v1/devices/{device}/graph",
    "get_device_history": "GET /v1/devices/{device}/history",
    "get_changes": "GET /v1/changes",
    "explain_pair": "GET /v1/explain?left=cw_manage:4&right={record}",
    "list_reports": "GET /v1/reports",
    "get_report": "GET /v1/reports/coverage",
    "compare_counts": "POST /v1/reports/counts?all=true",
    "get_report_as_csv": "GET /v1/reports/coverage.csv",
    "get_report_as_xlsx": "GET /v1/reports/coverage.xlsx",
    "get_reviews": "GET /v1/reviews",
    "get_review": "GET /v1/reviews/{review}",
    "list_decisions": "GET /v1/decisions",
    "get_decision": "GET /v1/decisions/{decision}",
    "list_providers": "GET /v1/providers",
    "list_customers": "GET /v1/customers",
    "list_quarantine": "GET /v1/quarantine",
    "preview_decision": "POST /v1/decisions/preview",
    "make_decision": "POST /v1/decisions",
    "revoke_decision": "DELETE /v1/decisions/{decision}?why=x",
    "push_records": "POST /v1/records",
    "get_record": "GET /v1/records/{path}",
    "replace_feed": "PUT /v1/feeds/{provider}",
    "delete_record": "DELETE /v1/records/{path}",
    "begin_syncs": "POST /v1/syncs",
    "get_sync": "GET /v1/syncs/none",
    "list_syncs": "GET /v1/syncs",
}
WRITES = {"make_decision", "revoke_decision", "push_records", "delete_record"}


class Subject(NamedTuple):
    """A record that a call is about, its device, a decision and the first open review about it, if there is one."""

    record: str
    device: str
    decision: str
    review: str


def table() -> dict[str, dict[str, str]]:
    """Return operation -> column -> what becomes of the call."""
    head, *rows = (line.split() for line in REACH.strip().splitlines())
    return {name: dict(zip(head, cells, strict=True)) for name, *cells in rows}


@contextmanager
def service_in(folder: Path) -> Iterator[Served]:
    """Serve a world with records of the customer and of others, and a decision about each that a call is about."""
    world = own_world(folder)
    add_foreign(world)
    for record in SUBJECTS.values():
        decide(world, Decision(Verdict.DIFFERENT, Key.parse(record), Key("cw_manage", "1"), "bert", "looked"))
    with served(world, EVERYTHING) as service:
        yield service


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service for calls that change nothing."""
    with service_in(tmp_path_factory.mktemp("shared")) as service:
        yield service


def subject_of(service: Served, record: str) -> Subject:
    """Return what there is about a record."""
    key = Key.parse(record)
    with service.world.store.reading() as connection:
        decided = [each for each in stored_about(connection, [key]) if Key("cw_manage", "1") in pair(each.decision)]
        open_reviews = [each.id for each in about(connection, {key})]
        return Subject(record, members(connection, [key])[key].device_id, decided[0].id, (*open_reviews, "none")[0])


def pair(decision: Decision) -> tuple[Key, Key]:
    """Return the two records of a decision."""
    return decision.left, decision.right


def body(operation: str, subject: Subject) -> Any:
    """Return what a call sends."""
    provider, _, own = subject.record.partition(":")
    company_id = {"cw_manage:5": "250", "cw_manage:99": "251", "rmm_beta:B-9": "250"}[subject.record]
    verdict = {"verdict": "same", "left": "cw_manage:4", "right": subject.record, "why": "looked"}
    return {
        "lookup_identifiers": [{"identifier": subject.record}],
        "preview_decision": verdict,
        "make_decision": verdict,
        "push_records": [{"provider": provider, "id": own, "company_id": company_id, "name": "new"}],
        "begin_syncs": {},
        "compare_counts": [{"company": "Acme Inc.", "product": "Server", "quantity": 9}],
        "replace_feed": [{"id": own, "company_id": company_id}],
    }.get(operation)


def ask(service: Served, operation: str, subject: Subject) -> httpx.Response:
    """Make a call about a record."""
    method, address = CALLS[operation].split()
    path = subject.record.replace(":", "/")
    return service.client.request(
        method,
        address.format(**subject._asdict(), path=path, provider=path.partition("/")[0]),
        json=body(operation, subject),
        headers=service.bound,
    )


def text_of(answer: httpx.Response) -> str:
    """Return the text of an answer; a workbook is packed."""
    if not answer.content.startswith(b"PK"):
        return answer.text
    with ZipFile(io.BytesIO(answer.content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def said(answer: httpx.Response, subject: Subject) -> str:
    """Return the word of the table for an answer."""
    if answer.status_code == 403:
        return "refused"
    if answer.status_code in {204, 404}:
        return str(answer.status_code)
    assert answer.is_success, answer.text
    if answer.request.url.path in {"/livez", "/readyz"}:
        return "open"
    if answer.request.url.path == "/v1/records":
        return str(answer.json()["data"][0]["status"])
    answered = (
        text_of(answer).replace(f'"identifier":"{subject.record}"', "").replace(f'"value":"{subject.record}"', "")
    )
    return "told" if subject.record in answered or subject.device in answered else "silent"


def test_every_operation_has_a_row_and_a_call() -> None:
    """A new operation has to say what a bound key reaches by it."""
    named = {each["operationId"] for item in the_document()["paths"].values() for each in item.values()}

    assert set(table()) == set(CALLS) == named


@pytest.mark.parametrize("column", SUBJECTS)
@pytest.mark.parametrize("operation", CALLS)
def test_a_call_reaches_what_the_table_says(shared: Served, tmp_path: Path, operation: str, column: str) -> None:
    """A call that changes something has a store of its own."""
    expected = table()[operation][column]
    if operation in WRITES:
        with service_in(tmp_path) as service:
            subject = subject_of(service, SUBJECTS[column])
            answer = ask(service, operation, subject)
    else:
        subject = subject_of(shared, SUBJECTS[column])
        answer = ask(shared, operation, subject)

    assert said(answer, subject) == expected, answer.text
