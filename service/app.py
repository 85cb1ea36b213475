"""The web application: the API with its routers, error handlers and middleware, and the console beside it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from importlib.metadata import version
from typing import Any, cast

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from service.api import (
    changes,
    decisions,
    devices,
    explain,
    feeds,
    health,
    lookup,
    metrics,
    providers,
    records,
    reports,
    reviews,
    syncs,
)
from service.api.documentation import page as documentation
from service.api.http import bodies
from service.api.http.access import OPEN, BearerKeys, LoopbackOnly
from service.api.http.context import Context, known_query
from service.api.http.edge import AnswerHeaders, BodyBound, Compressed
from service.api.http.examples import add_examples
from service.api.http.methods import HeadAsGet
from service.api.http.operations import add_bound_keys
from service.api.http.problems import Problem, add_handlers, responses
from service.api.http.waiting import Waiting
from service.console.app import Limits, create_console
from service.console.door import ConsoleDoor
from service.core.server_settings import ServerSettings
from service.core.settings import Settings
from service.reports.rules import ReportRules
from service.server.body_time import BodyTime
from service.server.rates import Allowance, FailedKeys, KeyRate
from service.server.request_log import RequestLog
from service.server.turns import Turns, turn
from service.stewardship.recalibrating import BackgroundRecalibrations
from service.store.world import World
from service.syncs.background import Background

DESCRIPTION = """
Which records, in which systems, are the same box. Errors are `application/problem+json` (RFC 9457).

Where there is `GET`, there is `HEAD`, which answers with the same headers.

Lists come in pages: `{"data": [...], "next_cursor": ...}`, and a `Link` header with `rel="next"`.

A key has scopes: `read`, `ingest`, `steward` (may also read) and `admin` (may do everything). The security requirement
of each operation names the scope that it needs, as the roles of a bearer scheme in OpenAPI 3.1. A key that lacks it
gets a 403 with the code `insufficient-scope`. `x-answers-bound-keys` says of each operation whether a key that is bound
to customers is answered; where it is not, such a key gets a 403 with the code `needs-unbound-key`.
"""


class _Application(FastAPI):
    """
    Adds what no single operation can declare: to the OpenAPI document the shape of problems, and open calls.

    To each answer its id, also to that for a defect, which the framework makes outside all other middleware.
    """

    def build_middleware_stack(self) -> ASGIApp:
        """Return what answers a request."""
        return RequestLog(super().build_middleware_stack())

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        document = super().openapi()
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components = document["components"]
        components["schemas"] |= {**problem.pop("$defs"), "Problem": problem, **bodies.schemas()}
        for path in OPEN:
            document["paths"][path]["get"]["security"] = []
        if not self.state.keys_required:
            for operation in (each for item in document["paths"].values() for each in item.values()):
                if operation.get("security") and {} not in operation["security"]:
                    operation["security"].append({})  # to come without a key is enough
        add_bound_keys(document, self.routes)
        add_examples(document)
        return document


def create_app(world: World, settings: Settings, *, keys_required: bool) -> FastAPI:
    """
    Return the application. Without `keys_required` it answers programs on this machine alone.

    The page of documentation is our own: the framework's loads its scripts from elsewhere.
    """
    app = _Application(
        title="Samebox",
        summary="Cross-provider device deduplication",
        description=DESCRIPTION,
        version=version("samebox"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would drop bodies and keys; a wrong address is a 404
        generate_unique_id_function=_operation_id,
        telemetry={"logs": False},  # its log records would carry what callers sent
    )
    app.state.keys_required = keys_required
    app.state.waiting = Waiting()
    background = Background(world, settings)
    answering = replace(world.store, patience=int(settings.server.wait_seconds * 1000))
    context_world = World(answering, world.settings_policy, world.now, world.new_id, world.processes)
    app.state.context = Context(
        world=context_world,
        syncs=background,
        recalibrations=BackgroundRecalibrations(world),
        sync_rules=settings.sync,
        max_change=settings.calibration.max_change,
        report_rules=ReportRules.of(settings),
        settings=settings,
    )
    app.state.turns = Turns(settings.server.wait_seconds)
    _include_v1(app)  # routes are tried in this order, and these are asked for most
    app.include_router(health.router)
    app.include_router(metrics.router, dependencies=[Depends(turn, scope="function")])
    app.include_router(documentation.router)
    add_handlers(app)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Compressed)
    app.add_middleware(BodyBound)
    app.add_middleware(BodyTime, seconds=settings.server.body_seconds)
    limits = _limits(app.state.turns, settings.server)
    if keys_required:
        _ask_for_keys(app, world, limits)
    else:
        app.add_middleware(LoopbackOnly)
    console = create_console(app.state.context, limits, keys_required=keys_required)
    app.add_middleware(ConsoleDoor, console=console, api_routes=app.routes)
    app.add_middleware(AnswerHeaders)  # the last one added is the outermost
    return app


def _limits(turns: Turns, settings: ServerSettings) -> Limits:
    """What is counted of a caller is counted over the API and the console together."""
    return Limits(
        turns,
        settings.body_seconds,
        Allowance(settings.requests_per_minute) if settings.requests_per_minute else None,
        Allowance(settings.failed_keys_per_minute) if settings.failed_keys_per_minute else None,
    )


def _ask_for_keys(app: FastAPI, world: World, limits: Limits) -> None:
    if limits.key_rate:
        app.add_middleware(KeyRate, allowance=limits.key_rate)
    app.add_middleware(BearerKeys, world=world)
    if limits.failed_keys:
        app.add_middleware(FailedKeys, allowance=limits.failed_keys)


def _include_v1(app: FastAPI) -> None:
    """Without a router of its own: each request would be matched against one more level of them."""
    resources = lookup, devices, explain, reports, records, feeds, syncs, reviews, decisions, changes, providers
    for resource in resources:
        app.include_router(
            resource.router,
            prefix="/v1",
            dependencies=[Depends(_admitted, scope="function")],
            responses=responses(400, 401, 403, 408, 421, 429, 500, 503),
        )


async def _admitted(request: Request) -> AsyncIterator[None]:
    """
    Dependency of every operation: refuse a wrong query, then hold a turn while the endpoint runs.

    The turn is not held while the body comes or the answer goes, if this is given `scope="function"`. The two are one
    dependency because the framework takes longer for each than they do.
    """
    known_query(request)
    async with cast(Turns, request.app.state.turns).held_for_call(request.scope):
        yield


def _operation_id(route: APIRoute) -> str:
    """Clients are generated from these: a function that is renamed breaks them."""
    return route.name
