"""Checks an answer against the API description, more strictly than it asks and less where it is known to be wrong."""

import copy
from functools import cache
from typing import Any
from urllib.parse import quote

from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from service.demo.connectwise.schema import document

_URI = "urn:connectwise"
MEDIA_TYPE = "application/vnd.connectwise.com+json; version=2025.16"


@cache
def _registry(*, whole: bool) -> Registry[Any]:
    described = copy.deepcopy(document())
    schemas = described["components"]["schemas"]
    # The description calls these two objects; real answers are scalars.
    schemas["ConfigurationQuestion"]["properties"]["answer"] = {}
    schemas["CustomFieldValue"]["properties"]["value"] = {}
    # The vendor's guide shows null here.
    schemas["ErrorResponseMessage"]["properties"]["errors"]["nullable"] = True
    for schema in schemas.values():
        schema["additionalProperties"] = False
        if not whole:
            schema.pop("required", None)
    resources: list[tuple[str, Resource[Any]]] = [(_URI, DRAFT4.create_resource(described))]
    registry: Registry[Any] = Registry().with_resources(resources)
    return registry


def violations(path: str, status: int, content: object, *, whole: bool = True) -> list[str]:
    """
    Return what is wrong with a JSON answer to GET on this path of the description; nothing if it keeps the contract.

    `whole`: required fields must be there; they need not when `fields` was sent. A field that the description does not
    know is always wrong.
    """
    steps = ("paths", path, "get", "responses", str(status), "content", MEDIA_TYPE, "schema")
    schema = {"$ref": f"{_URI}#/" + "/".join(quote(step.replace("/", "~1")) for step in steps)}
    validator = OAS30ReadValidator(schema, registry=_registry(whole=whole), format_checker=oas30_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]
