"""How many readers and writers are answered at a time."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
from fastapi import Depends, FastAPI

from service.api.http.problems import add_handlers
from service.console.pages.policy import TRY
from service.server.turns import READING_FORMS, READING_POSTS, REPORT_PATHS, Turns, is_report, turn, writes
from tests.end_to_end.commands import PATIENCE
from tests.service.api.conftest import the_document
from tests.service.server.asgi import request


class Site:
    """An application whose writers wait until they are let go."""

    def __init__(self, turns: Turns) -> None:
        self.app = FastAPI()
        self.app.state.turns = turns
        self.go_on = threading.Event()
        self.begun = threading.Semaphore(0)
        add_handlers(self.app)
        self.app.post("/write", dependencies=[Depends(turn, scope="function")])(self.write)
        self.app.get("/read", dependencies=[Depends(turn, scope="function")])(self.read)
        self.app.get("/metrics", dependencies=[Depends(turn, scope="function")])(self.write)

    def write(self) -> None:
        """Write for as long as somebody else does."""
        self.begun.release()
        assert self.go_on.wait(PATIENCE)

    def read(self) -> None:
        """Read."""

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=PATIENCE) as client:
            yield client


@contextmanager
def letting_go(site: Site) -> Iterator[None]:
    """Let the writers go at the end, whatever happens."""
    try:
        yield
    finally:
        site.go_on.set()


def test_readers_are_answered_while_writers_wait() -> None:
    """However many wait, they hold no thread; when the stuck one goes on, all are done."""
    site = Site(Turns(PATIENCE, writers=2))

    async def story() -> None:
        async with site.asking() as client:
            with letting_go(site):
                writers = [asyncio.create_task(client.post("/write")) for _ in range(45)]
                for _ in range(2):
                    assert await asyncio.to_thread(site.begun.acquire, timeout=PATIENCE)
                for _ in range(20):
                    assert (await client.get("/read")).status_code == 200
                assert not any(each.done() for each in writers)
            answers = await asyncio.gather(*writers)
        assert {each.status_code for each in answers} == {200}

    asyncio.run(story())


def test_readers_are_answered_while_reports_are_made() -> None:
    """However many are asked for."""
    site = Site(Turns(PATIENCE, readers=1, reports=2))

    async def story() -> None:
        async with site.asking() as client:
            with letting_go(site):
                reports = [asyncio.create_task(client.get("/metrics")) for _ in range(45)]
                for _ in range(2):
                    assert await asyncio.to_thread(site.begun.acquire, timeout=PATIENCE)
                assert (await client.get("/read")).status_code == 200
            answers = await asyncio.gather(*reports)
        assert {each.status_code for each in answers} == {200}

    asyncio.run(story())


@pytest.mark.parametrize(
    ("method", "path", "code"), [("POST", "/write", "writer-busy"), ("GET", "/read", "readers-busy")]
)
def test_who_gets_no_turn_in_time_is_told_when_to_try_again(method: str, path: str, code: str) -> None:
    """503 with `Retry-After` and a code of its own, instead of a wait without end."""
    site = Site(Turns(0.01, readers=0, writers=0))

    async def story() -> httpx.Response:
        async with site.asking() as client:
            return await client.request(method, path)

    answer = asyncio.run(story())
    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert answer.headers["retry-after"] == str(answer.json()["retry_after"]) == "5"


def test_a_turn_that_is_over_is_free_again() -> None:
    """Also where the endpoint fails."""
    site = Site(Turns(PATIENCE, writers=1))
    site.go_on.set()

    async def story() -> list[int]:
        async with site.asking() as client:
            return [(await client.post("/write")).status_code for _ in range(3)]

    assert asyncio.run(story()) == [200, 200, 200]


@pytest.mark.parametrize(
    ("method", "path", "writing"),
    [
        ("GET", "/v1/devices", False),
        ("HEAD", "/v1/devices", False),
        ("POST", "/v1/lookup", False),
        ("POST", "/v1/reports/counts", False),
        ("POST", "/reports/counts", False),
        ("POST", "/v1/records", True),
        ("DELETE", "/v1/records/a/1", True),
    ],
)
def test_a_writer_is_who_may_change_something(method: str, path: str, writing: bool) -> None:
    """A look-up of many, and counts beside a list, are a POST that only asks."""
    assert writes(request(path, method=method)) is writing


def test_every_path_that_is_named_is_that_of_a_call() -> None:
    """One that is renamed would become a writer, or a reader, in silence."""
    paths = the_document()["paths"]

    assert {path for path, calls in paths.items() if "post" in calls} >= READING_POSTS
    assert all(any(path.startswith(beginning) for path in paths) for beginning in REPORT_PATHS)


def test_a_form_that_only_asks_is_one_of_the_console() -> None:
    """Its turn is that of a report, because it looks at all that is stored."""
    assert {TRY} == READING_FORMS
    assert not writes(request(TRY, method="POST"))
    assert is_report(request(TRY, method="POST"))
