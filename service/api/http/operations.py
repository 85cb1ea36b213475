"""What the OpenAPI document says of each operation besides what the framework knows of it: who may call it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from service.api.http.context import answers_bound_keys

BOUND_KEYS = "x-answers-bound-keys"
"""The member of an operation that says whether a key that is bound to customers is answered."""


def add_bound_keys(document: Mapping[str, Any], routes: Sequence[BaseRoute]) -> None:
    """Say of each operation that needs a key whether keys that are bound to customers are answered."""
    for route, operation in _operations(document, routes):
        answers = answers_bound_keys(route.dependant)
        if answers is not None:
            operation[BOUND_KEYS] = answers


def _operations(
    document: Mapping[str, Any], routes: Sequence[BaseRoute]
) -> Iterator[tuple[RouteContext, dict[str, Any]]]:
    for route in iter_route_contexts(routes):
        item = document["paths"].get(route.path_format, {})
        for method in route.methods or ():
            if method.lower() in item:
                yield route, item[method.lower()]
