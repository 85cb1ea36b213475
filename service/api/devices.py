"""The devices: all of them page by page, one with its provenance, the graph that holds it together, its history."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from service.access.scopes import Scope
from service.api.http.answering import Expand, Fields, answered, read, tagged
from service.api.http.codes import ProblemCode
from service.api.http.context import ContextDep, needs
from service.api.http.filters import FiltersDep
from service.api.http.paging import LISTED, PAGED, PagingDep
from service.api.http.problems import RetiredDevice, responses
from service.api.schemas.devices import DeviceAnswer, DeviceGraph, DevicePage
from service.api.schemas.lookup import MOST_CHARACTERS
from service.devices import visible_answers as answers
from service.devices.explaining import graph
from service.devices.projection import Projection
from service.devices.searching import IdentifierQuery, LookupKind
from service.stewardship.feed import History, history

router = APIRouter(prefix="/devices", tags=["devices"])

BOUND_TOO = needs(Scope.READ, answers_bound_keys=True)
DeviceId = Annotated[str, Path(description="A device's id.", max_length=100)]
MOVED: dict[int | str, dict[str, Any]] = {
    307: {
        "description": "The id is retired",
        "model": RetiredDevice,
        "headers": {"Location": {"description": "The same call for its successor", "schema": {"type": "string"}}},
    }
}
TAGGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"description": "Changes with the answer", "schema": {"type": "string"}}}},
    304: {"description": "It is as the `If-None-Match` of the request has it"},
}
"""The declaration of an answer that need not be sent again."""


@router.get(
    "",
    summary="List devices",
    response_model=DevicePage,
    responses={**responses(422, *LISTED, ProblemCode.UNUSABLE_VALUE), **PAGED},
    dependencies=[BOUND_TOO],
)
def list_devices(  # noqa: PLR0913 - a parameter a part of the question
    *,
    context: ContextDep,
    paging: PagingDep,
    filters: FiltersDep,
    identifier: Annotated[
        str | None,
        Query(max_length=MOST_CHARACTERS, description="Only devices that hold this identifier, in any notation."),
    ] = None,
    kind: Annotated[LookupKind | None, Query(description="What the identifier is; left out, it is detected.")] = None,
    expand: Expand = None,
    fields: Fields = None,
) -> Response:
    """
    Return a page of devices, always in the same order; the header `Link` leads to the next one.

    The order is that of ids: a device that is there from the first page to the last comes once, whatever else is
    written meanwhile. One that comes meanwhile, or begins to meet a filter, may be missing: `as_of` is the `cursor`
    with which the change feed tells what happened since the page was read.

    `total` counts at most 10,000 devices, and `total_is_exact` says whether there are more.
    """
    held = IdentifierQuery(identifier, kind) if identifier is not None else None
    found = answers.page(context.world, filters, paging.asked, Projection.parse(expand, fields), held)
    return paging.leading(found["next_cursor"], answered(found))


@router.get(
    "/{device_id}",
    summary="Get a device",
    response_model=DeviceAnswer,
    responses={**responses(404, 422), **MOVED, **TAGGED},
    dependencies=[BOUND_TOO],
)
async def get_device(
    request: Request, device_id: DeviceId, context: ContextDep, expand: Expand = None, fields: Fields = None
) -> Response:
    """
    Return the golden record: one value a field, who lists the device, and how much is known of it.

    `expand` adds where each value came from, the records behind it, what is left for a person about the device, and
    what people decided about its records.
    """
    found = await read(context, answers.device, device_id, Projection.parse(expand, fields))
    return tagged(request, answered(found))


@router.get(
    "/{device_id}/graph",
    summary="Get a device's identity graph",
    responses={**responses(404, 422, ProblemCode.BAD_DECISION), **MOVED},
    dependencies=[BOUND_TOO],
    response_model_exclude_unset=True,
)
def get_device_graph(device_id: DeviceId, context: ContextDep) -> DeviceGraph:
    """Return records and identifiers as nodes, and who carries what as edges."""
    return DeviceGraph.model_validate(graph(context.world, device_id))


@router.get(
    "/{device_id}/history",
    summary="Get a device's history",
    responses=responses(404, 422),
    dependencies=[BOUND_TOO],
)
def get_device_history(device_id: DeviceId, context: ContextDep) -> History:
    """
    Return what happened to a device, the oldest first, as sentences and as data.

    A retired id has a history too; it goes on with what happened to its successor from then on. For a key that is bound
    to customers it is the history of the device as the key sees it, from when its change feed began.
    """
    return history(context.world, device_id)
