"""One sync has a provider at a time, and notices when it has lost it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from service.core.processes import Process
from service.store.ingested import leases
from service.store.ingested.leases import Lease
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
PROCESS = Process("0b1c2d3e-boot", "pid:[4026531836]", 4711, 2**40)
FIRST, SECOND = Lease("a", "s-1", "host-1", NOON), Lease("a", "s-2", "host-2", LATER, PROCESS)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """Give a store in which a sync has one provider, and another sync another one."""
    with Sandbox(tmp_path).store.writing() as connection:
        leases.put(connection, FIRST)
        leases.put(connection, Lease("b", "s-3", "host-1", NOON))
        yield connection


def test_a_provider_is_given_to_one_sync(connection: Connection) -> None:
    """Whoever had it before has it no longer, and other providers are not touched; a lease may name a process."""
    assert leases.find(connection, "a") == FIRST
    leases.put(connection, SECOND)

    assert leases.find(connection, "a") == SECOND
    assert leases.find(connection, "b") == Lease("b", "s-3", "host-1", NOON)
    assert leases.find(connection, "c") is None


def test_a_sync_that_has_lost_its_provider_cannot_renew(connection: Connection) -> None:
    """It is told so, and the time of who has it now stays as it is."""
    assert leases.renew(connection, "s-1", LATER)
    assert leases.find(connection, "a") == Lease("a", "s-1", "host-1", LATER)
    leases.put(connection, SECOND)

    assert not leases.renew(connection, "s-1", LATER + timedelta(hours=1))
    assert leases.find(connection, "a") == SECOND


def test_a_sync_gives_back_its_own_provider_alone(connection: Connection) -> None:
    """Once; one that has lost it takes nothing from the other."""
    assert leases.release(connection, "s-3")
    assert not leases.release(connection, "s-3")
    leases.put(connection, SECOND)

    assert not leases.release(connection, "s-1")
    assert (leases.find(connection, "a"), leases.find(connection, "b")) == (SECOND, None)
