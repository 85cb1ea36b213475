"""Each answer in JSON has an example, and the example is true."""

from collections.abc import Iterator
from typing import Any

import pytest

from service.api.http.examples import example_of
from tests.service.api.conftest import the_document, valid


def answers() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the operation and the content of each answer in JSON."""
    for item in the_document()["paths"].values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                if content := answer.get("content", {}).get("application/json"):
                    yield f"{operation['operationId']} {status}", content


@pytest.mark.parametrize(
    ("name", "content"), list(answers()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_example_of_an_answer_fits_its_schema(name: str, content: dict[str, Any]) -> None:
    """What a reader copies is an answer that may come."""
    assert content["example"], name
    valid(content["example"], content["schema"], the_document())


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "string", "examples": ["a", "b"]}, "a"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 1),
        ({"enum": ["full", "incremental"]}, "full"),
        ({"const": "x"}, "x"),
        ({"type": "array", "items": {"type": "boolean"}}, [True]),
        ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]}, ["text", 1]),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {"company": "text"}),
        ({"type": "string", "format": "date-time"}, "2026-11-20T08:00:00Z"),
        ({}, None),
    ],
)
def test_an_example_follows_the_schema(schema: dict[str, Any], example: object) -> None:
    """Each form of schema that the document has gives a value of that form."""
    assert example_of(schema, {}) == example
