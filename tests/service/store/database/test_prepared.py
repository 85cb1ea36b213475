"""A short read gives the same rows whoever executes it: SQLAlchemy, or the driver with the text that it compiled."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select

from service.core.errors import StoreError
from service.store.database.bound_lists import one_of
from service.store.database.prepared import PreparedQuery
from service.store.database.tables import api_keys
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, 0, 0, 250, tzinfo=UTC)
QUERY = (
    select(api_keys.c.id, api_keys.c.created_at, api_keys.c.last_used_at, api_keys.c.scopes)
    .where(one_of(api_keys.c.id, "ids"), api_keys.c.created_at <= bindparam("until"))
    .order_by(api_keys.c.id)
    .limit(bindparam("most"))
)


def filled(folder: Path) -> Sandbox:
    """Return a world with three keys."""
    world = Sandbox(folder)
    rows = [
        {"id": each, "name": each, "token_hash": each, "created_at": NOON, "last_used_at": used}
        for each, used in [("a", None), ("b", NOON), ("c", None)]
    ]
    with world.store.writing() as connection:
        connection.execute(api_keys.insert(), rows)
    return world


def test_rows_are_those_of_sqlalchemy(tmp_path: Path) -> None:
    """Lists and times are bound, times come back in UTC, and what is bound without a name is bound too."""
    values = {"ids": ["c", "b", "no such"], "until": NOON, "most": 5}
    with filled(tmp_path).store.reading() as connection:
        found = PreparedQuery(QUERY).rows(connection, values)
        same = connection.execute(QUERY, values).all()

    assert list(map(tuple, found)) == [("b", NOON, NOON, None), ("c", NOON, None, None)] == list(map(tuple, same))


def test_a_statement_is_prepared_once_for_any_values(tmp_path: Path) -> None:
    """The second list is no leftover of the first."""
    prepared = PreparedQuery(QUERY)
    with filled(tmp_path).store.reading() as connection:
        found = [
            [row[0] for row in prepared.rows(connection, {"ids": ids, "until": NOON, "most": most})]
            for ids, most in ([["a", "b"], 9], [["c"], 9], [[], 9], [["a", "b"], 1])
        ]

    assert found == [["a", "b"], ["c"], [], ["a"]]


def test_a_failure_of_the_driver_is_one_of_the_store(tmp_path: Path) -> None:
    """As when SQLAlchemy executes it: the table may be gone, or the file damaged."""
    world = filled(tmp_path)
    with world.store.writing() as connection:
        api_keys.drop(connection)

    with pytest.raises(StoreError), world.store.reading() as connection:
        PreparedQuery(QUERY).rows(connection, {"ids": ["a"], "until": NOON, "most": 1})
