"""What the tables of feeds themselves refuse."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from service.store.database.feed_tables import customer_changes, customer_feeds
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CHANGE = {"feed": 1, "seq": 1, "at": NOON, "device_id": "id-1", "what": "created", "detail": "{}"}
FEED = {"id": 1, "digest": "a" * 64, "made_at": NOON}


@pytest.mark.parametrize(
    ("table", "row", "other"),
    [(customer_changes, CHANGE, {"feed": 2}), (customer_feeds, FEED, {"id": 2, "digest": "b" * 64})],
    ids=["a number of a feed", "customers"],
)
@pytest.mark.parametrize("is_other", [True, False])
def test_a_number_of_a_feed_and_a_list_of_customers_are_there_once(
    tmp_path: Path, table: Table, row: dict[str, Any], other: dict[str, Any], *, is_other: bool
) -> None:
    """A mistake of ours is refused, and tells nobody a change of another feed."""
    world = Sandbox(tmp_path)
    second = {**row, **other} if is_other else {**row, **({"id": 2} if "id" in row else {})}

    def store_both() -> None:
        with world.store.writing() as connection:
            connection.execute(insert(table), row)
            connection.execute(insert(table), second)

    if is_other:
        store_both()
    else:
        with pytest.raises(IntegrityError):
            store_both()
    assert len(world.rows(f"SELECT * FROM {table.name}")) == (2 if is_other else 0)
