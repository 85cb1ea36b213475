"""Feeds: all records of a provider, sent as a whole."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from matching.records import MAX_PROVIDER, PROVIDER_PATTERN
from service.access.scopes import Scope
from service.api.http.bodies import RecordsBody, described, records_body
from service.api.http.codes import ProblemCode
from service.api.http.context import CallerDep, ContextDep, needs
from service.api.http.edge import LARGEST_FEED
from service.api.http.idempotency import ONCE, OnceDep, WriteAnswer, replayable
from service.api.http.problems import WrongValue, problem, responses
from service.api.schemas.records import ReplacedFeed
from service.intake.replacing import FeedRefused, FeedRules, read_feed, replace_feed
from service.store.world import World

router = APIRouter(prefix="/feeds", tags=["records"])

FeedBodyDep = Annotated[RecordsBody, Depends(records_body(LARGEST_FEED))]


@router.put(
    "/{provider}",
    name="replace_feed",
    summary="Replace a feed",
    dependencies=[needs(Scope.INGEST)],
    response_model=ReplacedFeed,
    responses={
        **responses(
            413,
            415,
            422,
            *ONCE,
            ProblemCode.MALFORMED_BODY,
            ProblemCode.PROVIDER_NOT_ALLOWED,
            ProblemCode.BUSY,
            ProblemCode.FEED_HELD,
            ProblemCode.BAD_DECISION,
            ProblemCode.FEED_REFUSED,
            ProblemCode.WRITER_BUSY,
        ),
        **replayable(200),
    },
    openapi_extra=described(
        "All records of the provider, which each may leave out: NDJSON of at most 67,108,864 bytes, or JSON of at most"
        " 8,388,608, unpacked."
    ),
)
def put_feed(  # noqa: PLR0913 - a dependency each
    *,
    provider: Annotated[
        str,
        Path(
            max_length=MAX_PROVIDER,
            description="Whose records.",
            examples=["rmm_alpha"],
            json_schema_extra={"pattern": PROVIDER_PATTERN},
        ),
    ],
    body: FeedBodyDep,
    context: ContextDep,
    caller: CallerDep,
    once: OnceDep,
    accept_shrink: Annotated[
        bool, Query(description="Let the feed remove more records than the setting Sync:MaxShrink allows.")
    ] = False,
) -> Response:
    """
    Store these records, and remove all others of the provider: everything, or nothing where a row cannot be stored.

    A feed that would remove more than a share of the provider's records, or all, is refused with 409: it may have been
    cut off on its way. Where they are really gone, send it again with `accept_shrink=true`.

    A key that may not write records of the provider gets a 403 with the code `provider-not-allowed`.
    """
    caller.require_provider(provider)
    try:
        feed = read_feed(provider, body.rows())
    except FeedRefused as error:
        wrong = [WrongValue(pointer=f"/body/{row.place}{row.pointer}", message=row.reason) for row in error.wrong]
        return problem(ProblemCode.FEED_REFUSED, str(error), errors=wrong)
    rules = FeedRules(context.sync_rules.max_shrink, accept_shrink, context.max_change)

    def store(world: World) -> WriteAnswer:
        done = replace_feed(world, feed, rules)
        run, seq = done.run, done.seq
        counts = {"created": run.new, "changed": run.changed, "unchanged": run.same, "removed": run.gone}
        return WriteAnswer(200, ReplacedFeed(sync_id=run.id, read=run.read, seq=seq, **counts))

    return once.answer(body.content, store)
