"""Complete adapter lists are those that are found in memory."""

from random import Random

import pytest
from hypothesis import given, settings

from matching.calibration import calibrate, proportions
from matching.policy import Policy
from matching.relations.adapters import complete_providers
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()


@settings(max_examples=25)
@given(chances)
def test_the_same_lists_are_complete(chance: Random) -> None:
    """By the pairs that hardware joins, or by the operator's word."""
    policy = busy_policy(chance)
    known = prepare(DATABASE, busy_fleet(chance, policy), policy)

    assert complete_providers(DATABASE, policy) == known.complete


@pytest.mark.parametrize("size", [20, 60])
def test_a_sample_holds_the_same_pairs(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of whose first record the checksum of the id says so, each as often as values join it."""
    monkeypatch.setattr(proportions, "SAMPLE", size)
    for seed in range(10):
        chance = Random(seed)
        policy = busy_policy(chance)
        known = prepare(DATABASE, busy_fleet(chance, policy), policy)
        assert complete_providers(DATABASE, policy) == known.complete


@pytest.mark.parametrize(("theirs", "complete"), [((1,), {"alpha"}), ((1, 2), {"alpha", "beta"}), ((1, 3), set())])
def test_a_list_is_complete_that_holds_all_adapters_of_the_others(theirs: tuple[int, ...], complete: set[str]) -> None:
    """And that has more than one; suppressed adapters are in no list."""
    rows = [
        identity(f"{provider}:{n}", serial=f"5CG10{n:04d}", macs=[f"3C:52:82:00:{n:02X}:{a:02X}" for a in adapters])
        for provider, adapters in (("alpha", (1, 2)), ("beta", theirs))
        for n in range(30)
    ]
    prepare(DATABASE, rows, Policy())

    assert complete_providers(DATABASE, Policy()) == complete == calibrate.calibrate(rows, Policy()).complete
