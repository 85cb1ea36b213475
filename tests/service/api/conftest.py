"""A real server on loopback over a real store, and a client that holds every answer against the OpenAPI document."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from socket import AF_INET, IPPROTO_TCP, SOCK_STREAM, socket
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from openapi_schema_validator import OAS31Validator

from service.app import create_app
from service.core.settings import Settings
from service.store.world import World
from tests.service.reports.fleets import empty_world, world_of
from tests.service.stores import DATABASES, made_on

LAPTOP = {
    "company": "Acme Inc.",
    "type": "Laptop",
    "hostname": "acme-lt-0421.corp.acme.com",
    "serial": "5CG1234ABC",
    "bios_guid": "4C4C4544-0042-3510-8054-B4C04F4A5931",
    "macs": ["3C-52-82-AA-BB-01"],
}

FLEET: list[dict[str, Any]] = [
    {**LAPTOP, "provider": "cw_manage", "id": "4711", "name": "ACME-LT-0421", "tag_number": "T-9", "status": "Active"},
    {**LAPTOP, "provider": "cw_manage", "id": "4712", "name": "=ACME-LT-0421", "status": "Inactive", "active": False},
    {**LAPTOP, "provider": "cw_rmm", "id": "A/17", "last_seen": "2026-11-20T08:00:00Z"},
    {
        "provider": "cw_rmm",
        "id": "A-18",
        "company": "Acme Inc.",
        "type": "Server",
        "hostname": "acme-srv-1",
        "serial": "VM9",
    },
    {"provider": "cw_manage", "id": "4713", "company": "Acme Inc.", "type": "Printer", "name": "Printer 2nd floor"},
]


def seeded_world(folder: Path) -> World:
    """Return a world that has taken in the fleet above."""
    return world_of(folder, *FLEET)


def application(world: World, *, keys_required: bool = False) -> FastAPI:
    """Return the application over a world."""
    return create_app(world, Settings(), keys_required=keys_required)


@cache
def the_document() -> dict[str, Any]:
    """Return the OpenAPI document, which is the same over any store."""
    with TemporaryDirectory() as folder:
        return application(empty_world(Path(folder))).openapi()


class _Server(uvicorn.Server):
    """Says when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of loopback; the value is its address."""
    server = _Server(uvicorn.Config(app, lifespan="off", log_config=None, log_level="critical"))
    with socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        thread = Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        assert server.ready.wait(10)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


class Client(httpx.Client):
    """An HTTP client that trusts nothing: each answer is what the service's own document says it is."""

    document: dict[str, Any]

    def request(self, method: str, url: Any, **options: Any) -> httpx.Response:
        """Ask, and check the answer's status, media type and body."""
        answer = super().request(method, url, **options)
        conform(answer, self.document)
        return answer


def conform(answer: httpx.Response, document: dict[str, Any]) -> None:
    """Check an answer against the document; addresses outside of it may only be answered with a problem."""
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.is_error and answer.request.method != "HEAD":
        assert media_type == "application/problem+json"
        valid(answer.json(), {"$ref": "#/components/schemas/Problem"}, document)
        assert answer.json()["status"] == answer.status_code
    if operation := _operation(answer.request, document):
        declared = operation["responses"][str(answer.status_code)]
        if media_type == "application/problem+json" and answer.content:
            assert answer.json()["code"] in declared["x-problem-codes"]
        if answer.content:
            schema = declared["content"][media_type]["schema"]
            valid(answer.json() if media_type.endswith("json") else answer.text, schema, document)


def valid(instance: object, schema: dict[str, Any], document: dict[str, Any]) -> None:
    """Check a value against a schema of the document."""
    OAS31Validator({**schema, "components": document["components"]}).validate(instance)


def _operation(request: httpx.Request, document: dict[str, Any]) -> dict[str, Any] | None:
    """Return the operation that a request asks for; the path with the fewest variables has it."""
    for template in sorted(document["paths"], key=lambda path: path.count("{")):
        pattern = re.sub(r"\{record_id\}", ".+", template)
        pattern = re.sub(r"\{\w+\}", "[^/]+", pattern)
        operations = document["paths"][template]
        if (
            re.fullmatch(pattern, request.url.raw_path.decode().partition("?")[0])
            and request.method.lower() in operations
        ):
            found: dict[str, Any] = operations[request.method.lower()]
            return found
    return None


@contextmanager
def asking(app: FastAPI, **options: Any) -> Iterator[Client]:
    """Serve an application and return a client for it."""
    with serving(app) as address, Client(base_url=address, timeout=60, **options) as client:
        client.document = the_document()
        yield client


@pytest.fixture(scope="module", params=DATABASES)
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a service over the seeded store, open to this machine; on one database, then on the other."""
    with made_on(request.param):
        world = seeded_world(tmp_path_factory.mktemp("store"))
    with asking(application(world)) as client:
        yield client
