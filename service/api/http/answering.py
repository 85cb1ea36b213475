"""
Answer from stored text: a body is written once, without models in between, and the document describes it by a schema.

Tests hold what is answered against that schema.
"""

from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from service.api.http.context import Context
from service.api.schemas.stewardship import OpenReview
from service.stewardship.reviewing import ReviewView

T = TypeVar("T")

Expand = Annotated[
    str | None,
    Query(
        max_length=200,
        description="What to show besides, with commas: `provenance`, `records`, `reviews`, `decisions`.",
        examples=["provenance,records"],
    ),
]
Fields = Annotated[
    str | None,
    Query(
        max_length=1000,
        description="The golden values to show, with commas; left out, all of them.",
        examples=["hostname,serial,company"],
    ),
]


async def read(context: Context, use_case: Callable[..., T], *arguments: Any) -> T:
    """
    Return what a bounded read of the store gives.

    An embedded database answers in less time than a thread takes to begin. Any other is waited for in a thread, so that
    nobody else waits for the network; and so is an answer to a caller who is bound to customers, which is worked out.
    """
    call = partial(use_case, context.world, *arguments)
    is_quick = context.world.store.is_embedded and context.world.visibility is None
    return call() if is_quick else await run_in_threadpool(call)


def answered(body: Any) -> Response:
    """Return a body as JSON."""
    return Response(orjson.dumps(body, default=_plain, option=orjson.OPT_UTC_Z), media_type="application/json")


def tagged(request: Request, answer: Response) -> Response:
    """Return an answer with its `ETag`, or a 304 where the caller has it already (RFC 9110, section 13.1.2)."""
    tag = f'W/"{blake2b(answer.body, digest_size=12).hexdigest()}"'  # weak: compressed it is another text
    answer.headers["ETag"] = tag
    return Response(status_code=304, headers={"ETag": tag}) if is_known(request, tag) else answer


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller says that it has what an `ETag` names."""
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or tag in (each.strip() for each in known.split(","))


def _plain(view: object) -> Any:
    if isinstance(view, ReviewView):
        return OpenReview.of(view).model_dump(mode="json")
    if isinstance(view, BaseModel):
        return view.model_dump(mode="json")
    raise TypeError(f"{type(view).__name__} is nothing that an answer holds")
