"""What the OpenAPI document says of operations besides what the framework knows: whether they answer bound keys."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from service.api.http.codes import ProblemCode
from service.api.http.context import answers_bound_keys
from service.api.http.problems import PROBLEM_CODES, with_codes

BOUND_KEYS = "x-answers-bound-keys"
"""The member of an operation that says whether a key that is bound to customers is answered."""


def add_bound_keys(document: Mapping[str, Any], routes: Sequence[BaseRoute]) -> None:
    """Say of each operation that needs a key whether it answers bound ones, and with which code it refuses them."""
    for route, operation in _operations(document, routes):
        answers = answers_bound_keys(route.dependant)
        if answers is not None:
            operation[BOUND_KEYS] = answers
        if answers is False:
            refused = operation["responses"]["403"]
            codes = dict.fromkeys([*refused[PROBLEM_CODES], ProblemCode.NEEDS_UNBOUND_KEY.value])
            refused.update(with_codes(403, list(codes)))


def _operations(
    document: Mapping[str, Any], routes: Sequence[BaseRoute]
) -> Iterator[tuple[RouteContext, dict[str, Any]]]:
    for route in iter_route_contexts(routes):
        item = document["paths"].get(route.path_format, {})
        for method in route.methods or ():
            if method.lower() in item:
                yield route, item[method.lower()]
