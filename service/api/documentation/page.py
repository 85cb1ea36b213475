"""
`GET /docs`: the OpenAPI document as one HTML page.

The page needs nothing from elsewhere and no script, so it works without the internet, and saved to a file.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from service.api.http.codes import ProblemCode
from service.api.http.operations import BOUND_KEYS

HERE = Path(__file__).parent
STYLE = (HERE / "page.css").read_text("utf-8")

POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""The page's Content-Security-Policy: its own style, and nothing else."""

router = APIRouter(include_in_schema=False)


class OperationView(NamedTuple):
    """
    One operation of the document.

    `access` says who may call it, `curl` is a command that makes the call, `answer` an example in JSON, if any.
    """

    method: str
    path: str
    operation: Mapping[str, Any]
    access: str
    curl: str
    answer: Any


@router.get("/docs")
def get_documentation(request: Request) -> Response:
    """Return the page."""
    return HTMLResponse(documentation(json.dumps(request.app.openapi())), headers={"Content-Security-Policy": POLICY})


@cache
def documentation(document: str) -> str:
    """Return the page of an OpenAPI document in JSON."""
    read = json.loads(document)
    groups = [(tag, list(calls)) for tag, calls in groupby(sorted(_calls(read), key=_tag), _tag)]
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("page.html").render(document=read, groups=groups, codes=ProblemCode, style=STYLE)


def _calls(document: Mapping[str, Any]) -> Iterator[OperationView]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            command = _curl(method.upper(), path, operation, document)
            yield OperationView(method.upper(), path, operation, _access(operation), command, _answer(operation))


def _access(operation: Mapping[str, Any]) -> str:
    scopes = [scope for requirement in operation.get("security", ()) for scope in requirement.get("key", ())]
    if not scopes:
        return "Needs no key."
    bound = "is answered with what it may see" if operation.get(BOUND_KEYS) else "is refused"
    return f"Needs a key with the scope {scopes[0]}; one that is bound to customers {bound}."


def _answer(operation: Mapping[str, Any]) -> Any:
    """Return the example of the first answer in JSON that is no problem; None where there is none."""
    contents = (answer.get("content", {}).get("application/json", {}) for answer in operation["responses"].values())
    return next((content["example"] for content in contents if "example" in content), None)


def _tag(call: OperationView) -> str:
    return str(call.operation["tags"][0])


def _curl(method: str, path: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Return a command that makes the call, with the required parameters and the example of the body."""
    query = "&".join(
        f"{each['name']}={each['name'].upper()}"
        for each in operation.get("parameters", ())
        if each["in"] == "query" and each["required"]
    )
    lines = [f"curl -X {method}" if method != "GET" else "curl"]
    if operation.get("security") != []:
        lines.append('-H "Authorization: Bearer $KEY"')
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d '{json.dumps(_example(content['application/json'], document))}'")
    path = re.sub(r"\{(\w+)\}", lambda found: found[1].upper(), path)
    lines.append(f'"$SAMEBOX{path}{"?" * bool(query)}{query}"')
    return " \\\n  ".join(lines)


def _example(content: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return the first example of a body: its own, or its schema's; an empty object where there is none."""
    schema = content.get("schema", {})
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "array":
        return [_example({"schema": schema["items"]}, document)]
    shown = [each["example"] for each in (content, schema) if "example" in each]
    return [*shown, *schema.get("examples", ()), {}][0]
