"""Rows of an index by checksum: what was written is there, however it was put together."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from service.store.database.postings import Writer, packed, unpacked
from service.store.database.tables import blocking_keys
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both

pytestmark = on_both


@pytest.mark.parametrize("run", [1, 7, 10_000])
def test_rows_that_come_and_go_before_they_are_put_in_are_those_that_stand_at_the_end(tmp_path: Path, run: int) -> None:
    """A record may change again before a run is long enough."""
    world, chance = Sandbox(tmp_path), Random(run)
    standing: dict[int, frozenset[int]] = {}
    counted = differing = 0

    with world.store.writing() as connection:
        writer = Writer(connection, blocking_keys, run)
        for _ in range(60):
            numbers: Sequence[int] = chance.sample(range(1, 15), 3)
            wanted = {number: frozenset(chance.sample(range(-5, 5), 4)) for number in numbers}
            steps = [(number, standing.get(number, frozenset()), own) for number, own in wanted.items()]
            counted += sum(len(before ^ after) for _, before, after in steps)
            differing += writer.write(steps)
            standing |= wanted
        writer.flush()

    rows = world.rows("SELECT record, blocking_key FROM blocking_keys")
    assert sorted(rows) == sorted((number, each) for number, own in standing.items() for each in own)
    assert differing == counted


def test_checksums_come_out_of_a_row_as_they_went_in() -> None:
    """The smallest, the largest, and none at all; in whatever order."""
    values = [0, -(2**63), 2**63 - 1, -1]

    assert unpacked(packed(values)) == frozenset(values)
    assert packed(values) == packed(reversed(values))
    assert unpacked(packed([])) == frozenset()
