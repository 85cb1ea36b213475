"""What the tables themselves refuse."""

from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from service.store.database.tables import memberships
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_a_membership_without_its_record_cannot_be_stored(tmp_path: Path) -> None:
    """A mistake of ours ends the transaction, at its end, and is not mistaken for a state of the database."""
    world = Sandbox(tmp_path)
    world.push(record("a:1"))
    before = world.everything()
    stray = {
        "provider": "a",
        "record_id": "2",
        "device_id": world.home("a:1"),
        "suppressed": "[]",
        "record": 2,
        "blocking_keys": b"",
    }

    with pytest.raises(IntegrityError), world.store.writing() as connection:
        connection.execute(memberships.insert(), stray)

    assert world.everything() == before
