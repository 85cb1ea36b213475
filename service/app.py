"""The web application: routers, error handlers and middleware."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from service.api import changes, decisions, devices, explain, health, lookup, metrics, records, reports, reviews, syncs
from service.api.access import OPEN, BearerKeys, LoopbackOnly
from service.api.context import Context, known_query
from service.api.documentation import page as documentation
from service.api.edge import AnswerHeaders, BodyBound
from service.api.problems import Problem, add_handlers, responses
from service.core.settings import Settings
from service.store.world import World
from service.syncs.background import Background

DESCRIPTION = """
Which records, in which systems, are the same box. Errors are `application/problem+json` (RFC 9457).

Lists come in pages: `{"data": [...], "next_cursor": ...}`, and a `Link` header with `rel="next"`.

A key has scopes: `read`, `ingest`, `steward` (may also read) and `admin` (may do everything). The security requirement
of each operation names the scope that it needs, as the roles of a bearer scheme in OpenAPI 3.1. A key that lacks it
gets a 403 with the code `insufficient-scope`.
"""


class _Application(FastAPI):
    """Adds to the OpenAPI document what no single operation can declare: the shape of problems, and open calls."""

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        document = super().openapi()
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components = document["components"]
        components["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
        for path in OPEN:
            document["paths"][path]["get"]["security"] = []
        if not self.state.keys_required:
            for operation in (each for item in document["paths"].values() for each in item.values()):
                if operation.get("security") and {} not in operation["security"]:
                    operation["security"].append({})  # to come without a key is enough
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
    background = Background(world, settings)
    app.state.context = Context(world, background, settings.sync, settings.calibration.max_change)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(_v1())
    app.include_router(documentation.router)
    add_handlers(app)
    app.add_middleware(BodyBound)
    if keys_required:
        app.add_middleware(BearerKeys, world=world)
    else:
        app.add_middleware(LoopbackOnly)
    app.add_middleware(AnswerHeaders)  # the last one added is the outermost
    return app


def _v1() -> APIRouter:
    router = APIRouter(
        prefix="/v1", dependencies=[Depends(known_query)], responses=responses(400, 401, 403, 421, 500, 503)
    )
    for resource in (lookup, devices, explain, reports, records, syncs, reviews, decisions, changes):
        router.include_router(resource.router)
    return router


def _operation_id(route: APIRoute) -> str:
    """Clients are generated from these: a function that is renamed breaks them."""
    return route.name
