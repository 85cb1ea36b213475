"""A browser, the demo's fleet, and services over it: one to read for all, and one a test that writes."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from tests.end_to_end.console.browser import Visit, chromium, visiting
from tests.end_to_end.console.pages import use_once
from tests.end_to_end.console.service import Site, copied, made_demo


@pytest.fixture(scope="package")
def browser() -> Iterator[Chromium]:
    """A Chromium for all tests of this folder: its event loop must have ended when other tests run."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return the folder of a demo that nobody changes; the workers of a run share one."""
    own = tmp_path_factory.getbasetemp()
    return made_demo(own if worker_id == "master" else own.parent)


@pytest.fixture(scope="package")
def home(browser: Chromium, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    Return the address of a service without keys, in which somebody has done a few things already.

    The tests of this folder share it, because they only read. It comes after the browser, or never.
    """
    with copied(demo, tmp_path_factory.mktemp("site")).served() as address:
        with visiting(browser, address) as visit:
            use_once(visit)
        yield address


@pytest.fixture
def visit(browser: Chromium, home: str) -> Iterator[Visit]:
    """A visit to that service."""
    with visiting(browser, home) as found:
        yield found


@pytest.fixture
def site(browser: Chromium, demo: Path, tmp_path: Path) -> Site:
    """Return a site for one test, which may change it."""
    return copied(demo, tmp_path)


@pytest.fixture
def visitor(browser: Chromium) -> Iterator[Callable[[str], Visit]]:
    """Return how to begin visits to a service; they are over at the end of the test."""
    with ExitStack() as visits:
        yield lambda home: visits.enter_context(visiting(browser, home))
