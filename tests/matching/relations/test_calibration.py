"""The calibration of tables is the one that is learnt from identities in memory."""

from random import Random

from hypothesis import given, settings

from benchmarks.fleet import generate
from matching.calibration.calibrate import calibrate
from matching.calibration.trust import HARDWARE
from matching.evidence.identity import identify
from matching.model import Record
from matching.policy import Policy
from matching.records import read_record
from tests.matching.fleets import fleets, policies
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import assert_equal_calibrations
from tests.matching.relations.duckdb_database import DuckDBDatabase

DATABASE = DuckDBDatabase()


@settings(max_examples=25)
@given(fleets(), policies)
def test_any_records_teach_the_same(fleet: list[Record], policy: Policy) -> None:
    """Under any policy, and none at all teach nothing."""
    assert_equal_calibrations(DATABASE, [identify(record, policy) for record in fleet], policy)


@settings(max_examples=20)
@given(chances)
def test_a_fleet_of_which_all_is_learnt_teaches_the_same(chance: Random) -> None:
    """Values on many boxes, fields that are wrong, lists that are complete, companies under several names."""
    policy = busy_policy(chance)

    assert_equal_calibrations(DATABASE, busy_fleet(chance, policy), policy)


def test_all_that_a_calibration_holds_is_learnt_of_some_of_those_fleets() -> None:
    """Else the comparison above would prove nothing of it."""
    learnt = []
    for seed in range(40):
        chance = Random(seed)
        policy = busy_policy(chance)
        learnt.append((calibrate(busy_fleet(chance, policy), policy), policy))

    assert any("more than" in shared.reason for each, _ in learnt for shared in each.shared)
    assert any("nothing else" in shared.reason for each, _ in learnt for shared in each.shared)
    assert {field.kind for each, _ in learnt for field in each.untrusted if field.pairs} == {*HARDWARE}
    assert any(pair.boxes for each, _ in learnt for pair in each.companies.why)
    assert any(each.companies.catch_alls for each, _ in learnt)
    assert any(each.complete - policy.complete_adapters.keys() for each, policy in learnt)
    assert any(each.ambiguous_prefixes for each, _ in learnt)


def test_a_fleet_of_the_benchmark_teaches_the_same() -> None:
    """With every pathology that its generator knows."""
    rows = generate(seed=3, records=1500).records

    assert_equal_calibrations(DATABASE, [identify(read_record(dict(row))[0], Policy()) for row in rows], Policy())
