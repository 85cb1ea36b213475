"""The devices: all of them page by page, one with its provenance, the graph that holds it together, its history."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from service.access.scopes import Scope
from service.api.context import ContextDep, needs
from service.api.paging import PAGED, Filter, PagingDep
from service.api.problems import responses
from service.api.schemas.devices import DeviceGraph, DeviceInFull
from service.core.paging import Page
from service.devices.explaining import graph
from service.devices.inspecting import inspect
from service.devices.lookup import DeviceView, devices
from service.stewardship.feed import History, history

router = APIRouter(prefix="/devices", tags=["devices"], dependencies=[needs(Scope.READ)])

DeviceId = Annotated[str, Path(description="A device's id.", max_length=100)]
MOVED: dict[int | str, dict[str, Any]] = {
    307: {
        "description": "The id is retired",
        "headers": {"Location": {"description": "The same call for its successor", "schema": {"type": "string"}}},
    }
}


@router.get(
    "",
    summary="List devices",
    responses={**responses(422), **PAGED},
)
def list_devices(  # noqa: PLR0913 - a parameter a filter
    *,
    context: ContextDep,
    paging: PagingDep,
    company: Annotated[Filter, Query(description="Only devices of this company, by name.")] = None,
    type: Annotated[Filter, Query(description="Only devices of this type.", examples=["Server"])] = None,
    provider: Annotated[Filter, Query(description="Only devices that this provider lists.")] = None,
    q: Annotated[Filter, Query(description="Only devices in which this text occurs.")] = None,
) -> Page[DeviceView]:
    """Return a page of devices, always in the same order; the header `Link` leads to the next one."""
    found = devices(context.world, paging.asked, company=company, type=type, provider=provider, q=q)
    return paging.linked(found)


@router.get("/{device_id}", summary="Get a device", responses={**responses(404, 422), **MOVED})
def get_device(device_id: DeviceId, context: ContextDep) -> DeviceInFull:
    """
    Return the golden record: one value a field, where each came from, and the records behind it.

    With it comes what is left for a person about the device, and what people decided about its records.
    """
    return DeviceInFull.of(inspect(context.world, device_id))


@router.get(
    "/{device_id}/graph", summary="Get a device's identity graph", responses={**responses(404, 409, 422), **MOVED}
)
def get_device_graph(device_id: DeviceId, context: ContextDep) -> DeviceGraph:
    """Return records and identifiers as nodes, and who carries what as edges."""
    return DeviceGraph.model_validate(graph(context.world, device_id))


@router.get("/{device_id}/history", summary="Get a device's history", responses=responses(404, 422))
def get_device_history(device_id: DeviceId, context: ContextDep) -> History:
    """
    Return what happened to a device, the oldest first, as sentences and as data.

    A retired id has a history too; it goes on with what happened to its successor from then on.
    """
    return history(context.world, device_id)
