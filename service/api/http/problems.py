"""
The one place where errors become answers: `application/problem+json` (RFC 9457), whatever went wrong.

No answer repeats what was sent, and none reveals internals of the program.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from structlog.contextvars import get_contextvars

from matching.errors import MatchingError
from matching.model import Verdict
from service.api.http.codes import TYPE, ProblemCode, code_of, code_of_status
from service.api.http.edge import ANSWER_HEADERS
from service.api.http.methods import allowed_methods
from service.core.errors import (
    Forbidden,
    InsufficientScope,
    KeyMissing,
    Moved,
    SchemaBehind,
    ServiceError,
    StoreError,
    Unauthorised,
    WriterBusy,
)

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

CHALLENGE = "WWW-Authenticate"
"""The header that says how a caller may make itself known (RFC 6750, section 3)."""

CHALLENGES = {
    401: 'How to show a key: `Bearer`; with `error="invalid_token"` where one was shown',
    403: '`Bearer`, with `error="insufficient_scope"`, and with the `scope` that the key lacks',
}
"""Status -> what the header says beside it."""

LONGEST_PART = 60
"""Characters of one part of a pointer: the names in it are the caller's own."""


UNUSABLE = "the request holds values that cannot be used"

RENAMED = {413: "Content Too Large", 422: "Unprocessable Content"}
"""RFC 9110's names, where Python's depend on its version: programs tell problems apart by them."""


PROBLEM_CODES = "x-problem-codes"
"""The member of an answer's declaration that lists the codes which the operation may answer with."""

GENERAL: Mapping[int, Sequence[ProblemCode]] = {
    400: (ProblemCode.BAD_REQUEST, ProblemCode.UNKNOWN_PARAMETER),
    401: (ProblemCode.UNAUTHORISED, ProblemCode.KEY_EXPIRED),
    403: (ProblemCode.INSUFFICIENT_SCOPE,),
    404: (ProblemCode.NOT_FOUND,),
    408: (ProblemCode.REQUEST_TIMEOUT,),
    413: (ProblemCode.CONTENT_TOO_LARGE,),
    415: (ProblemCode.UNSUPPORTED_MEDIA_TYPE,),
    421: (ProblemCode.MISDIRECTED_REQUEST,),
    422: (ProblemCode.UNPROCESSABLE_CONTENT,),
    429: (ProblemCode.TOO_MANY_REQUESTS, ProblemCode.TOO_MANY_FAILED_KEYS),
    500: (ProblemCode.INTERNAL_SERVER_ERROR,),
    503: (
        ProblemCode.STORE_ERROR,
        ProblemCode.SCHEMA_BEHIND,
        ProblemCode.READERS_BUSY,
        ProblemCode.TOO_MANY_CONNECTIONS,
        ProblemCode.STOPPING,
    ),
}
"""Status -> the codes that any operation which declares the status may answer with."""


