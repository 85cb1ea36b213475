"""What is stored of visible records, and what is told of values that are no evidence."""

import json
from pathlib import Path

from matching.model import Key
from service.store.access.visibility import Customer, Visibility
from service.store.resolved import visible
from tests.service.sandbox import Sandbox, record
from tests.service.statements import collected
from tests.service.stores import on_both

pytestmark = on_both

ACME = Visibility(frozenset({Customer("a", "1"), Customer("b", "2")}))
NOBODY = Visibility(frozenset({Customer("a", "2")}))


def filled(folder: Path) -> Sandbox:
    """Return a world with records of two customers."""
    world = Sandbox(folder)
    world.push(
        record("a:1", company_id="1", serial="SN-10001"),
        record("b:1", company_id="2", serial="SN-20002"),
        record("b:2", company_id="1", serial="SN-10001"),
        record("b:3", serial="SN-30003"),
    )
    return world


def test_records_are_visible_by_provider_and_company_id(tmp_path: Path) -> None:
    """Alone, by device and by key."""
    world = filled(tmp_path)
    keys = [Key("a", "1"), Key("b", "2"), Key("b", "3")]

    with world.store.reading() as connection:
        assert [str(row.key) for row in visible.every(connection, ACME)] == ["a:1", "b:1"]
        assert list(visible.by_key(connection, ACME, keys)) == [Key("a", "1")]
        ids = visible.device_ids(connection, ACME)
        assert ids == sorted([world.home("a:1"), world.home("b:1")])
        assert visible.device_ids(connection, ACME, ids[0]) == ids[1:]
        assert [str(row.key) for row in visible.of_devices(connection, ACME, ids)] == ["a:1", "b:1"]
        assert visible.every(connection, NOBODY) == []


def test_a_record_that_goes_to_another_customer_is_not_visible_any_more(tmp_path: Path) -> None:
    """What counts is what the provider says now."""
    world = filled(tmp_path)
    world.push(record("a:1", company_id="2", serial="SN-10001"))

    with world.store.reading() as connection:
        assert [str(row.key) for row in visible.every(connection, ACME)] == ["b:1"]
        assert [str(row.key) for row in visible.every(connection, NOBODY)] == ["a:1"]


def test_visible_records_are_found_by_an_index(tmp_path: Path, database: str) -> None:
    """And not by reading all records; PostgreSQL reads a table that is so small."""
    world = filled(tmp_path)
    with collected(world.store) as asked, world.store.reading() as connection:
        visible.every(connection, ACME)
    if database == "sqlite":
        with world.store.reading() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0]}", ("$",) * asked[0].count("?")).all()
        assert "ix_records_provider_company_id" in str(plan)


def test_how_many_records_of_all_customers_a_reason_rests_on_is_not_told() -> None:
    """The reason is; others are told as they are."""
    reasons = {
        "over-shared: 7 boxes of rmm_beta hold it": "over-shared",
        "cw_manage's field is not trusted: 3 of 40 values agree with others": "cw_manage's field is not trusted",
        "placeholder": "placeholder",
        "not a serial: too short": "not a serial: too short",
    }
    suppressed = json.dumps([{"kind": "serial", "value": "X", "reason": reason} for reason in reasons])

    told = json.loads(visible.suppressed_as_told(suppressed))

    assert [each["reason"] for each in told] == list(reasons.values())
    assert visible.suppressed_as_told("[]") == "[]"
