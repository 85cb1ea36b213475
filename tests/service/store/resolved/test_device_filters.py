"""The list of devices is narrowed by what devices are, who lists them, and what is open about them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from matching.model import Decision, Key, Verdict
from service.resolution.upgrading import upgrade
from service.stewardship.deciding import decide
from service.store.access.visibility import Customer
from service.store.resolved import devices
from service.store.resolved.device_filters import Filters
from tests.service.sandbox import Sandbox, record
from tests.service.statements import tell
from tests.service.stores import on_both

GUID = "4C4C4544-0051-3510-8052-B8C04F4E3132"
OCTOBER, NOVEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (10, 11))


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store with a device of two records, one that is retired, and two that may be one."""
    world = Sandbox(tmp_path)
    world.push(
        record(
            "a:1",
            serial="SN-10001",
            company_id="7",
            company="Straße GmbH",
            type="Laptop",
            last_seen="2026-09-01T00:00:00Z",
        ),
        record("b:1", serial="SN-10001", company_id="b-9"),
        record("a:2", serial="SN-20002", company="Acme", active=False, last_seen="2026-10-15T00:00:00Z"),
        record("a:3", serial="SN-30003", bios_guid=GUID, company="Acme"),
        record("b:3", serial="SN-30003", bios_guid=f"5{GUID[1:]}", company="Acme"),
    )
    return world


@pytest.fixture
def connection(world: Sandbox) -> Iterator[Connection]:
    """Read what is stored."""
    with world.store.reading() as connection:
        yield connection


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"a:1", "a:2", "a:3", "b:3"}),
    ({"company": "STRASSE gmbh"}, {"a:1"}),
    ({"type": "lapTOP"}, {"a:1"}),
    ({"customer": Customer("a", "7")}, {"a:1"}),
    ({"customer": Customer("b", "b-9")}, {"a:1"}),
    ({"customer": Customer("a", "b-9")}, set()),
    ({"provider": "b"}, {"a:1", "b:3"}),
    ({"without_provider": "b"}, {"a:2", "a:3"}),
    ({"provider": "b", "without_provider": "a"}, {"b:3"}),
    ({"active": True}, {"a:1", "a:3", "b:3"}),
    ({"active": False}, {"a:2"}),
    ({"seen_before": OCTOBER}, {"a:1"}),
    ({"seen_after": OCTOBER}, {"a:2"}),
    ({"seen_after": datetime(2026, 9, 1, tzinfo=UTC)}, {"a:2"}),
    ({"updated_since": NOVEMBER}, {"a:1", "a:2", "a:3", "b:3"}),
    ({"updated_since": datetime(2026, 12, 1, tzinfo=UTC)}, set()),
    ({"has_conflict": False}, {"a:1", "a:2", "a:3", "b:3"}),
    ({"has_conflict": True}, set()),
    ({"has_review": True}, {"a:3", "b:3"}),
    ({"has_review": False}, {"a:1", "a:2"}),
    ({"text": "sn-1"}, {"a:1"}),
    ({"text": "STRASS"}, {"a:1"}),
    ({"company": "acme", "has_review": False}, {"a:2"}),
    ({"provider": "a\0"}, set()),
]


@on_both
@pytest.mark.parametrize(("wanted", "found"), FILTERS, ids=[str(wanted) for wanted, _ in FILTERS])
def test_every_filter_that_is_given_has_to_hold(
    world: Sandbox, connection: Connection, wanted: dict[str, Any], found: set[str]
) -> None:
    """Ids, rows and the count are of the same devices."""
    filters = Filters(**wanted)
    homes = {world.home(key) for key in found}

    assert set(devices.ids(connection, filters, None, "", 10)) == homes
    assert {row.id for row in devices.page(connection, filters, "", 10)} == homes
    assert devices.count(connection, filters, None, 10) == len(homes)


@on_both
def test_devices_whose_records_differ_on_hardware_are_found(world: Sandbox) -> None:
    """A person joined them, although their GUIDs are two."""
    decide(world, Decision(Verdict.SAME, Key("a", "3"), Key("b", "3"), "anna", "saw it"))

    with world.store.reading() as connection:
        assert devices.ids(connection, Filters(has_conflict=True), None, "", 10) == [world.home("a:3")]
        assert world.home("a:3") not in devices.ids(connection, Filters(has_conflict=False), None, "", 10)


@on_both
def test_what_older_stores_hold_is_found_too(world: Sandbox) -> None:
    """The upgrade reads it from the golden values."""
    filters = [Filters(**wanted) for wanted, _ in FILTERS]
    with world.store.reading() as connection:
        before = [devices.ids(connection, each, None, "", 10) for each in filters]

    world.store.downgrade("0015")
    upgrade(world)

    with world.store.reading() as connection:
        assert [devices.ids(connection, each, None, "", 10) for each in filters] == before


@pytest.mark.parametrize("wanted", [wanted for wanted, _ in FILTERS if "text" not in wanted], ids=str)
def test_no_filter_reads_the_devices_themselves(world: Sandbox, wanted: dict[str, Any]) -> None:
    """They are a hundred times as large as what they are filtered by: SQLite answers from indexes alone."""
    asked: list[str] = []
    tell(world.store, asked.append)
    with world.store.reading() as connection:
        devices.ids(connection, Filters(**wanted), None, "", 10)
        devices.count(connection, Filters(**wanted), None, 10)
    statements = [each for each in asked if each.startswith("SELECT")]

    with world.store.reading() as connection:
        for statement in statements:
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
            steps = [step for step in plan if step.startswith(("SCAN devices", "SEARCH devices"))]
            assert all("COVERING INDEX" in step for step in steps), plan
    assert len(statements) == 2
