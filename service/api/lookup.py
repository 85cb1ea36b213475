"""Look up the devices that hold an identifier."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query

from service.access.scopes import Scope
from service.api.context import ContextDep, json_only, needs
from service.api.problems import responses
from service.api.schemas.lookup import DeviceList, Identifier, LookupAnswer, LookupAnswers, LookupQuestion
from service.api.schemas.records import MOST_ITEMS
from service.devices.lookup import LookupKind, lookup

router = APIRouter(prefix="/lookup", tags=["devices"], dependencies=[needs(Scope.READ)])


@router.get("", summary="Look up an identifier", responses=responses(422))
def lookup_identifier(
    context: ContextDep,
    identifier: Annotated[
        Identifier,
        Query(
            description="A BIOS GUID, serial, MAC, hostname, ConnectWise id, tag, IP or `provider:id`; any notation.",
            examples=["00-15-5D-AA-BB-CC"],
        ),
    ],
    kind: Annotated[LookupKind | None, Query(description="What it is; left out, the kind is detected.")] = None,
) -> DeviceList:
    """Return the devices that hold it: none, one, or several where it does not tell them apart."""
    return DeviceList(data=lookup(context.world, identifier, kind))


@router.post(
    "", summary="Look up many identifiers", responses=responses(413, 415, 422), dependencies=[Depends(json_only)]
)
def lookup_identifiers(
    questions: Annotated[list[LookupQuestion], Body(max_length=MOST_ITEMS)], context: ContextDep
) -> LookupAnswers:
    """Answer up to 1,000 look-ups, in the order in which they were asked."""
    return LookupAnswers(
        data=[
            LookupAnswer(**dict(asked), devices=lookup(context.world, asked.identifier, asked.kind))
            for asked in questions
        ]
    )
