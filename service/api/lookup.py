"""Look up the devices that hold an identifier."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Body, Depends, Query, Response

from service.access.scopes import Scope
from service.api.http.answering import Expand, Fields, answered, read
from service.api.http.codes import ProblemCode
from service.api.http.context import ContextDep, ScopeFirst, json_only, needs
from service.api.http.problems import invalid, responses
from service.api.schemas.lookup import Identifier, LookupAnswer, LookupAnswers, LookupItem, Misunderstood
from service.api.schemas.records import MOST_ITEMS
from service.devices import visible_answers as answers
from service.devices.projection import Projection
from service.devices.searching import IdentifierQuery, LookupKind

router = APIRouter(
    prefix="/lookup",
    route_class=ScopeFirst,
    tags=["devices"],
    dependencies=[needs(Scope.READ, answers_bound_keys=True)],
)


@router.get(
    "",
    summary="Look up an identifier",
    response_model=LookupAnswer,
    responses=responses(422, ProblemCode.UNUSABLE_VALUE),
)
async def lookup_identifier(
    context: ContextDep,
    identifier: Annotated[
        Identifier,
        Query(
            description="A BIOS GUID, serial, MAC, hostname, ConnectWise id, tag, IP or `provider:id`; any notation.",
            examples=["00-15-5D-AA-BB-CC"],
        ),
    ],
    kind: Annotated[LookupKind | None, Query(description="What it is; left out, the kind is detected.")] = None,
    expand: Expand = None,
    fields: Fields = None,
) -> Response:
    """
    Return the devices that hold it: none, one, or several where it does not tell them apart.

    `meanings` says what it was understood as. At most 100 devices are in the answer; where there are more, `all` leads
    to the list of them.
    """
    question = IdentifierQuery(identifier, kind)
    found = await read(context, answers.lookup, question, Projection.parse(expand, fields))
    return answered({**found, "all": _all(question, found)})


@router.post(
    "",
    summary="Look up many identifiers",
    response_model=LookupAnswers,
    responses=responses(413, 415, 422, ProblemCode.MALFORMED_BODY),
    dependencies=[Depends(json_only)],
)
def lookup_identifiers(
    questions: Annotated[list[LookupItem], Body(max_length=MOST_ITEMS)],
    context: ContextDep,
    expand: Expand = None,
    fields: Fields = None,
) -> Response:
    """
    Answer up to 1,000 look-ups, in the order in which they were asked, each with at most 10 devices.

    A question that cannot be understood has an `error` in its place, and the others are answered.
    """
    asked = [IdentifierQuery(each.identifier, each.kind) for each in questions if not isinstance(each, Misunderstood)]
    found = iter(answers.lookups(context.world, asked, Projection.parse(expand, fields)))
    understood = iter(asked)
    data = []
    for each in questions:
        if isinstance(each, Misunderstood):
            data.append({"error": invalid(each.errors).model_dump(exclude_none=True)})
        else:
            data.append(_item(next(understood), next(found)))
    return answered({"data": data})


def _item(question: IdentifierQuery, found: dict[str, Any]) -> dict[str, Any]:
    return {"identifier": question.identifier, "kind": question.kind, **found, "all": _all(question, found)}


def _all(question: IdentifierQuery, found: dict[str, Any]) -> str | None:
    """The list of all devices, where these are not all."""
    if not found["is_cut"]:
        return None
    kind = {"kind": question.kind} if question.kind else {}
    return f"/v1/devices?{urlencode({'identifier': question.identifier, **kind})}"
