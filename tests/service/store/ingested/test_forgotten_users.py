"""The list of names that are not stored: hashes with one salt."""

from datetime import UTC, datetime
from pathlib import Path

from service.store.ingested import forgotten_users
from service.store.ingested.forgotten_users import cleaned_record
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

AT = datetime(2026, 11, 1, tzinfo=UTC)


def test_names_are_kept_as_hashes_of_one_salt(tmp_path: Path) -> None:
    """A second salt would not do: each value is hashed once, however many names there are."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        forgotten_users.add(connection, "jdoe", "first salt", AT)
        added = forgotten_users.add(connection, "asmith", "second salt", AT)
        assert forgotten_users.add(connection, "JDOE", "third salt", AT) == added
    with world.store.reading() as connection:
        assert forgotten_users.read(connection) == added

    assert added.cleaned("jdoe asmith other") == "[forgotten] [forgotten] other"
    rows = world.rows("SELECT * FROM forgotten_users")
    assert len(rows) == 2
    assert "jdoe" not in str(rows).casefold()


def test_a_name_can_be_taken_off_the_list(tmp_path: Path) -> None:
    """In any case of letters; another one stays."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        forgotten_users.add(connection, "jdoe", "salt", AT)
        forgotten_users.add(connection, "asmith", "salt", AT)
        assert forgotten_users.remove(connection, "JDoe")
        assert not forgotten_users.remove(connection, "jdoe")
        assert forgotten_users.read(connection).cleaned("jdoe asmith") == "jdoe [forgotten]"


def test_a_record_loses_the_user_and_keeps_what_identifies_the_device(tmp_path: Path) -> None:
    """A hostname that happens to be the name is evidence; fields that are not ours are cleaned."""
    world = Sandbox(tmp_path)
    said = record("a:jdoe", last_user="ACME\\jdoe; ACME\\asmith", hostname="jdoe", name="jdoe", odd={"u": ["jdoe"]})
    with world.store.writing() as connection:
        users = forgotten_users.add(connection, "jdoe", "salt", AT)

    assert cleaned_record(users, said) == record("a:jdoe", hostname="jdoe", name="jdoe", odd={"u": ["[forgotten]"]})
    other = record("a:1", last_user="asmith", odd=1)
    assert cleaned_record(users, other) == other
