"""The application of the console: its pages, and what they answer when something goes wrong."""

import secrets
from dataclasses import dataclass
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from matching.errors import MatchingError
from service.api.http.codes import code_of
from service.api.http.context import Context
from service.api.http.edge import BodyBound, Compressed
from service.api.http.methods import HeadAsGet
from service.console.access import SignedInOnly, ThisMachineOnly, refused_page
from service.console.pages import (
    calibration,
    customers,
    decide,
    decision,
    device,
    home,
    policy,
    policy_entries,
    quarantine,
    recalibration,
    reports,
    reviews,
    search,
    shared_identifiers,
    sign_in,
    static,
    suggest,
    syncs,
)
from service.console.rendering import error_page, refused
from service.console.report_tables import ReadReports
from service.core.errors import Moved, ServiceError
from service.server.body_time import BodyTime
from service.server.rates import Allowance, KeyRate
from service.server.turns import Turns

LARGEST_FORM = 256 * 1024
"""Bytes of a form that is sent."""

SECRET_BYTES = 32

DEFECT = "This is a defect in the service; its log has the details."

NO_SUCH_PAGE = "There is no such page. Search for what you are looking for, or go to the first page."


@dataclass(frozen=True)
class Limits:
    """What callers may use, counted together with what they use of the API; None: as much as they like."""

    turns: Turns
    body_seconds: float
    key_rate: Allowance | None = None
    failed_keys: Allowance | None = None


def create_console(context: Context, limits: Limits, *, keys_required: bool) -> FastAPI:
    """Return the console. Without `keys_required` it answers people at this machine alone."""
    console = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"logs": False},
    )
    console.state.context = context
    console.state.turns = limits.turns
    console.state.keys_required = keys_required
    console.state.failed_keys = limits.failed_keys
    console.state.read_reports = ReadReports()
    console.state.secret = secrets.token_hex(SECRET_BYTES)
    for each in (
        home,
        search,
        suggest,
        device,
        decide,
        decision,
        reviews,
        customers,
        shared_identifiers,
        policy_entries,
        reports,
        syncs,
        quarantine,
        calibration,
        recalibration,
        policy,
        sign_in,
        static,
    ):
        console.include_router(each.router)
    _add_handlers(console)
    console.add_middleware(HeadAsGet)
    console.add_middleware(Compressed)
    console.add_middleware(BodyBound, largest=LARGEST_FORM)
    console.add_middleware(BodyTime, seconds=limits.body_seconds)
    if not keys_required:
        console.add_middleware(ThisMachineOnly)
        return console
    if limits.key_rate:
        console.add_middleware(KeyRate, allowance=limits.key_rate, refuse=refused_page)
    console.add_middleware(SignedInOnly, world=context.world)  # the last one added is the outermost
    return console


def _add_handlers(console: FastAPI) -> None:
    """Make every error a page."""
    console.exception_handler(Moved)(_moved)
    console.exception_handler(ServiceError)(_service_error)
    console.exception_handler(MatchingError)(_matching_error)
    console.exception_handler(RequestValidationError)(_invalid)
    console.exception_handler(HTTPException)(_http_error)
    console.exception_handler(Exception)(_defect)


def _moved(request: Request, error: Moved) -> Response:
    """The same page of the successor, by its path alone."""
    path = request.url.path.replace(f"/{error.retired}", f"/{error.successor}")
    return RedirectResponse(f"{path}?said=moved", 303)


def _service_error(request: Request, error: ServiceError) -> Response:
    return refused(request, error)


def _matching_error(request: Request, error: MatchingError) -> Response:
    return error_page(request, code_of(error).status, str(error))


def _invalid(request: Request, error: RequestValidationError) -> Response:
    names = ", ".join(str(each["loc"][-1])[:100] for each in error.errors())
    return error_page(request, 422, f"the address of the page holds a value that cannot be used: {names}")


def _http_error(request: Request, error: HTTPException) -> Response:
    sentence = NO_SUCH_PAGE if error.status_code == 404 else error.detail
    return error_page(request, error.status_code, sentence, cast("dict[str, str]", error.headers or {}))


def _defect(request: Request, _: Exception) -> Response:
    return error_page(request, 500, DEFECT)
