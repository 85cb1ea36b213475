"""What the tables of what people put in force themselves refuse."""

from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from service.store.database.policy_tables import policy_entries
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both


def test_an_entry_says_who_made_it_and_why(tmp_path: Path) -> None:
    """Whoever forgets it is told by the database, and nothing is stored."""
    world = Sandbox(tmp_path)
    entry = {"id": "1", "kind": "deny", "subject": "serial", "value": "5CG1234ABC", "by": "anna", "at": world.now()}

    with pytest.raises(IntegrityError), world.store.writing() as connection:
        connection.execute(insert(policy_entries), entry)

    assert world.rows("SELECT * FROM policy_entries") == []
