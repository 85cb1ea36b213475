"""The records that share a blocking key are found by it."""

from pathlib import Path

from matching.model import Key
from service.store.database.postings import unpacked
from service.store.indexes import blocking_keys
from service.store.ingested import records
from service.store.resolved import devices
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

A, B, Z = Key("a", "1"), Key("b", "1"), Key("z", "1")


def test_holders_are_those_that_share_a_key_but_for_the_known(tmp_path: Path) -> None:
    """A change asks who else is there: it knows whom it has found already."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-10001"), record("z:1", serial="SN-99999"))

    with world.store.reading() as connection:
        own = unpacked(devices.members(connection, [A])[A].blocking_keys)
        numbers = {key: stored.number for key, stored in records.read(connection, [A, B, Z]).items()}

        assert blocking_keys.holders(connection, own, []) == {A, B}
        assert blocking_keys.holders(connection, own, {numbers[A]}) == {B}
        assert blocking_keys.holders(connection, own, {numbers[A], numbers[B]}) == set()
        assert blocking_keys.holders(connection, [], []) == set()


def test_writing_counts_the_keys_that_differ(tmp_path: Path) -> None:
    """Those that stay are not touched."""
    world = Sandbox(tmp_path)
    world.push(record("a:1"), record("b:1"))

    with world.store.writing() as connection:
        first, second = (records.read(connection, [key])[key].number for key in (A, B))
        none = frozenset[int]()
        assert blocking_keys.write(connection, [(first, none, {7, 8}), (second, none, {7})]) == 3
        assert blocking_keys.write(connection, [(first, {7, 8}, {8, 9}), (second, {7}, {7})]) == 2

        assert blocking_keys.holders(connection, [7], []) == {B}
        assert blocking_keys.holders(connection, [8, 9], []) == {A}
