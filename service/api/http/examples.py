"""Examples of answers for the OpenAPI document, put together from the examples of their members."""

from collections.abc import Mapping
from typing import Any

MOMENT = "2026-11-20T08:00:00Z"

PLAIN = {"string": "text", "boolean": True, "integer": 1, "number": 1}
"""Type -> a value of it, where nothing gives an example."""


def add_examples(document: Mapping[str, Any]) -> None:
    """Add to each answer of an OpenAPI document that has a body in JSON an example of it."""
    for item in document["paths"].values():
        for operation in item.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json")
                if status < "400" and content and "example" not in content:
                    content["example"] = example_of(content["schema"], document)


def example_of(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """
    Return a value that a schema of a document allows, made of its examples; members that may be absent are left out
    where they have none.

    >>> example_of({"type": "object", "properties": {"id": {"type": "string", "examples": ["4711"]}}}, {})
    {'id': '4711'}
    """
    if "examples" in schema:
        return schema["examples"][0]
    if "example" in schema:
        return schema["example"]
    if "$ref" in schema:
        return example_of(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], document)
    if "enum" in schema or "const" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    return _typed(schema, document)


def _typed(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "object" if isinstance(inner := schema.get("additionalProperties"), Mapping):
            return {"company": example_of(inner, document)}
        case "object":
            return {name: example_of(each, document) for name, each in schema.get("properties", {}).items()}
        case "array":
            return [example_of(each, document) for each in schema.get("prefixItems") or [schema["items"]]]
        case "string" if schema.get("format") == "date-time":
            return MOMENT
        case plain:
            return PLAIN.get(plain or "")
