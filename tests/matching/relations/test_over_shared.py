"""Over-shared values are those that the index finds, and few identities are fetched for it."""

from random import Random

from hypothesis import given, settings

from matching.calibration.index import build_index
from matching.calibration.over_shared import over_shared
from matching.evidence.identity import Identity
from matching.policy import Policy
from matching.relations.over_shared import over_shared_values
from service.core.packing import unpacked
from tests.matching.calibration.boxes import guid
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()


@settings(max_examples=25)
@given(chances)
def test_the_same_values_are_over_shared_by_the_same_holders(chance: Random) -> None:
    """With the same reasons, and but for those that the operator allows."""
    policy = busy_policy(chance)
    identities = busy_fleet(chance, policy)
    prepare(DATABASE, identities, policy)

    assert over_shared_values(DATABASE, unpacked, policy) == over_shared(build_index(identities), policy)


def test_a_value_on_too_many_records_is_decided_by_their_number() -> None:
    """So that a placeholder on a million records fetches none of them; nor does one that each provider has once."""
    many = [identity(f"alpha:{number}", hostname=f"pc{number}", bios_guid=guid(1)) for number in range(6)]
    few = [identity(f"beta:{number}", hostname=f"pc{number}", bios_guid=guid(2)) for number in range(3)]
    once = [identity(f"p{number}:1", hostname=f"pc{number}", bios_guid=guid(3)) for number in range(5)]
    policy = Policy(max_holders=5)
    fetched: list[Identity] = []

    def unpack(content: bytes) -> Identity:
        fetched.append(unpacked(content))
        return fetched[-1]

    prepare(DATABASE, [*many, *few, *once], policy)
    found = over_shared_values(DATABASE, unpack, policy)

    assert [(each.reason, len(each.holders)) for each in found] == [
        ("on 6 live records, more than 5", 6),
        ("on 3 boxes of beta with nothing else in common", 3),
    ]
    assert [each.key for each in fetched] == [each.key for each in few]
