"""Values that several records hold have numbers, each its own, and the others have none."""

from collections import Counter, defaultdict
from random import Random

from hypothesis import given, settings

from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.relations.loading import load_tables

DATABASE = DuckDBDatabase()


@settings(max_examples=25)
@given(chances)
def test_a_number_stands_for_one_value_and_each_value_of_several_rows_has_one(chance: Random) -> None:
    """A text that is held as two kinds is two values; no row of what records hold is lost."""
    load_tables(DATABASE, busy_fleet(chance, busy_policy(chance)))
    held = Counter(DATABASE.rows("SELECT kind, value FROM held"))

    numbers: defaultdict[tuple[str, str], set[int | None]] = defaultdict(set)
    for kind, value, number in DATABASE.rows("SELECT kind, value, number FROM numbered_values"):
        numbers[kind, value].add(number)

    assert Counter(DATABASE.rows("SELECT kind, value FROM numbered_values")) == held
    assert all((found == {None}) == (held[value] == 1) and len(found) == 1 for value, found in numbers.items())
    known = [number for found in numbers.values() for number in found if number is not None]
    assert len(known) == len(set(known))
