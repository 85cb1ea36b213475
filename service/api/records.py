"""Records: push them in, and delete them."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import BeforeValidator
from pydantic_core import from_json

from matching.model import Key
from service.access.scopes import Scope
from service.api.context import CallerDep, ContextDep, json_only, needs
from service.api.problems import responses
from service.api.schemas.records import MOST_ITEMS, FeedRecord, PushAnswers, PushedRecord
from service.intake import pushing

router = APIRouter(prefix="/records", tags=["records"], dependencies=[needs(Scope.INGEST)])


def _listed(body: object) -> object:
    """Return the rows of a body, without lone surrogates, which cut texts leave and no answer could repeat."""
    text = json.dumps(body if isinstance(body, list) else [body], ensure_ascii=False)
    try:
        return from_json(text.encode("utf-8", "replace"))
    except ValueError:  # beyond 200 levels, which are less than an answer may have
        raise ValueError("nested too deeply") from None


PushedRows = Annotated[
    list[Any],
    Body(max_length=MOST_ITEMS),
    BeforeValidator(
        _listed, json_schema_input_type=FeedRecord | Annotated[list[FeedRecord], Body(max_length=MOST_ITEMS)]
    ),
]


@router.post("", summary="Push records", responses=responses(409, 413, 415, 422), dependencies=[Depends(json_only)])
def push_records(batch: PushedRows, context: ContextDep, caller: CallerDep) -> PushAnswers:
    """
    Take in one record or up to 1,000, and answer each one by one, in order.

    A row that is no record is answered as rejected with the reason, and one of a provider that the key may not write
    as forbidden; the others go in all the same.
    """
    results = pushing.push_records(context.world, batch, may_write=caller.may_write)
    return PushAnswers(data=[PushedRecord.of(result) for result in results])


@router.delete(
    "/{provider}/{record_id:path}",
    status_code=204,
    response_class=Response,
    summary="Delete a record",
    responses=responses(404, 409, 422),
)
def delete_record(
    provider: Annotated[str, Path(description="Who lists it.", examples=["rmm_alpha"])],
    record_id: Annotated[str, Path(description="Its id there; may hold slashes.", examples=["A-17"])],
    context: ContextDep,
    caller: CallerDep,
) -> None:
    """
    Take a record out; no join that rested on it stays.

    A key that may not write records of the provider gets a 403 with the code `provider-not-allowed`.
    """
    caller.require_provider(provider)
    pushing.delete_record(context.world, Key(provider, record_id))
