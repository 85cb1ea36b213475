"""
Generated requests: schemathesis asks each operation of the document what the document allows, and what it forbids.

Every check that schemathesis has is made: no 5xx, only documented statuses, headers and bodies, and each answer as its
schema has it; what the document allows is accepted, what it forbids is refused. The exceptions are named below.
"""

import re
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.service.api.conftest import Client, the_document

EXAMPLES = 10
"""Requests an operation, each way, on each store; the same at every run."""

OPERATIONS = [
    f"{method.upper()} {path}" for path, operations in the_document()["paths"].items() for method in operations
]

WITHOUT_INPUT = {"GET /v1/reports", "GET /livez", "GET /readyz", "GET /metrics"}
"""Operations that take nothing, of which no forbidden request can be made."""

ANY_TEXT = {f"{method} /v1/records/{{provider}}/{{record_id}}" for method in ("GET", "DELETE")}
"""Operations whose parameters may be any text, so that no forbidden request can be made either."""

REFUSED_ALL_THE_SAME = {
    "unknown-cursor": "only the service makes cursors, and they hold places in its lists",
    "unknown-value": "what is known of a filter's values is in the store, and not in the document",
    "cursor-gone": "which changes are forgotten is not in the document",
    "holds a name that is not known": "a pattern of all names would change with each further one, and clients break",
    "no provider is configured": "which providers are configured is not in the document",
    "is no provider; the known ones": "which providers are configured is not in the document",
    "that Idempotency-Key came with another request": "generated requests repeat keys, which is what it guards against",
    "both are the same one": "JSON Schema cannot say that two members differ",
    "a record's key holds no control character": "a pattern cannot say which letters are printable",
    "rows of the feed cannot be stored": "JSON Schema cannot say that the ids of a list differ",
    "the list of billed quantities": "JSON Schema says nothing of the columns of a CSV file",
}
"""Words of a refusal of what the document allows -> why the document cannot say it."""

ANSWERED_ITEM_BY_ITEM = {"POST /v1/lookup", "POST /v1/records"}
"""Operations that answer 200 where items of a list are wrong, and say so of each item."""


@schemathesis.check
def code_is_declared(_: CheckContext, answer: Response, case: Case[Any]) -> None:
    """A problem has a code that the operation declares for the status: a further check of every answer."""
    if answer.status_code >= 400:
        declared = case.operation.definition.raw["responses"][str(answer.status_code)]
        assert answer.json()["code"] in declared["x-problem-codes"]


@pytest.fixture(scope="module")
def schema(client: Client) -> BaseSchema:
    """The document as schemathesis reads it from the service."""
    return schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")


def generated(schema: BaseSchema, label: str, mode: GenerationMode) -> Any:
    """Return what makes requests for an operation."""
    method, path = label.split()
    return schema[path][method].as_strategy(generation_mode=mode)


def ask(strategy: Any, *without: Any) -> None:
    """Make the requests, and check each answer in all ways but those that are left out."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(case=strategy)
    def run(case: Case[Any]) -> None:
        answer = case.call()
        excepted = answer.status_code in {400, 422} and any(words in answer.text for words in REFUSED_ALL_THE_SAME)
        case.validate_response(answer, excluded_checks=[*without, *[positive_data_acceptance] * excepted])

    run()


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_the_document_allows_is_accepted(schema: BaseSchema, label: str) -> None:
    """And the answers are what the document says."""
    ask(generated(schema, label, GenerationMode.POSITIVE))


@pytest.mark.parametrize("label", [each for each in OPERATIONS if each not in WITHOUT_INPUT | ANY_TEXT])
def test_what_the_document_forbids_is_refused(schema: BaseSchema, label: str) -> None:
    """And the refusals are what the document says."""
    without = [negative_data_rejection] if label in ANSWERED_ITEM_BY_ITEM else []
    ask(generated(schema, label, GenerationMode.NEGATIVE), *without)


HOSTILE = [
    "\0",
    "../../etc/passwd",
    "' OR '1'='1' --",
    "%",
    "\u202e\u2066",
    "\r\nSet-Cookie: a=b",
    "<script>alert(1)</script>",
    "x" * 1000,
    "cw_manage:\0",
]
"""Texts with which others break services."""


@pytest.mark.parametrize("label", [each for each in OPERATIONS if each not in WITHOUT_INPUT])
def test_a_hostile_text_is_data_or_is_refused(client: Client, label: str) -> None:
    """In every parameter of a path and of a query, alone and in all at once; the client checks each answer."""
    method, path = label.split()
    parameters = client.document["paths"][path][method.lower()].get("parameters", [])
    names = [each["name"] for each in parameters if each["in"] == "query"]
    for text in HOSTILE:
        address = re.sub(r"{\w+}", quote(text.replace("/", "\\"), safe=""), path)  # a slash makes another path
        for query in ({}, *({name: text} for name in names), dict.fromkeys(names, text)):
            answer = client.request(method, address, params=query, json={} if method in {"POST", "PUT"} else None)

            assert answer.status_code < 500
            assert "set-cookie" not in answer.headers


def test_a_check_that_fails_is_told(schema: BaseSchema) -> None:
    """The checks do run: what the document forbids, and is answered item by item, fails where it is not excepted."""
    with pytest.raises(FailureGroup, match="Schema-violating request accepted"):
        ask(generated(schema, "POST /v1/lookup", GenerationMode.NEGATIVE))
