"""The page of the REST calls, read from the OpenAPI document that the service itself answers with."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from matching.policy import Policy
from service.api.http.problems import MEDIA_TYPE
from service.app import create_app
from service.cli.reference.markdown import code, page, table
from service.cli.reference.schemas import in_words, schema_parts
from service.core.settings import Settings
from service.store.engine import open_store
from service.store.world import World

INTRODUCTION = """
The service answers with its OpenAPI document at `/openapi.json`; this page shows the same. Every call but those marked
*open* needs a key once there is one: `Authorization: Bearer KEY`. `samebox keys create` makes a key. *Scope* is what
the key must have; `admin` has all scopes, and `steward` has `read`.
"""

PROBLEMS = f"""
An error is a [Problem](#problem), with the media type `{MEDIA_TYPE}`.
"""

Operation = Mapping[str, Any]


def calls_page() -> str:
    """Return the page."""
    document = the_document()
    calls = [
        (f"{method.upper()} {path}", operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    parts = [document["info"]["description"].strip(), INTRODUCTION.strip(), PROBLEMS.strip()]
    parts.append(table(("call", "does"), [(f"[{name}](#{_anchor(name)})", call["summary"]) for name, call in calls]))
    for tag, tagged in groupby(sorted(calls, key=_tag), _tag):
        parts.append(f"## Calls: {tag}")
        for name, operation in tagged:
            parts += _call(name, operation)
    parts.append("## Shapes")
    parts += schema_parts(document["components"]["schemas"])
    return page("REST calls", *parts)


def document_page() -> str:
    """Return the OpenAPI document itself, as text in which changes show line by line."""
    return json.dumps(the_document(), indent=1, ensure_ascii=False) + "\n"


def the_document() -> dict[str, Any]:
    """Return the OpenAPI document of a service that asks for keys; its store is never opened."""
    store = open_store("sqlite:///never-opened.db")
    made = create_app(World(store, Policy(), lambda: datetime.now(UTC), str), Settings(), keys_required=True)
    try:
        return made.openapi()
    finally:
        store.engine.dispose()


def _tag(call: tuple[str, Operation]) -> str:
    return str(call[1]["tags"][0])


def _anchor(heading: str) -> str:
    """The address of a heading within a page, as GitHub makes it."""
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")


def _call(name: str, operation: Operation) -> Iterator[str]:
    yield f"### {name}"
    yield f"**{operation['summary']}.** {_access(operation)} {operation['description']}"
    yield table(("parameter", "in", "value", "meaning"), map(_parameter, operation.get("parameters", ())))
    if body := operation.get("requestBody"):
        yield f"Body: {_content(body['content'])}."
    answers = operation["responses"]
    yield table(
        ("answer", "meaning", "body"),
        [
            _answer(status, answers[status])
            for status in sorted(answers)
            if MEDIA_TYPE not in answers[status].get("content", ())
        ],
    )
    problems = [
        f"{status} {answers[status]['description']}"
        for status in sorted(answers)
        if MEDIA_TYPE in answers[status].get("content", ())
    ]
    if problems:
        yield f"Errors: {', '.join(problems)}."


def _access(operation: Operation) -> str:
    """The scope that a caller needs, if any."""
    scopes = [scope for requirement in operation["security"] for scope in requirement["key"]]
    return f"*Scope: {', '.join(map(code, scopes))}.*" if scopes else "*Open.*"


def _parameter(parameter: Mapping[str, Any]) -> tuple[str, str, str, str]:
    schema = parameter["schema"]
    value = in_words(schema)
    if parameter["required"]:
        value += "; required"
    elif "default" in schema:
        value += f"; default {code(json.dumps(schema['default']))}"
    else:
        value = value.removesuffix(", or null")  # to leave it out is all that null can mean in an address
    return code(parameter["name"]), parameter["in"], value, parameter.get("description", "")


def _answer(status: str, answer: Mapping[str, Any]) -> tuple[str, str, str]:
    headers = [f"{code(name)}: {header['description']}" for name, header in answer.get("headers", {}).items()]
    meaning = answer["description"].replace("Successful Response", "Done")
    return status, "; ".join((meaning, *headers)), _content(answer.get("content", {}))


def _content(content: Mapping[str, Any]) -> str:
    """What a body holds, by media type; JSON goes without saying."""
    return "; or ".join(
        in_words(each["schema"]) + ("" if media == "application/json" else f" ({code(media)})")
        for media, each in content.items()
    )
