"""What all tests of the service share."""

from collections.abc import Iterator

import pytest

from tests.service import postgres
from tests.service.stores import choose, close_all


@pytest.fixture(scope="module", autouse=True)
def _no_store_is_left_open() -> Iterator[None]:
    """Close what the tests of a module opened."""
    yield
    close_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Make the stores of a test on one database, then on the other; the value is its name."""
    if request.param == "postgresql":
        postgres.server()
    choose(request.param)
    yield request.param
    choose("sqlite")
