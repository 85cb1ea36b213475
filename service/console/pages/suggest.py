"""`/search/suggest`: the devices that the search box offers while somebody types."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import JSONResponse

from service.api.http.context import ContextDep
from service.console.pages.search import LISTED, LONGEST, in_order
from service.core.harmless import harmless
from service.devices import visible_answers as answers
from service.devices.naming import device_name
from service.devices.searching import IdentifierQuery
from service.server.turns import turn

router = APIRouter()

MOST_SUGGESTED = 8

SHORTEST_PART = 3
"""Characters from which on a part of a name is looked for."""


@router.get("/search/suggest", dependencies=[Depends(turn, scope="function")])
def suggest(context: ContextDep, q: Annotated[str, Query(max_length=LONGEST)] = "") -> Response:
    """
    Return a few devices for what is typed so far, and what that is understood as.

    Devices that hold it as an identifier are all there is where there are any; else it is a part of a name.
    """
    text = q.strip()
    if not text:
        return JSONResponse({"understood": "", "devices": [], "has_more": False})
    found = answers.lookup(context.world, IdentifierQuery(text), LISTED)
    held = [each for each in found["meanings"] if each.devices]
    devices = found["data"]
    if not devices and len(text) >= SHORTEST_PART:
        devices = answers.named_like(context.world, text, MOST_SUGGESTED + 1, LISTED)
    shown = in_order(devices)[:MOST_SUGGESTED]
    understood = ", ".join(f"{each.kind.label} {each.value}" for each in held)
    return JSONResponse(
        {
            "understood": harmless(understood),
            "devices": [_suggested(each) for each in shown],
            "has_more": len(devices) > len(shown),
        },
        headers={"Cache-Control": "no-store"},
    )


def _suggested(device: Mapping[str, Any]) -> dict[str, Any]:
    values = device["values"]
    return {
        "id": device["id"],
        "name": harmless(device_name(values)),
        "customer": harmless(values.get("company") or ""),
        "providers": [harmless(each) for each in device["providers"]],
    }
