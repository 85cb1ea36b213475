"""
The routes of the fake server, and the thread that serves them.

The README beside this file says what is known of the real server and what was chosen here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socket import AF_INET, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from threading import Event, Thread

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.demo.connectwise.answers import Refusal, malformed, reply
from service.demo.connectwise.conditions import BadConditions, parse
from service.demo.connectwise.faults import Faults, Log
from service.demo.connectwise.fields import projected
from service.demo.connectwise.middleware import Credentials, Faulty, Guarded, Logged
from service.demo.connectwise.ordering import ordered
from service.demo.connectwise.paging import forward_only, page_after, page_at
from service.demo.connectwise.rows import Rows, companies, types
from service.demo.connectwise.schema import ApiRow, Schema

BASE_PATH = "/v4_6_release/apis/3.0"

# The real server supports these too. To ignore them would return rows that the caller excluded.
NOT_MODELLED = ("childConditions", "customFieldConditions", "managedIdentifier")

INFO = {
    "version": "v2025.16.104",
    "isCloud": True,
    "serverTimeZone": "Eastern Standard Time",
    "licenseBits": [{"name": "Service", "activeFlag": True}, {"name": "Procurement", "activeFlag": False}],
    "cloudRegion": "NA",
    "maxWorkFlowRecordsAllowed": 50,
}


def create_fake(  # noqa: PLR0913 - what is served, and the four parts of the credentials
    configurations: Iterable[ApiRow],
    agreements: Iterable[ApiRow] = (),
    additions: Iterable[ApiRow] = (),
    /,
    *,
    company_id: str,
    public_key: str,
    private_key: str,
    client_id: str,
) -> Starlette:
    """
    Return the application.

    `app.state` holds `rows`, the configurations, `agreements` and `additions` (to change), `faults` (to plan) and `log`
    (to assert on). An addition is of the agreement that its `agreementId` names.

    Raises: ValueError if a row has no positive integer as id.
    """
    rows, faults, log = Rows("a configuration", configurations), Faults(), Log()
    agreed, added = Rows("an agreement", agreements), Rows("an addition", additions)
    credentials = Credentials(company_id, public_key, private_key, client_id)
    app = Starlette(
        routes=[*_routes_of_companies(rows, agreed), *_routes_of_agreements(agreed, added)],
        middleware=[
            Middleware(Logged, log, BASE_PATH),
            Middleware(Faulty, faults, BASE_PATH),
            Middleware(Guarded, credentials),
        ],
        exception_handlers={Refusal: _refused, HTTPException: _refused},
    )
    app.router.redirect_slashes = False
    app.state.rows, app.state.faults, app.state.log = rows, faults, log
    app.state.agreements, app.state.additions = agreed, added
    return app


def _routes_of_companies(rows: Rows, agreements: Rows) -> list[Route]:
    async def one(request: Request) -> Response:
        row = rows.find(request.path_params["id"])
        if row is None:
            raise Refusal(404, "NotFound", "configuration not found", [])
        return reply(projected(row, request.query_params.get("fields", "")))

    return [
        Route(BASE_PATH + "/system/info", _info),
        *_list_and_count("/company/configurations", Schema("Company.Configuration"), lambda _: rows.all()),
        *_list_and_count("/company/configurations/types", Schema("ConfigurationType"), lambda _: types(rows.all())),
        *_list_and_count(
            "/company/companies", Schema("Company"), lambda _: companies([*rows.all(), *agreements.all()])
        ),
        Route(BASE_PATH + "/company/configurations/{id:int}", one),
    ]


def _routes_of_agreements(agreements: Rows, additions: Rows) -> list[Route]:
    def of_agreement(request: Request) -> list[ApiRow]:
        key = request.path_params["id"]
        if agreements.find(key) is None:
            raise Refusal(404, "NotFound", "agreement not found", [])
        return [row for row in additions.all() if row.get("agreementId") == key]

    return [
        *_list_and_count("/finance/agreements", Schema("Agreement"), lambda _: agreements.all()),
        *_list_and_count("/finance/agreements/{id:int}/additions", Schema("Addition"), of_agreement),
    ]


async def _info(_: Request) -> Response:
    return reply(INFO)


def _list_and_count(path: str, schema: Schema, rows: Callable[[Request], list[ApiRow]]) -> list[Route]:
    """Return the two routes that every record type has."""

    async def listed(request: Request) -> Response:
        chosen = _chosen(request, schema, rows(request))
        paged = page_after if forward_only(request.headers) else page_at
        page = paged(chosen, request.query_params, request.url)
        shown = projected(page.rows, request.query_params.get("fields", ""))
        return reply(shown, headers={"link": page.link})

    async def counted(request: Request) -> Response:
        return reply({"count": len(_chosen(request, schema, rows(request)))})

    return [Route(BASE_PATH + path, listed), Route(f"{BASE_PATH}{path}/count", counted)]


def _chosen(request: Request, schema: Schema, rows: list[ApiRow]) -> list[ApiRow]:
    """Return the rows that the conditions choose, in the order asked for."""
    query = request.query_params
    for name in NOT_MODELLED:
        if name in query:
            raise malformed(name, "This server does not model it.")
    try:
        if conditions := query.get("conditions", "").strip():
            rows = list(filter(parse(conditions, schema), rows))
    except BadConditions as error:
        raise malformed("conditions", str(error)) from error
    return ordered(rows, query["orderBy"], schema) if query.get("orderBy") else rows


async def _refused(_: Request, error: Exception) -> Response:
    """Answer every refusal with the vendor's error body, those of the router too."""
    match error:
        case Refusal():
            return error.answer()
        case HTTPException(status_code=404):
            return Refusal(404, "NotFound", "There is no such resource.", []).answer()
        case HTTPException(status_code=status, detail=detail):
            return Refusal(status, "NotAllowed", detail, []).answer()
        case _:
            raise error


class _Server(uvicorn.Server):
    """Sets `ready` when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def running(app: Starlette, *, port: int = 0) -> Iterator[str]:
    """
    Serve the fake on loopback, on a free port unless one is given; the value is what a client takes as its `BaseUrl`.

    Leaving stops the server at once: requests still waiting for an answer are cut off.

    Raises: OSError if the port is taken.
    """
    # No grace period: an answer that a test delays must not delay the end of the test.
    config = uvicorn.Config(app, lifespan="off", log_config=None, log_level="critical", timeout_graceful_shutdown=0)
    server = _Server(config)
    # The protocol is named because asyncio turns Nagle's delay off only then: 40 ms an answer.
    with socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) as listening:
        listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        thread = Thread(target=server.run, args=([listening],), name="fake-connectwise", daemon=True)
        thread.start()
        try:
            if not server.ready.wait(timeout=10):
                raise RuntimeError("the fake ConnectWise Manage server did not start")
            yield f"http://127.0.0.1:{listening.getsockname()[1]}{BASE_PATH}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
