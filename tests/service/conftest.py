"""What all tests of the service share."""

from collections.abc import Iterator

import pytest

from tests.service.stores import close_all


@pytest.fixture(scope="module", autouse=True)
def _no_store_is_left_open() -> Iterator[None]:
    """Close what the tests of a module opened."""
    yield
    close_all()
