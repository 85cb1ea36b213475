"""
Stores that another version wrote: one of revision 0007, kept as text, and such as other rules would have left.

`write_store.py` says how the text is made.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, delete, insert

from matching.policy import Policy
from service.resolution.recalibration import put_in_force
from service.store.database.postings import unpacked
from service.store.world import World
from tests.service.sandbox import Sandbox

STORE = Path(__file__).with_name("store-0007.ndjson")
INDEXES = (("records", "number", "terms", "identifiers"), ("memberships", "record", "blocking_keys", "blocking_keys"))
"""Table, its column with the record's number, its packed checksums, and the index with a row for each of them."""


def kept_store(folder: Path) -> Sandbox:
    """Return a store with the tables, rows and indexes that the version before 0008 wrote."""
    world = Sandbox(folder)
    world.store.downgrade("0007")
    written = [json.loads(line) for line in STORE.read_text(encoding="utf-8").splitlines()]
    with world.store.writing() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if own := [_row(table, each["row"]) for each in written if each["table"] == table.name]:
                connection.execute(delete(table))
                connection.execute(insert(table), own)
        for names in INDEXES:
            _fill(connection, tables, *names)
    return world


def left_by_other_rules(world: World, policy: Policy) -> None:
    """Resolve everything as a policy has it, and note that rules of another version did it."""
    with world.store.writing() as connection:
        for _ in put_in_force(connection, replace(world.change(connection), policy=policy)):
            pass
    mark(world, "engine = 1, defaults = ''")


def mark(world: World, rules: str) -> None:
    """Note other rules for the indexes and the calibration in force."""
    with world.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE state SET {rules}")
        connection.exec_driver_sql(f"UPDATE calibrations SET {rules} WHERE status = 'in_force'")


def _row(table: Table, held: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table, name, value) for name, value in held.items()}


def _value(table: Table, name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    if isinstance(table.c[name].type, DateTime) and value is not None:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def _fill(connection: Connection, tables: MetaData, *names: str) -> None:
    """Put the checksums that a table's rows list, packed, into the index of them."""
    name, number, packed, index = names
    found = connection.execute(tables.tables[name].select()).mappings()
    wanted = tables.tables[index]
    checksum, record = (column.name for column in wanted.primary_key)
    rows = [{checksum: each, record: row[number]} for row in found for each in unpacked(row[packed])]
    connection.execute(insert(wanted), rows)
