"""The context of every endpoint: its dependencies (`store.world`), what runs beside the service, and the caller."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.params import Security as SecurityParameter
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from starlette.exceptions import HTTPException

from service.access.callers import Caller
from service.access.scopes import Scope
from service.core.errors import UnknownParameter
from service.core.settings import Settings, SyncSettings
from service.reports.rules import ReportRules
from service.stewardship.recalibrating import BackgroundRecalibrations
from service.store.world import World
from service.syncs.background import Background


@dataclass(frozen=True)
class Context:
    """What use cases take, what runs beside the service, the settings, and what follows from these."""

    world: World
    syncs: Background
    recalibrations: BackgroundRecalibrations
    sync_rules: SyncSettings
    max_change: float
    report_rules: ReportRules
    settings: Settings


async def caller_of(request: Request) -> Caller:
    """Return who asks, as `api.access` has found out."""
    return cast(Caller, request.state.caller)


CallerDep = Annotated[Caller, Depends(caller_of)]


async def context_of(request: Request) -> Context:
    """Return what `create_app` was given; its world names the caller in changes, and shows what they may see."""
    context, caller = cast(Context, request.app.state.context), await caller_of(request)
    return replace(context, world=context.world.acting(caller.actor, caller.visibility))


ContextDep = Annotated[Context, Depends(context_of)]


class _KeyWithScopes(SecurityBase):
    """Declares the header in the OpenAPI document, which `api.access` has read before, and asks what the key may do."""

    def __init__(self, *, answers_bound_keys: bool) -> None:
        self.model = HTTPBearer(description="A key made by `samebox keys create`.")
        self.scheme_name = "key"
        self.answers_bound_keys = answers_bound_keys

    async def __call__(self, request: Request, wanted: SecurityScopes) -> None:
        """Let the caller pass who may do all of this. Raises: InsufficientScope; what `Caller.require_unbound` does."""
        caller = await caller_of(request)
        caller.require(wanted.scopes)
        if not self.answers_bound_keys:
            caller.require_unbound()


_any_key, _unbound_key = _KeyWithScopes(answers_bound_keys=True), _KeyWithScopes(answers_bound_keys=False)


def needs(scope: Scope, *, answers_bound_keys: bool = False) -> SecurityParameter:
    """
    Return the dependency of an operation by which it refuses callers whose key lacks a scope.

    The OpenAPI document shows the scope among the operation's security requirements.

    Args:
        answers_bound_keys: Whether a key that is bound to customers is answered. Only an operation that shows and
            changes nothing beyond `World.visibility` may say so; all others refuse such a key.
    """
    key = _any_key if answers_bound_keys else _unbound_key
    return cast(SecurityParameter, Security(key, scopes=[scope.value]))


def answers_bound_keys(dependant: Dependant) -> bool | None:
    """Return whether an operation answers keys that are bound to customers; None: it needs no key."""
    keys = (each.call for each in dependant.dependencies if isinstance(each.call, _KeyWithScopes))
    return next((key.answers_bound_keys for key in keys), None)


class ScopeFirst(APIRoute):
    """
    The route of an operation whose body is a model: it checks `needs` before the body is read.

    The framework reads and parses such a body before it calls any dependency.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()
        checks = [
            (each.call, SecurityScopes(each.own_oauth_scopes))
            for each in self.dependant.dependencies
            if isinstance(each.call, _KeyWithScopes)
        ]

        async def checked(request: Request) -> Response:
            for check, scopes in checks:
                await check(request, scopes)
            return await answer(request)

        return checked


def known_query(request: Request) -> None:
    """
    Refuse a query parameter that the operation does not have, or that comes twice.

    A misspelt filter that is silently ignored answers with the whole fleet.

    Raises:
        UnknownParameter: Names the parameters that there are.
    """
    if not request.scope["query_string"]:
        return
    known = list(_parameters(request.scope["route"].dependant))
    names = [name for name, _ in request.query_params.multi_items()]
    if set(names) <= set(known) and len(names) == len(set(names)):
        return
    hint = f"the parameters here are: {', '.join(known)}" if known else "there are no parameters here"
    raise UnknownParameter(f"a query parameter is unknown or comes twice; {hint}", parameters=known)


def _parameters(dependant: Dependant) -> Iterator[str]:
    """Yield the names of the query parameters of an operation and of all that it depends on."""
    yield from (parameter.alias for parameter in dependant.query_params)
    for each in dependant.dependencies:
        yield from _parameters(each)


async def json_only(request: Request) -> None:
    """
    Refuse a body that does not say it is JSON, as curl's default does not.

    Raises:
        HTTPException: 415.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send the body as JSON, with the header Content-Type: application/json")
