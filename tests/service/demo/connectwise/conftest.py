"""One running fake for all tests of this folder, made well again before each."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette

from service.demo.connectwise.server import create_fake, running
from tests.service.demo.connectwise.sample import ADDITIONS, AGREEMENTS, CONFIGURATIONS, CREDENTIALS, HEADERS


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Starlette, str]]:
    app = create_fake(CONFIGURATIONS, AGREEMENTS, ADDITIONS, **CREDENTIALS)
    with running(app) as url:
        yield app, url


@pytest.fixture
def fake(served: tuple[Starlette, str]) -> Starlette:
    """The application behind `client`, with the sample rows, no faults and an empty log."""
    app, _ = served
    for row in app.state.rows.all():
        app.state.rows.remove(row["id"])
    for row in CONFIGURATIONS:
        app.state.rows.put(row)
    app.state.faults.clear()
    app.state.log.seen.clear()
    return app


@pytest.fixture(scope="session")
def caller(served: tuple[Starlette, str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[1], headers=HEADERS, timeout=5) as client:
        yield client


@pytest.fixture
def client(fake: Starlette, caller: httpx.Client) -> httpx.Client:
    """A caller with the right credentials and headers; `fake` is what it talks to."""
    return caller
