"""What a planner knows of the tables is gathered where a database needs it."""

from pathlib import Path

from service.store.database import statistics
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_gathering_is_part_of_the_change_and_changes_nothing(tmp_path: Path) -> None:
    """It runs in the writing transaction, on what that has written; on a server the sizes are known afterwards."""
    world = Sandbox(tmp_path)
    world.push(*(record(f"a:{n}", serial=f"SN-{n:05}") for n in range(50)))
    before = world.everything()

    with world.store.writing() as connection:
        statistics.gather(connection)
        if connection.dialect.name == "postgresql":
            names = ", ".join(f"'{table.name}'" for table in statistics.FILLED)
            sizes = connection.exec_driver_sql(f"SELECT relname, reltuples FROM pg_class WHERE relname IN ({names})")
            assert {name: count >= 50 for name, count in sizes} == {table.name: True for table in statistics.FILLED}

    assert world.everything() == before
