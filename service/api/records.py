"""Records: push them in, read them, and delete them."""

from itertools import islice
from typing import Annotated
from urllib.parse import unquote_to_bytes

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.exceptions import HTTPException

from matching.model import Key
from service.access.scopes import Scope
from service.api.http.bodies import RecordsBody, described, records_body
from service.api.http.codes import ProblemCode
from service.api.http.context import CallerDep, ContextDep, needs
from service.api.http.idempotency import ONCE, OnceDep, WriteAnswer, replayable
from service.api.http.problems import responses
from service.api.schemas.records import MOST_ITEMS, PushAnswers, PushedRecord, RecordInFull
from service.core.errors import BadRequest
from service.intake import pushing
from service.store.world import World

router = APIRouter(prefix="/records", tags=["records"])

PREFIX = b"/v1/records/"


def record_key(
    request: Request,
    provider: Annotated[str, Path(description="Who lists it.", examples=["rmm_alpha"])],
    record_id: Annotated[str, Path(description="Its id there; may hold slashes.", examples=["A-17"])],
) -> Key:
    """
    Return the record that an address names.

    A slash that is written `%2F` does not end the provider's name: it is a part of what it stands in. Names of
    providers that were stored before slashes were refused are written so.

    Raises:
        BadRequest: The address is not UTF-8.
    """
    raw = request.scope.get("raw_path")
    if not raw or PREFIX not in raw:
        return Key(provider, record_id)
    first, _, rest = raw.partition(PREFIX)[2].partition(b"/")
    try:
        return Key(unquote_to_bytes(first).decode(), unquote_to_bytes(rest).decode())
    except UnicodeDecodeError:
        raise BadRequest("the address of a record is percent-encoded UTF-8") from None


KeyDep = Annotated[Key, Depends(record_key)]
BodyDep = Annotated[RecordsBody, Depends(records_body())]


@router.post(
    "",
    summary="Push records",
    dependencies=[needs(Scope.INGEST, answers_bound_keys=True)],
    response_model=PushAnswers,
    responses={
        **responses(
            413, 415, 422, *ONCE, ProblemCode.MALFORMED_BODY, ProblemCode.BAD_DECISION, ProblemCode.WRITER_BUSY
        ),
        **replayable(200),
    },
    openapi_extra=described("One record, or up to 1,000, in at most 8,388,608 bytes."),
)
def push_records(body: BodyDep, caller: CallerDep, once: OnceDep) -> Response:
    """
    Take in one record or up to 1,000, and answer each one by one, in order.

    A row that is no record, or is beyond a bound, is answered as rejected with the reason and the place, and one of a
    provider or customer that the key may not write as forbidden; the others go in all the same. The answer's `seq` is
    for reading one's own write in the change feed; it is 0 for a key that is bound to customers.
    """
    rows = list(islice(body.rows(), MOST_ITEMS + 1))
    if len(rows) > MOST_ITEMS:
        raise HTTPException(422, f"a request may hold {MOST_ITEMS:,} records; send the others in a second one")

    def push(world: World) -> WriteAnswer:
        pushed = pushing.push_records(world, rows, may_write=caller.may_write)
        return WriteAnswer(200, PushAnswers(data=[PushedRecord.of(each) for each in pushed.results], seq=pushed.seq))

    return once.answer(body.content, push)


@router.get(
    "/{provider}/{record_id:path}",
    summary="Get a record",
    responses=responses(404, 422, ProblemCode.UNKNOWN_PATH),
    dependencies=[needs(Scope.READ, answers_bound_keys=True)],
)
def get_record(key: KeyDep, context: ContextDep) -> RecordInFull:
    """Return a record as it is stored, and the device that it belongs to."""
    return RecordInFull.of(pushing.find_record(context.world, key))


@router.delete(
    "/{provider}/{record_id:path}",
    status_code=204,
    response_class=Response,
    summary="Delete a record",
    dependencies=[needs(Scope.INGEST, answers_bound_keys=True)],
    responses=responses(
        404,
        422,
        ProblemCode.UNKNOWN_PATH,
        ProblemCode.PROVIDER_NOT_ALLOWED,
        ProblemCode.BAD_DECISION,
        ProblemCode.WRITER_BUSY,
    ),
)
def delete_record(key: KeyDep, context: ContextDep, caller: CallerDep) -> None:
    """
    Take a record out; no join that rested on it stays.

    A key that may not write records of the provider gets a 403 with the code `provider-not-allowed`.
    """
    caller.require_provider(key.provider)
    pushing.delete_record(context.world, key)
