"""
The one place where errors become answers: `application/problem+json` (RFC 9457), whatever went wrong.

No answer repeats what was sent, and none reveals internals of the program.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from structlog.contextvars import get_contextvars

from matching.errors import BadDecision, MatchingError
from matching.model import Verdict
from service.api.edge import ANSWER_HEADERS
from service.core.errors import Moved, SchemaBehind, ServiceError, StoreError, Unauthorised, WriterBusy

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="samebox"'}
"""RFC 6750, section 3: how the caller may make itself known."""

LONGEST_PART = 60
"""Characters of one part of a pointer: the names in it are the caller's own."""


UNUSABLE = "the request holds values that cannot be used"

RENAMED = {413: "Content Too Large", 422: "Unprocessable Content"}
"""RFC 9110's names, where Python's depend on its version: programs tell problems apart by them."""


class RetiredDevice(BaseModel):
    """What comes with the redirection of a retired id."""

    id: str = Field(description="The retired id.")
    successor: str = Field(description="The id of the device that holds its records now.")
    detail: str = Field(description="The same for a person.")


class WrongValue(BaseModel):
    """One value that cannot be used; the value itself is not repeated."""

    pointer: str = Field(
        description="JSON Pointer (RFC 6901) into the request: `/body/...`, `/query/...`, `/path/...`.",
        examples=["/query/limit"],
    )
    message: str = Field(description="What is wrong with it.", examples=["Input should be less than or equal to 1000"])


class StandingDecision(BaseModel):
    """A decision that stands against what was asked for."""

    id: str
    verdict: Verdict = Field(examples=["same"])
    left: str = Field(examples=["cw_manage:4711"])
    right: str = Field(examples=["rmm_alpha:A-17"])
    by: str = Field(description="Who decided.", examples=["anna"])
    why: str = Field(examples=["same asset tag on both stickers"])
    at: datetime


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    model_config = ConfigDict(json_schema_extra={"required": ["type", "title", "status", "code"]})

    type: Literal["about:blank"] = "about:blank"
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    code: str = Field(description="What a program may tell problems apart by.", examples=["not-found"])
    detail: str | None = Field(None, description="A sentence for a person.", examples=["no device has the id 0192f0c1"])
    errors: list[WrongValue] | None = Field(None, description="Each value that cannot be used.")
    decision_id: str | None = Field(default=None, description="The decision that speaks against it.")
    decisions: list[StandingDecision] | None = Field(default=None, description="All decisions that stand against it.")
    request_id: str | None = Field(
        None,
        description="The id of this request, as in the header X-Request-Id and in the service's log.",
        examples=["9f86d081884c7d659a2feaa0c55ad015"],
    )
    retry_after: int | None = Field(
        None, description="Seconds after which it may go well, as in the header Retry-After.", examples=[5]
    )


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the declaration of these problems for an operation in the OpenAPI document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _phrase(status), "content": content} for status in statuses}


def problem(  # noqa: PLR0913 - a parameter a member
    status: int,
    detail: str | None = None,
    *,
    code: str | None = None,
    errors: Sequence[WrongValue] | None = None,
    headers: dict[str, str] | None = None,
    retry_after: int | None = None,
    members: Mapping[str, Any] = MappingProxyType({}),
) -> JSONResponse:
    """Return the answer for a problem; `code` is the status in words where nothing says it better."""
    title = _phrase(status)
    body = Problem(
        title=title,
        status=status,
        code=code or _kebab(title),
        detail=detail,
        errors=list(errors) if errors else None,
        request_id=get_contextvars().get("request_id"),
        retry_after=retry_after,
        **members,
    )
    if retry_after is not None:
        headers = {**(headers or {}), "Retry-After": str(retry_after)}
    return JSONResponse(body.model_dump(mode="json", exclude_none=True), status, headers, MEDIA_TYPE)


def refusal(error: ServiceError) -> JSONResponse:
    """Return the answer for anything that the service refuses or fails at."""
    headers = CHALLENGE if isinstance(error, Unauthorised) else None
    return problem(
        error.status,
        _sentence(error),
        code=_kebab(type(error).__name__),
        headers=headers,
        retry_after=error.retry_after,
        members=error.members,
    )


def objection(error: MatchingError) -> JSONResponse:
    """Return the answer for anything that the engine refuses: its text is fit for a caller."""
    status = 409 if isinstance(error, BadDecision) else 400
    return problem(status, str(error), code=_kebab(type(error).__name__))


def add_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.exception_handler(Moved)(_moved)
    app.exception_handler(ServiceError)(_service_error)
    app.exception_handler(MatchingError)(_matching_error)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(Exception)(_defect)


def _moved(request: Request, error: Moved) -> Response:
    """A retired id: the same question about its successor."""
    path = request.url.path.replace(f"/{error.retired}", f"/{error.successor}")
    location = f"{path}?{request.url.query}" if request.url.query else path
    body = RetiredDevice(id=error.retired, successor=error.successor, detail=str(error))
    return JSONResponse(body.model_dump(), error.status, {"Location": location})


def _service_error(_: Request, error: ServiceError) -> Response:
    return refusal(error)


def _matching_error(_: Request, error: MatchingError) -> Response:
    return objection(error)


def _invalid(_: Request, error: RequestValidationError) -> Response:
    return problem(422, UNUSABLE, errors=[_wrong(each) for each in error.errors()])


def invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Return the problem of one item among many, whose pointers begin at the item."""
    title = _phrase(422)
    wrong = [_wrong(each) for each in errors]
    return Problem(
        title=title,
        status=422,
        code=_kebab(title),
        detail=UNUSABLE,
        errors=wrong,
        request_id=None,
        retry_after=None,
    )


def _http_error(_: Request, error: HTTPException) -> Response:
    detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    return problem(error.status_code, detail, headers=dict(error.headers or {}))


def _defect(_: Request, __: Exception) -> Response:
    """A defect of ours, which the server logs; answered outside all middleware, so the headers are added here."""
    return problem(500, "a defect in the service; its log has the details", headers=dict(ANSWER_HEADERS))


def _sentence(error: ServiceError) -> str:
    """What the store says names its file, which is for the operator's log: strangers may ask for the health checks."""
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


def _phrase(status: int) -> str:
    return RENAMED.get(status) or HTTPStatus(status).phrase


def _pointer(location: Sequence[object]) -> str:
    parts = (str(part)[:LONGEST_PART].replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])[ -]?(?=[A-Z])", "-", name).replace(" ", "-").lower()
