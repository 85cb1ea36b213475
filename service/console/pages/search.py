"""`/search`: devices by any identifier in any notation, and by a part of what people call them."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.api.http.context import ContextDep
from service.console.rendering import page
from service.core.errors import Moved, NotFound
from service.core.paging import PageRequest
from service.devices import visible_answers as answers
from service.devices.answers import AnswerBody
from service.devices.projection import Projection
from service.devices.searching import IdentifierQuery, LookupKind, Meaning
from service.server.turns import turn
from service.store.resolved.device_filters import Filters
from service.store.world import World

router = APIRouter()

LONGEST = 500
"""Characters that are looked for."""

MOST_NAMED = 50
"""Devices that are found by a part of a name."""

LISTED = Projection(fields=frozenset({"name", "hostname", "company", "type", "serial", "last_seen", "active"}))
"""What a list shows of a device."""


class SearchResult(NamedTuple):
    """
    What was found: devices that hold the text as an identifier, and further ones by a part of a name.

    `meanings` is what the text was understood as; `holding_total` counts all devices that hold it, also those that are
    not listed, and `is_cut` says that there are more of either.
    """

    meanings: list[Meaning]
    holding: list[AnswerBody]
    holding_total: int
    named: list[AnswerBody]
    is_cut: bool

    @property
    def held(self) -> list[Meaning]:
        """The meanings that some device has; where there are none, those that could be no evidence anyway."""
        found = [each for each in self.meanings if each.devices]
        return found or [each for each in self.meanings if each.suppressed]

    @property
    def only(self) -> str | None:
        """The id of the one device that was found; None where a person has to choose, or should know more."""
        found = {each["id"] for each in (*self.holding, *self.named)}
        is_doubted = any(each.suppressed for each in self.held if each.devices)
        return found.pop() if len(found) == 1 and not self.is_cut and not is_doubted else None


@router.get("/search", dependencies=[Depends(turn, scope="function")])
def show_search(request: Request, context: ContextDep, q: Annotated[str, Query(max_length=LONGEST)] = "") -> Response:
    """Lead to the device that was found, or list several with what the text was understood as."""
    text = q.strip()
    if not text:
        return page(request, "search.html", text="", found=None)
    if (device_id := device_named(context.world, text)) is not None:
        return _to_device(device_id)
    found = search(context.world, text)
    if found.only is not None:
        return _to_device(found.only)
    return page(request, "search.html", text=text, found=found)


def device_named(world: World, text: str) -> str | None:
    """Return the id of the device of which a text is the id, now or once; None where it is none."""
    try:
        answers.device(world, text, LISTED)
    except Moved as moved:
        return moved.successor
    except NotFound:
        return None
    return text


def search(world: World, text: str) -> SearchResult:
    """Return the devices that hold a text as an identifier, and those with it in a name; a record is its device's."""
    found = answers.lookup(world, IdentifierQuery(text), LISTED)
    holding, meanings = found["data"], list(found["meanings"])
    if any(each.kind is LookupKind.RECORD and each.devices for each in meanings):
        records = answers.lookup(world, IdentifierQuery(text, LookupKind.RECORD), LISTED)
        return SearchResult(list(records["meanings"]), records["data"], records["total"], [], records["is_cut"])
    by_name = answers.page(world, Filters(text=text), PageRequest(MOST_NAMED), LISTED)
    known = {each["id"] for each in holding}
    named = [each for each in by_name["data"] if each["id"] not in known]
    is_cut = bool(found["is_cut"] or by_name["next_cursor"])
    return SearchResult(meanings, in_order(holding), found["total"], in_order(named), is_cut)


def in_order(found: list[AnswerBody]) -> list[AnswerBody]:
    """Return devices in use before others, then by customer and name."""

    def place(device: AnswerBody) -> Any:
        values = device["values"]
        name = values.get("name") or values.get("hostname") or ""
        return not values.get("active"), str(values.get("company", "")).casefold(), str(name).casefold()

    return sorted(found, key=place)


def _to_device(device_id: str) -> Response:
    return RedirectResponse(f"/devices/{device_id}", 303)
