"""Only additions to the OpenAPI document pass: clients that were made from the frozen one go on working."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from service.cli.reference.calls import the_document
from tests.service.api.frozen.breaks import Comparison

FROZEN = Path(__file__).parent / "frozen" / "v1.json"
"""The document that clients were made from. `python -m tests.service.api.frozen` writes it, when a version begins."""

Document = dict[str, Any]


def breaks(old: Document, new: Document) -> list[str]:
    """Return what breaks."""
    return list(Comparison(old, new).breaks())


def test_the_document_only_grows() -> None:
    """Whatever the frozen document promises, this program keeps."""
    assert breaks(json.loads(FROZEN.read_text("utf-8")), the_document()) == []


SMALL: Document = {
    "paths": {
        "/v1/things": {
            "post": {
                "operationId": "make_thing",
                "security": [{"key": ["read"]}],
                "parameters": [
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1, "maximum": 10}},
                    {"in": "query", "name": "kind", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                "responses": {
                    "200": {
                        "headers": {"ETag": {}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "maxLength": 9},
                    "state": {"type": "string", "enum": ["new", "old"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                    "note": {"type": "string"},
                },
                "required": ["id"],
            }
        }
    },
}
"""A document with one of everything; a thing is sent, and answered."""


def changed(change: Callable[[Document, Document], object]) -> Document:
    """Return the small document with its operation and its thing changed."""
    document = deepcopy(SMALL)
    change(document["paths"]["/v1/things"]["post"], document["components"]["schemas"]["Thing"])
    return document


BREAKS: dict[str, Callable[[Document, Document], object]] = {
    "operationId is another": lambda call, _: call.update(operationId="create_thing"),
    "security is another": lambda call, _: call.update(security=[{"key": ["admin"]}]),
    "the parameter limit is gone": lambda call, _: call["parameters"].pop(0),
    "the parameter kind is required": lambda call, _: call["parameters"][1].update(required=True),
    "the parameter more is required": lambda call, _: call["parameters"].append(
        {"in": "query", "name": "more", "required": True, "schema": {}}
    ),
    "kind: null is not taken any more": lambda call, _: call["parameters"][1]["schema"]["anyOf"].pop(),
    "limit: maximum is less": lambda call, _: call["parameters"][0]["schema"].update(maximum=9),
    "limit: minimum is more": lambda call, _: call["parameters"][0]["schema"].update(minimum=2),
    "limit: integer is not taken any more": lambda call, _: call["parameters"][0]["schema"].update(type="string"),
    "a body is required": lambda call, _: call["requestBody"].update(required=True),
    "body: application/json is gone": lambda call, _: call["requestBody"]["content"].clear(),
    "the answer 200 is gone": lambda call, _: call["responses"].clear(),
    "the header ETag is gone": lambda call, _: call["responses"]["200"].update(headers={}),
    "200: application/json is gone": lambda call, _: call["responses"]["200"].update(content={}),
    "Thing: the member note is gone": lambda _, thing: thing["properties"].pop("note"),
    "Thing: the member note is required": lambda _, thing: thing["required"].append("note"),
    "Thing: the member id is not always there": lambda _, thing: thing["required"].clear(),
    "Thing.state: the value old is gone": lambda _, thing: thing["properties"]["state"]["enum"].pop(),
    "Thing.note: only some values are taken": lambda _, thing: thing["properties"]["note"].update(enum=["x"]),
    "Thing.id: the pattern is another": lambda _, thing: thing["properties"]["id"].update(pattern="^a$"),
    "Thing.id: maxLength is less": lambda _, thing: thing["properties"]["id"].update(maxLength=8),
    "Thing.id: integer is a new form": lambda _, thing: thing["properties"]["id"].update(type="integer"),
    "Thing.parts[]: Thing is not taken any more": lambda _, thing: thing["properties"]["parts"].update(
        items={"type": "string"}
    ),
    "Thing: no further members are taken": lambda _, thing: thing.update(additionalProperties=False),
}


@pytest.mark.parametrize("said", BREAKS)
def test_a_break_is_found(said: str) -> None:
    """Each kind of break is told with its place."""
    assert [each for each in breaks(SMALL, changed(BREAKS[said])) if said in each]


def test_an_operation_that_is_gone_is_found() -> None:
    """With its method and path."""
    assert breaks(SMALL, {**SMALL, "paths": {}}) == ["POST /v1/things: the operation is gone"]


@pytest.mark.parametrize(
    "addition",
    [
        lambda call, _: call["parameters"].append({"in": "query", "name": "more", "schema": {}}),
        lambda call, _: call["parameters"][0]["schema"].update(maximum=100),
        lambda call, _: call["responses"].update({"404": {}}),
        lambda call, _: call["responses"]["200"]["headers"].update({"Link": {}}),
        lambda call, _: call["requestBody"]["content"].update({"application/x-ndjson": {"schema": {}}}),
        lambda _, thing: thing["properties"].update(more={"type": "string"}),
        lambda _, thing: thing["properties"]["state"]["enum"].append("older"),
    ],
)
def test_an_addition_is_none(addition: Callable[[Document, Document], object]) -> None:
    """Further parameters, answers, headers, bodies, members, codes and wider bounds break nobody."""
    assert breaks(SMALL, changed(addition)) == []
