"""Describe JSON Schemas in words: the shapes of requests and answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.cli.reference.markdown import code, table

JsonSchema = Mapping[str, Any]

PLAIN = {"integer": "whole number", "number": "number", "boolean": "true or false", "null": "null", "object": "object"}
"""Type of JSON Schema -> words."""


def schema_parts(schemas: Mapping[str, JsonSchema]) -> Iterator[str]:
    """Yield heading, meaning and fields of every shape, by name."""
    for name, schema in sorted(schemas.items()):
        yield f"### {name}"
        yield schema.get("description", "")
        required = schema.get("required", ())
        yield table(
            ("field", "value", "meaning"),
            [
                (
                    code(field),
                    in_words(inner) + ("" if field in required else "; may be absent"),
                    inner.get("description", ""),
                )
                for field, inner in schema.get("properties", {}).items()
            ],
        )
        if "enum" in schema:
            yield f"One of {in_words(schema)}."


def in_words(schema: JsonSchema) -> str:
    """
    Return what values a schema allows, in words.

    >>> in_words({"type": "integer", "minimum": 1, "maximum": 1000})
    'whole number from 1 to 1000'
    >>> in_words({"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]})
    'text of at most 9 characters, or null'
    """
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return ", or ".join(map(in_words, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return ", ".join(code(str(value)) for value in schema.get("enum", [schema.get("const")]))
    return _typed(schema)


def _typed(schema: JsonSchema) -> str:
    match schema.get("type"):
        case "string" if schema.get("format") == "date-time":
            return "time (RFC 3339)"
        case "string":
            return "text" + _length(schema)
        case "array" if parts := schema.get("prefixItems"):
            return f"list of {len(parts)}: {', '.join(map(in_words, parts))}"
        case "array":
            most = f" of at most {schema['maxItems']}" if "maxItems" in schema else ""
            return f"list{most}: {in_words(schema['items'])}"
        case "object" if isinstance(inner := schema.get("additionalProperties"), Mapping):
            return f"object of {in_words(inner)}"
        case plain:
            return PLAIN[plain] + _range(schema) if plain else "any value"


def _length(schema: JsonSchema) -> str:
    return f" of at most {schema['maxLength']} characters" if "maxLength" in schema else ""


def _range(schema: JsonSchema) -> str:
    return f" from {schema['minimum']} to {schema['maximum']}" if {"minimum", "maximum"} <= schema.keys() else ""
