"""Adapter lists compare as they do in memory."""

from random import Random

import pytest
from hypothesis import given, settings

from matching.calibration import index, proportions
from matching.calibration.adapters import AdapterLists
from matching.calibration.adapters import adapter_lists as in_memory
from matching.calibration.trust import HARDWARE
from matching.policy import Policy
from matching.relations.adapters import adapter_lists
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()
MACS = [f"3C:52:82:00:00:{number:02X}" for number in range(6)]


def assert_equal_lists(chance: Random) -> None:
    """Compare what was counted of each provider in a fleet."""
    policy = busy_policy(chance)
    identities = busy_fleet(chance, policy)
    silenced, known = prepare(DATABASE, identities, policy).suppression, index.build_index(identities)
    joined = [pair for kind in HARDWARE for pair in index.unique_pairs(known.providers, known.holders(kind, silenced))]

    assert adapter_lists(DATABASE) == in_memory(known, joined, silenced)


@settings(max_examples=25)
@given(chances)
def test_the_same_lists_hold_the_others(chance: Random) -> None:
    """On the pairs that hardware joins."""
    assert_equal_lists(chance)


@pytest.mark.parametrize("size", [20, 60])
def test_a_sample_holds_the_same_pairs(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of whose first record the checksum of the id says so, each as often as values join it."""
    monkeypatch.setattr(proportions, "SAMPLE", size)
    for seed in range(10):
        assert_equal_lists(Random(seed))


def test_a_list_holds_another_that_has_no_further_adapter() -> None:
    """A pair that a GUID and a serial join counts twice; without an adapter of both it does not count."""
    rows = [
        identity("alpha:1", serial="5CG1000001", bios_guid="7B1D6C2E-0000-4D4F-9E55-1C2B3A4D0001", macs=MACS[:2]),
        identity("beta:1", serial="5CG1000001", bios_guid="7B1D6C2E-0000-4D4F-9E55-1C2B3A4D0001", macs=MACS[:1]),
        identity("alpha:2", serial="5CG1000002", macs=MACS[2:4]),
        identity("gamma:2", serial="5CG1000002", macs=MACS[3:5]),
        identity("alpha:3", serial="5CG1000003", macs=MACS[5:]),
        identity("delta:3", serial="5CG1000003"),
    ]
    prepare(DATABASE, rows, Policy())

    assert adapter_lists(DATABASE) == {
        "alpha": AdapterLists(pairs=3, holding=2, several=3),
        "beta": AdapterLists(pairs=2, holding=0, several=0),
        "gamma": AdapterLists(pairs=1, holding=0, several=1),
    }
