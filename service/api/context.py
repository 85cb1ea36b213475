"""The context of every endpoint: its dependencies (`store.world`), the background syncs, and the caller."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from starlette.exceptions import HTTPException

from service.core.errors import BadRequest
from service.core.settings import SyncSettings
from service.store.world import World
from service.syncs.background import Background


@dataclass(frozen=True)
class Context:
    """What use cases take, the syncs that run beside the service, and what the settings say about syncs."""

    world: World
    syncs: Background
    sync_rules: SyncSettings
    max_change: float


def context_of(request: Request) -> Context:
    """Return what `create_app` was given."""
    return cast(Context, request.app.state.context)


ContextDep = Annotated[Context, Depends(context_of)]


def caller_of(request: Request) -> str | None:
    """Return the name of the key that the caller showed; None where no key is asked for."""
    return getattr(request.state, "caller", None)


CallerDep = Annotated[str | None, Depends(caller_of)]


def known_query(request: Request) -> None:
    """
    Refuse a query parameter that the operation does not have, or that comes twice.

    A misspelt filter that is silently ignored answers with the whole fleet.

    Raises:
        BadRequest: Names the parameters that there are.
    """
    known = list(_parameters(request.scope["route"].dependant))
    names = [name for name, _ in request.query_params.multi_items()]
    if set(names) <= set(known) and len(names) == len(set(names)):
        return
    hint = f"the parameters here are: {', '.join(known)}" if known else "there are no parameters here"
    raise BadRequest(f"a query parameter is unknown or comes twice; {hint}")


def _parameters(dependant: Dependant) -> Iterator[str]:
    """Yield the names of the query parameters of an operation and of all that it depends on."""
    yield from (parameter.alias for parameter in dependant.query_params)
    for each in dependant.dependencies:
        yield from _parameters(each)


def json_only(request: Request) -> None:
    """
    Refuse a body that does not say it is JSON, as curl's default does not.

    Raises:
        HTTPException: 415.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "send the body as JSON, with the header Content-Type: application/json")