class RetiredDevice(BaseModel):
    """What comes with the redirection of a retired id."""

    id: str = Field(description="The retired id.", examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"])
    successor: str = Field(
        description="The id of the device that holds its records now.",
        examples=["0192f0c1-7d4e-7b1e-8c5a-2f6d1e9b3a47"],
    )
    detail: str = Field(description="The same for a person.", examples=["0192f0c1 is retired"])


class WrongValue(BaseModel):
    """One value that cannot be used; the value itself is not repeated."""

    pointer: str = Field(
        description="JSON Pointer (RFC 6901) into the request: `/body/...`, `/query/...`, `/path/...`.",
        examples=["/query/limit"],
    )
    message: str = Field(description="What is wrong with it.", examples=["Input should be less than or equal to 1000"])


class StandingDecision(BaseModel):
    """A decision that stands against what was asked for."""

    id: str = Field(description="Its id.", examples=["0192f0c3-2b1d-7c55-9a01-6c0e5d7f1b20"])
    verdict: Verdict = Field(description="What it says.", examples=["same"])
    left: str = Field(description="A record that it is about.", examples=["cw_manage:4711"])
    right: str = Field(description="The other record.", examples=["rmm_alpha:A-17"])
    by: str = Field(description="Who decided.", examples=["anna"])
    why: str = Field(description="The reason they gave.", examples=["same asset tag on both stickers"])
    at: datetime = Field(description="When it was made, UTC.")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it; members that say nothing of a problem are absent."""

    model_config = ConfigDict(json_schema_extra={"required": ["type", "title", "status", "code"]})

    type: str = Field(
        description=f"The code as a URN: `{TYPE}` and the code.",
        pattern=f"^{TYPE}[a-z-]+$",
        examples=[ProblemCode.NOT_FOUND.type],
    )
    title: str = Field(description="The kind of problem in words.", examples=[ProblemCode.NOT_FOUND.label])
    status: int = Field(description="The HTTP status.", examples=[404])
    code: ProblemCode = Field(
        description="What a program tells problems apart by. More may come: treat an unknown one by its status.",
        examples=[ProblemCode.NOT_FOUND],
    )
    detail: str | None = Field(None, description="A sentence for a person.", examples=["no device has the id 0192f0c1"])
    errors: list[WrongValue] | None = Field(None, description="Each value that cannot be used.")
    request_id: str | None = Field(
        None,
        description="The id of this request, as in the header X-Request-Id and in the service's log.",
        examples=["9f86d081884c7d659a2feaa0c55ad015"],
    )
    retry_after: int | None = Field(
        None, description="Seconds after which it may go well, as in the header Retry-After.", examples=[5]
    )
    decision_id: str | None = Field(
        None, description="`contradiction`: the decision that speaks against it.", examples=["0192f0c3"]
    )
    decisions: list[StandingDecision] | None = Field(
        None, description="`contradiction`: all decisions that together speak against it."
    )
    scope: str | None = Field(None, description="`insufficient-scope`: what the key lacks.", examples=["steward"])
    providers: list[str] | None = Field(
        None, description="`provider-not-allowed`: those that the key may write.", examples=[["rmm_alpha"]]
    )
    would_remove: int | None = Field(
        None, description="`feed-held`: records that the feed would remove.", examples=[19]
    )
    stored: int | None = Field(None, description="`feed-held`: records of the provider that are stored.", examples=[20])
    parameters: list[str] | None = Field(
        None, description="`unknown-parameter`: those that the call has.", examples=[["limit", "cursor"]]
    )


def responses(*declared: int | ProblemCode) -> dict[int | str, dict[str, Any]]:
    """
    Return the declaration of these problems for an operation in the OpenAPI document.

    A status stands for the codes that any call may answer with it (`GENERAL`); other codes are given one by one.
    """
    codes: dict[int, list[ProblemCode]] = {}
    for each in declared:
        status, named = (each.status, [each]) if isinstance(each, ProblemCode) else (each, [])
        codes.setdefault(status, [*GENERAL.get(status, ())]).extend(named)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {**with_codes(status, each), "content": content, **_headers(status)} for status, each in codes.items()
    }


def with_codes(status: int, codes: Sequence[str]) -> dict[str, Any]:
    """Return what the declaration of an answer says of the codes that it may have, for a person and for a program."""
    if not codes:
        return {"description": _phrase(status)}
    named = ", ".join(f"`{code}`" for code in codes)
    return {"description": f"{_phrase(status)} ({named})", PROBLEM_CODES: list(map(str, codes))}


def problem(
    code: ProblemCode,
    detail: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    retry_after: int | None = None,
    **members: Any,
) -> JSONResponse:
    """Return the answer for a problem; `members` are further ones of `Problem`, for a program."""
    request_id = get_contextvars().get("request_id")
    body = _problem(code, detail=detail, request_id=request_id, retry_after=retry_after, **members)
    waits = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse(
        body.model_dump(mode="json", exclude_none=True), code.status, {**(headers or {}), **waits}, MEDIA_TYPE
    )


def refusal(error: ServiceError) -> JSONResponse:
    """Return the answer for anything that the service refuses or fails at."""
    sentence = sentence_of(error)
    return problem(code_of(error), sentence, headers=_challenge(error), retry_after=error.retry_after, **error.members)


def objection(error: MatchingError) -> JSONResponse:
    """Return the answer for anything that the engine refuses: its text is fit for a caller."""
    return problem(code_of(error), str(error))


def add_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.exception_handler(Moved)(_moved)
    app.exception_handler(ServiceError)(_service_error)
    app.exception_handler(MatchingError)(_matching_error)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(Exception)(_defect)


def _moved(request: Request, error: Moved) -> Response:
    """A retired id: the same call for its successor, by its path alone, since a caller may name any host."""
    path = request.url.path.replace(f"/{error.retired}", f"/{error.successor}")
    location = f"{path}?{request.url.query}" if request.url.query else path
    body = RetiredDevice(id=error.retired, successor=error.successor, detail=str(error))
    return JSONResponse(body.model_dump(), error.status, {"Location": location})


def _service_error(_: Request, error: ServiceError) -> Response:
    return refusal(error)


def _matching_error(_: Request, error: MatchingError) -> Response:
    return objection(error)


def _invalid(_: Request, error: RequestValidationError) -> Response:
    wrong = [_wrong(each) for each in error.errors()]
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return problem(ProblemCode.MALFORMED_BODY, "the body is not JSON", errors=wrong)
    return problem(ProblemCode.UNPROCESSABLE_CONTENT, UNUSABLE, errors=wrong)


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return the problem of one item among many, whose pointers begin at the item."""
    return _problem(ProblemCode.UNPROCESSABLE_CONTENT, detail=UNUSABLE, errors=[_wrong(each) for each in errors])


def _http_error(request: Request, error: HTTPException) -> Response:
    code = code_of_status(error.status_code)
    detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    headers = dict(error.headers or {})
    if code is ProblemCode.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(allowed_methods(request))
    return problem(code, detail, headers=headers)


def _defect(_: Request, __: Exception) -> Response:
    """A defect of ours, which the server logs; answered outside all middleware, so the headers are added here."""
    sentence = "a defect in the service; its log has the details"
    return problem(ProblemCode.INTERNAL_SERVER_ERROR, sentence, headers=ANSWER_HEADERS)


def _problem(code: ProblemCode, **members: Any) -> Problem:
    return Problem(type=code.type, title=code.label, status=code.status, code=code, **members)


def _challenge(error: ServiceError) -> dict[str, str] | None:
    """Return the header of a 401 or 403, which says what is wrong with the key (RFC 6750, section 3.1)."""
    match error:
        case KeyMissing():
            reason = ""
        case Unauthorised():
            reason = ', error="invalid_token"'
        case InsufficientScope(members={"scope": scope}):
            reason = f', error="insufficient_scope", scope="{scope}"'
        case Forbidden():
            reason = ', error="insufficient_scope"'
        case _:
            return None
    return {CHALLENGE: f'Bearer realm="samebox"{reason}'}


def sentence_of(error: ServiceError) -> str:
    """
    Return what a caller is shown of an error.

    What the store says names its file, which is for the operator's log: strangers may ask for the health checks.
    """
    if not isinstance(error, StoreError):
        return str(error)
    if isinstance(error, WriterBusy):
        return "another writer is at work, and this one waited for as long as it may; nothing of it was stored"
    log.error("the database cannot be used", extra={"reason": str(error)})
    if isinstance(error, SchemaBehind):
        return "the store is older than the program; its operator has to run: samebox db upgrade"
    return "the database cannot be used; the service's log says why"


def _wrong(error: Mapping[str, Any]) -> WrongValue:
    if error["type"] == "json_invalid":  # its place is a position in the text, not a member
        return WrongValue(pointer="/body", message=f"no JSON from character {error['loc'][-1]} on")
    return WrongValue(pointer=_pointer(error["loc"]), message=error["msg"])


def _headers(status: int) -> dict[str, Any]:
    if status not in CHALLENGES:
        return {}
    return {"headers": {CHALLENGE: {"description": CHALLENGES[status], "schema": {"type": "string"}}}}


def _phrase(status: int) -> str:
    return RENAMED.get(status) or HTTPStatus(status).phrase


def _pointer(location: Sequence[object]) -> str:
    parts = (str(part)[:LONGEST_PART].replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)
