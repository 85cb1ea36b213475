"""`/shared-identifiers`: values that sit on several boxes, who holds them, and what people allow or deny."""

import json
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response

from matching.policy import PolicyEntry, PolicyEntryKind
from service.access.scopes import Scope
from service.api.http.context import CallerDep, ContextDep, needs
from service.console.corrections import asked_correction, corrected, may_correct
from service.console.forms import FormFields, own_fields
from service.console.rendering import page
from service.core.errors import Unprocessable
from service.server.turns import turn
from service.stewardship.correcting import list_entries, of_value
from service.stewardship.shared_values import Holder, find_shared_value, list_shared_values

router = APIRouter(dependencies=[needs(Scope.READ)])

SHARED_IDENTIFIERS = "/shared-identifiers"

CORRECT = "/shared-identifiers/correct"

A_PAGE = 100
"""Values, or holders of one, of one page."""

KindQuery = Annotated[str, Query(max_length=50)]
ValueQuery = Annotated[str, Query(max_length=1000)]
Skip = Annotated[int, Query(ge=0, le=10**6)]


class HolderRow(NamedTuple):
    """A record that holds a value, with its device."""

    record: str
    device_id: str
    golden: dict[str, Any]


@router.get(SHARED_IDENTIFIERS, dependencies=[Depends(turn, scope="function")])
def show_shared_identifiers(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    text: Annotated[str, Query(max_length=200)] = "",
    skip: Skip = 0,
    changed: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """Return the values, those on the most records first, and what people have allowed or denied."""
    found = list_shared_values(context.world, text)
    return page(
        request,
        "shared_identifiers.html",
        found=[(each, [_row(holder) for holder in each.first]) for each in found[skip : skip + A_PAGE]],
        total=len(found),
        following=skip + A_PAGE if skip + A_PAGE < len(found) else None,
        text=text,
        changed=changed,
        names={},
        entries=[each for each in list_entries(context.world) if not each.kind.is_of_companies],
        may_correct=may_correct(caller),
    )


@router.get(f"{SHARED_IDENTIFIERS}/holders", dependencies=[Depends(turn, scope="function")])
def show_holders(  # noqa: PLR0913 - a parameter a part of the question
    *, request: Request, context: ContextDep, caller: CallerDep, of: KindQuery, value: ValueQuery, skip: Skip = 0
) -> Response:
    """Return the records that hold a value."""
    shared, holders = find_shared_value(context.world, of, value, skip, A_PAGE)
    return page(
        request,
        "holders.html",
        shared=shared,
        rows=[_row(each) for each in holders],
        following=skip + A_PAGE if skip + A_PAGE < shared.holders else None,
        may_correct=may_correct(caller),
    )


@router.get(CORRECT, dependencies=[Depends(turn, scope="function")])
def ask_for_value(  # noqa: PLR0913 - a parameter a part of the question
    *,
    request: Request,
    context: ContextDep,
    caller: CallerDep,
    kind: PolicyEntryKind,
    of: KindQuery,
    value: ValueQuery,
    tried: bool = False,
) -> Response:
    """Return what would change if a value were evidence, or never were, and the form that makes it so."""
    caller.require([Scope.ADMIN])
    return asked_correction(request, context.world, _entry(kind, of, value), SHARED_IDENTIFIERS, is_tried=tried)


@router.post(CORRECT, dependencies=[Depends(turn, scope="function")])
def correct_value(  # noqa: PLR0913 - a parameter a part of the question
    *,
    context: ContextDep,
    caller: CallerDep,
    kind: PolicyEntryKind,
    of: KindQuery,
    value: ValueQuery,
    fields: Annotated[FormFields, Depends(own_fields)],
) -> Response:
    """Begin to put the correction in force, and lead to where that is followed."""
    caller.require([Scope.ADMIN])
    return corrected(context, caller, _entry(kind, of, value), fields, SHARED_IDENTIFIERS)


def _entry(kind: PolicyEntryKind, of: str, value: str) -> PolicyEntry:
    if kind.is_of_companies:
        raise Unprocessable("a value is allowed, or denied")
    return of_value(kind, of, value)


def _row(holder: Holder) -> HolderRow:
    return HolderRow(holder.record, holder.device_id, json.loads(holder.golden))
