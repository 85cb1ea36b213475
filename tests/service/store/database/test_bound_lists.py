"""A column, or a pair of columns, is compared with a list of any length: through an index, by one statement."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.sql.compiler import SQLCompiler

from matching.model import Key
from service.store.database.bound_lists import is_key, one_of
from service.store.database.tables import blocking_keys, devices, memberships, records
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

EXTREMES = [0, 1, -1, 2**63 - 1, -(2**63), 2**53 + 1, -(2**53) - 1]
BY_CHECKSUM = select(blocking_keys.c.blocking_key).where(one_of(blocking_keys.c.blocking_key, "wanted"))
BY_DEVICE = select(memberships.c.record_id).where(one_of(memberships.c.device_id, "wanted"))
OF_RECORDS = select(records.c.provider, records.c.record_id).where(is_key(records.c.provider, records.c.record_id))
OF_MEMBERS = select(memberships.c.device_id).where(is_key(memberships.c.provider, memberships.c.record_id))


NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def filled(folder: Path, count: int) -> Sandbox:
    """Return a world with rows in the tables that are asked, straight into them."""
    world = Sandbox(folder)
    keys = [{"provider": "a", "record_id": str(n)} for n in range(count)]
    times = dict.fromkeys(["first_seen_at", "changed_at", "returned_at"], NOON)
    said = {"payload": "x" * 300, "content_hash": "0" * 64, "terms": b"", **times}
    shown = {"golden": "{}", "provenance": "{}", "search_text": "", "created_at": NOON, "updated_at": NOON}
    member = {"suppressed": "[]", "blocking_keys": b""}
    with world.store.writing() as connection:
        connection.execute(records.insert(), [{**key, **said, "number": n} for n, key in enumerate(keys)])
        connection.execute(devices.insert(), [{**shown, "id": f"id-{n}"} for n in range(count)])
        members = [{**key, **member, "record": n, "device_id": f"id-{n}"} for n, key in enumerate(keys)]
        connection.execute(memberships.insert(), members)
        connection.execute(blocking_keys.insert(), [{"blocking_key": n, "record": n} for n in range(count)])
    return world


def plan(world: Sandbox, query: Select[Any], values: dict[str, object]) -> str:
    """Return how the database goes about a query."""
    with world.store.writing() as connection:
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # it reads all of a table that it takes for small
            explain = "EXPLAIN"
        compiled = query.compile(dialect=connection.dialect)
        assert isinstance(compiled, SQLCompiler)
        parameters: Any = compiled.construct_params(values)
        for name, process in compiled._bind_processors.items():
            parameters[name] = process(parameters[name])  # type: ignore[operator]
        if compiled.positiontup:
            parameters = tuple(parameters[name] for name in compiled.positiontup)
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {compiled}", parameters))


@pytest.mark.parametrize(
    ("query", "values"),
    [
        (BY_CHECKSUM, {"wanted": EXTREMES}),
        (BY_DEVICE, {"wanted": ["id-0001"]}),
        (OF_RECORDS, {"keys": [("a", "1"), ("b", "2")]}),
        (OF_MEMBERS, {"keys": [("a", "1"), ("b", "2")]}),
    ],
    ids=["checksums", "texts", "keys", "keys of another table"],
)
def test_the_values_are_looked_up_in_an_index(tmp_path: Path, query: Select[Any], values: dict[str, object]) -> None:
    """A change of one record among a million must not read the million."""
    world = filled(tmp_path, 20_000)

    told = plan(world, query, values)

    assert "Index Cond" in told or "SEARCH" in told, told
    assert "Seq Scan" not in told
    assert not [line for line in told.splitlines() if line.startswith("SCAN") and "json_each" not in line], told


def test_numbers_of_64_bits_come_out_as_they_went_in(tmp_path: Path) -> None:
    """The smallest, the largest, and those that a float would round."""
    with Sandbox(tmp_path).store.writing() as connection:
        connection.execute(blocking_keys.insert(), [{"blocking_key": each, "record": 1} for each in EXTREMES])
        near = [each + 1 for each in EXTREMES if each + 1 not in EXTREMES and each < 2**63 - 1]

        assert sorted(connection.execute(BY_CHECKSUM, {"wanted": EXTREMES}).scalars()) == sorted(EXTREMES)
        assert list(connection.execute(BY_CHECKSUM, {"wanted": near}).scalars()) == []


def test_a_list_may_be_empty_or_very_long(tmp_path: Path) -> None:
    """More values than either database takes parameters."""
    world = Sandbox(tmp_path)
    world.push(record("a:1"), record("a:2"), record("b:1"))
    keys = [("a", str(n)) for n in range(2, 70_000)]

    with world.store.reading() as connection:
        assert connection.execute(OF_RECORDS, {"keys": keys}).all() == [("a", "2")]
        assert connection.execute(BY_DEVICE, {"wanted": [world.home("b:1"), *map(str, range(70_000))]}).all() == [
            ("1",)
        ]
        assert connection.execute(OF_RECORDS, {"keys": []}).all() == []
        assert connection.execute(BY_DEVICE, {"wanted": []}).all() == []


def test_a_key_finds_its_own_record_and_no_other(tmp_path: Path) -> None:
    """Neither the parts of two keys together, nor what is left of one at a NUL, nor half of a pair of surrogates."""
    world = Sandbox(tmp_path)
    world.push(record("a:1"), record("b:2"), record('a:"}]\U0001f4a9\\'))

    with world.store.reading() as connection:
        for key in (("a", "2"), ("b", "1"), ("a", "1\0"), ("a", "\ud800")):
            assert connection.execute(OF_RECORDS, {"keys": [key]}).all() == []
        wanted = [Key("a", '"}]\U0001f4a9\\'), Key("a", "1")]
        assert set(connection.execute(OF_RECORDS, {"keys": wanted}).all()) == set(wanted)
