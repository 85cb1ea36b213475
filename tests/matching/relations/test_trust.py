"""Untrusted fields are those that are found in memory, by the same counts."""

from random import Random

import pytest
from hypothesis import given, settings

from matching.calibration import proportions
from matching.calibration.calibrate import Calibration
from matching.calibration.index import build_index
from matching.calibration.trust import untrusted_fields as in_memory
from matching.evidence.identity import Identity
from matching.policy import Policy
from matching.relations.companies import count_company_names
from matching.relations.trust import untrusted_fields
from tests.matching.calibration.boxes import guid
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()


def assert_equal_trust(identities: list[Identity], policy: Policy) -> None:
    """Compare the fields, and how many pairs were counted and agreed."""
    known = prepare(DATABASE, identities, policy)
    expected = in_memory(build_index(identities), Calibration(known.shared).suppression, policy)

    assert untrusted_fields(DATABASE, count_company_names(DATABASE), policy) == expected


@settings(max_examples=25)
@given(chances)
def test_the_same_fields_are_untrusted_for_the_same_counts(chance: Random) -> None:
    """Whatever joins the pairs: hardware, an adapter, or a hostname in companies of one name."""
    policy = busy_policy(chance)

    assert_equal_trust(busy_fleet(chance, policy), policy)


@pytest.mark.parametrize("size", [5, 40])
def test_a_sample_holds_the_same_values(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more values than are measured, those whose checksum says so; small samples, so that a fleet need not be."""
    monkeypatch.setattr(proportions, "SAMPLE", size)
    for seed in range(10):
        chance = Random(seed)
        policy = busy_policy(chance)
        assert_equal_trust(busy_fleet(chance, policy), policy)


def test_pairs_that_a_hostname_joins_are_counted_inside_one_company() -> None:
    """By its cleaned name, of live records alone."""
    rows = [
        identity(f"{provider}:{number}", hostname=f"pc{number}", company=company, bios_guid=guid(number, salt))
        for provider, company, salt in (("alpha", "Acme Inc.", 0), ("beta", "ACME", 9), ("gamma", "Bolt", 8))
        for number in range(8)
    ]
    prepare(DATABASE, rows, Policy())

    found = untrusted_fields(DATABASE, count_company_names(DATABASE), Policy())

    assert [(each.provider, each.pairs, each.agreeing) for each in found] == [("alpha", 8, 0), ("beta", 8, 0)]
