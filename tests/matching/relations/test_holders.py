"""Values have the holders that the index has, and join the pairs that it joins."""

from collections import Counter
from random import Random

from hypothesis import given, settings

from matching.calibration.index import Index, build_index, unique_pairs
from matching.model import Kind
from matching.policy import Policy
from matching.relations.database import SqlRow
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()
HOLDERS = """
    SELECT * EXCLUDE number
    FROM (
        SELECT kind, value, is_weak, provider, record, holders.holders, live_holders, number,
            CAST(sum(holders.holders) OVER (PARTITION BY number, is_weak) AS BIGINT) AS total
        FROM holders
        JOIN shared_values USING (number)
    )
    WHERE total > 1
    ORDER BY ALL
"""
JOINING = (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC)


def rows_of_holders(index: Index) -> list[tuple[object, ...]]:
    """Each shared value, whether it is weak, and of each provider that holds it the first holder and their numbers."""
    found = []
    for is_weak, kinds in ((False, index.shared), (True, index.weak)):
        for kind, value, positions in ((k, v, p) for k in kinds if k in JOINING for v, p in kinds[k].items()):
            for provider in {index.providers[position] for position in positions}:
                own = [position for position in positions if index.providers[position] == provider]
                live = sum(index.identities[position].live for position in own)
                found.append((kind, value, is_weak, provider, own[0], len(own), live, len(positions)))
    return sorted(found)


@settings(max_examples=20)
@given(chances)
def test_holders_are_counted_by_provider(chance: Random) -> None:
    """Of each value that two records or more hold, weak ones apart."""
    policy = busy_policy(chance)
    identities = busy_fleet(chance, policy)
    prepare(DATABASE, identities, policy)

    assert list(DATABASE.rows(HOLDERS)) == rows_of_holders(build_index(identities))


@settings(max_examples=20)
@given(chances)
def test_pairs_are_those_that_a_value_joins_uniquely(chance: Random) -> None:
    """As often as values join them, without suppressed values and fields."""
    policy = busy_policy(chance)
    identities = busy_fleet(chance, policy)
    known, index = prepare(DATABASE, identities, policy), build_index(identities)

    pairs = Counter(DATABASE.rows("SELECT kind, first_record, second_record FROM unique_pairs"))
    assert pairs == Counter(
        (str(kind), *pair)
        for kind in JOINING
        for pair in unique_pairs(index.providers, index.holders(kind, known.suppression))
    )


def test_a_value_of_more_records_than_anybody_has_tools_joins_no_pair() -> None:
    """One more than the largest number of providers."""
    rows = [identity(f"p{number}:1", serial="5CG1234ABC") for number in range(33)]
    counts: list[SqlRow] = []
    for some in (rows[:32], rows):
        prepare(DATABASE, some, Policy())
        counts += DATABASE.rows("SELECT count(*) FROM unique_pairs")

    assert counts == [(32 * 31 // 2,), (0,)]
