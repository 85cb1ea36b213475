"""JSON Schemas in words."""

from typing import Any

import pytest

from service.cli.reference.schemas import in_words, schema_parts


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/Side"}, "[Side](#side)"),
        ({"type": "array", "items": {"type": "boolean"}, "maxItems": 3}, "list of at most 3: true or false"),
        ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}]}, "list of 2: text, null"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "object of number"),
        ({"type": "object", "additionalProperties": True}, "object"),
        ({"type": "string", "format": "date-time"}, "time (RFC 3339)"),
        ({"enum": ["json", "csv"], "type": "string"}, "`json`, `csv`"),
        ({"const": "about:blank"}, "`about:blank`"),
        ({}, "any value"),
    ],
)
def test_a_schema_is_put_in_words(schema: dict[str, object], words: str) -> None:
    """Whatever the document says of a value, a reader gets it in a few words."""
    assert in_words(schema) == words


def test_a_shape_is_described_field_by_field() -> None:
    """Shapes stand in the order of their names; a field that may be absent says so, and an enumeration its values."""
    schemas: dict[str, dict[str, Any]] = {
        "Zone": {"enum": ["a", "b"], "type": "string"},
        "Device": {
            "description": "A device.",
            "required": ["id"],
            "properties": {"id": {"type": "string", "description": "Its id."}, "zone": {"$ref": "#/x/Zone"}},
        },
    }

    assert [part for part in schema_parts(schemas) if part] == [
        "### Device",
        "A device.",
        "| field | value | meaning |\n| --- | --- | --- |\n"
        "| `id` | text | Its id. |\n| `zone` | [Zone](#zone); may be absent |  |",
        "### Zone",
        "One of `a`, `b`.",
    ]
