"""A fake ConnectWise Manage to sync from."""

from collections.abc import Iterator

import pytest

from tests.service.psa import Psa, running_psa


@pytest.fixture(scope="module")
def server() -> Iterator[Psa]:
    """One server for all tests."""
    with running_psa() as psa:
        yield psa


@pytest.fixture
def psa(server: Psa) -> Psa:
    """The server with 30 rows."""
    server.fill(30)
    return server
