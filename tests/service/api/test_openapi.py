"""The OpenAPI document: complete, truthful and stable enough to make clients from."""

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from service.api.http.codes import ProblemCode
from tests.service.api.conftest import Client, valid

OPERATIONS = {
    "livez",
    "readyz",
    "get_metrics",
    "lookup_identifier",
    "lookup_identifiers",
    "list_devices",
    "get_device",
    "get_device_graph",
    "get_device_history",
    "get_changes",
    "get_reviews",
    "get_review",
    "list_decisions",
    "get_decision",
    "make_decision",
    "preview_decision",
    "revoke_decision",
    "explain_pair",
    "list_reports",
    "get_report",
    "get_report_as_csv",
    "get_report_as_xlsx",
    "compare_counts",
    "push_records",
    "get_record",
    "replace_feed",
    "delete_record",
    "begin_syncs",
    "get_sync",
    "list_syncs",
    "list_providers",
    "list_customers",
    "list_quarantine",
}


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    """Return the document as it is served."""
    served: dict[str, Any] = client.get("/openapi.json").json()
    return served


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_every_problem_names_the_codes_that_the_call_may_answer_with(document: dict[str, Any]) -> None:
    """For a program and for a person; each code is one of that status. The tests hold every answer against them."""
    for path, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                codes = [ProblemCode[code.upper().replace("-", "_")] for code in answer["x-problem-codes"]]
                assert codes, (path, status)
                assert {code.status for code in codes} == {int(status)}
                assert all(f"`{code}`" in answer["description"] for code in codes)


def test_operations_keep_their_names(document: dict[str, Any]) -> None:
    """Generated clients call operations by id: a changed id breaks them."""
    assert document["openapi"].startswith("3.1")
    assert {operation["operationId"] for _, _, operation in operations(document)} == OPERATIONS


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    """Each has a summary, a description, and words for each parameter."""
    for path, method, operation in operations(document):
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
        assert all(parameter.get("description") for parameter in operation.get("parameters", [])), (path, method)


def test_every_error_is_declared_as_a_problem(document: dict[str, Any]) -> None:
    """No operation documents an error of another shape, and those under /v1 all document the common ones."""
    for path, _, operation in operations(document):
        failures = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        for answer in failures.values():
            assert answer["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
        assert not path.startswith("/v1") or {"400", "401", "403", "500", "503"} <= set(failures)


def test_a_service_without_keys_says_that_none_is_needed(document: dict[str, Any]) -> None:
    """A client that was made from its document need not have one; the scope is told all the same."""
    for path, _, operation in operations(document):
        assert not operation["security"] or {} in operation["security"], path


def test_every_schema_is_one_and_refers_to_schemas_there_are(document: dict[str, Any]) -> None:
    """All schemas are JSON Schema 2020-12, without references into nothing, and the framework's own errors are gone."""
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        OAS31Validator.check_schema(schema)

    assert {ref.rpartition("/")[2] for ref in references(document)} <= set(schemas)
    assert not {"HTTPValidationError", "ValidationError"} & set(schemas)


def test_the_examples_are_true(document: dict[str, Any]) -> None:
    """What the document shows as an example fits the schema it stands in."""
    for schema in document["components"]["schemas"].values():
        if "example" in schema:
            valid(schema["example"], schema, document)
        for member in schema.get("properties", {}).values():
            for example in member.get("examples", []):
                valid(example, member, document)


def test_every_field_says_what_it_holds(document: dict[str, Any]) -> None:
    """Each schema and each member has words, and each member that holds one value has an example of it."""
    wrong = []
    for name, schema in document["components"]["schemas"].items():
        wrong += [name] * (not schema.get("description"))
        for field, member in schema.get("properties", {}).items():
            wrong += [f"{name}.{field}: description"] * (not member.get("description"))
            wrong += [f"{name}.{field}: example"] * (needs_example(member) and not member.get("examples"))

    assert wrong == []


SCALARS = {"string", "integer", "number"}


def needs_example(member: dict[str, Any]) -> bool:
    """Whether a member holds a text or a number; times are all written the same way."""
    choices = member.get("anyOf", [member])
    return any(each.get("type") in SCALARS and each.get("format") != "date-time" for each in choices)


CODES = {
    "CellType",
    "ChangeKind",
    "ClaimOutcome",
    "ConflictAction",
    "CountOutcome",
    "CoverageGap",
    "CoverageSide",
    "CustomerChange",
    "DuplicateAction",
    "DuplicateScope",
    "EvidenceKind",
    "FeedRole",
    "FeedState",
    "Format",
    "Ground",
    "Kind",
    "LookupKind",
    "NodeKind",
    "PartingReason",
    "ProblemCode",
    "ProviderRole",
    "PushStatus",
    "Rejection",
    "ReportFilter",
    "ReviewReason",
    "SuppressedWhat",
    "SyncMode",
    "SyncStatus",
    "Verdict",
}


def test_every_code_is_an_enumeration(document: dict[str, Any]) -> None:
    """A program compares codes, and is told which there are."""
    enumerations = {name for name, schema in document["components"]["schemas"].items() if "enum" in schema}

    assert enumerations == CODES


def references(node: object) -> Iterator[str]:
    """Yield every `$ref` below a node."""
    if isinstance(node, dict):
        yield from ([node["$ref"]] if isinstance(node.get("$ref"), str) else [])
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)
