"""Fields agree as often as they do in memory, on the same pairs."""

from random import Random

import pytest
from hypothesis import given, settings

from matching.calibration import proportions
from matching.calibration.calibrate import Calibration
from matching.calibration.index import build_index
from matching.calibration.trust import Agreement
from matching.calibration.trust import agreements as in_memory
from matching.evidence.identity import Identity
from matching.model import Kind
from matching.policy import Policy
from matching.relations.companies import count_company_names
from matching.relations.trust import agreements
from tests.matching.calibration.boxes import guid
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()


def counted(identities: list[Identity], policy: Policy) -> tuple[dict[Kind, Agreement], dict[Kind, Agreement]]:
    """What tables say and what is found in memory."""
    known = prepare(DATABASE, identities, policy)
    of_tables = agreements(DATABASE, count_company_names(DATABASE))
    return dict(of_tables), dict(in_memory(build_index(identities), Calibration(known.shared).suppression))


@settings(max_examples=25)
@given(chances)
def test_the_same_pairs_are_counted_and_agree(chance: Random) -> None:
    """Whatever joins them: hardware, an adapter, or a hostname in companies of one name."""
    policy = busy_policy(chance)
    of_tables, expected = counted(busy_fleet(chance, policy), policy)

    assert of_tables == expected


@pytest.mark.parametrize("size", [5, 40])
def test_a_sample_holds_the_same_values(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more values than are measured, those whose checksum says so; small samples, so that a fleet need not be."""
    monkeypatch.setattr(proportions, "SAMPLE", size)
    for seed in range(10):
        chance = Random(seed)
        policy = busy_policy(chance)
        of_tables, expected = counted(busy_fleet(chance, policy), policy)
        assert of_tables == expected


def test_a_pair_counts_once_and_a_value_of_too_many_records_joins_none() -> None:
    """Two adapters join each pair here, and two serials agree; the third adapter is on 33 providers' records."""
    macs = ["3C:52:82:00:00:01", "3C:52:82:00:00:02"]
    serials = ["5CG1000001", "5CG1000002"]
    rows = [identity(f"{provider}:1", macs=macs, serial=serials) for provider in ("alpha", "beta")]
    rows += [identity(f"p{n}:1", macs=["3C:52:82:00:00:03"], bios_guid=guid(n)) for n in range(33)]

    of_tables, expected = counted(rows, Policy())

    assert of_tables == expected
    assert of_tables == {
        Kind.BIOS_GUID: {},
        Kind.SERIAL: {("alpha", "beta"): [1, 1], ("beta", "alpha"): [1, 1]},
    }


def test_pairs_that_a_hostname_joins_are_counted_inside_one_company() -> None:
    """By its cleaned name; of live records that name a company."""
    rows = [
        identity(f"{provider}:1", hostname="pc1", company=company, bios_guid=guid(1), active=active)
        for provider, company, active in (
            *(("alpha", "Acme Inc.", True), ("beta", "ACME", True), ("gamma", "Bolt", True), ("delta", "Acme", False)),
            *(("epsilon", "Unassigned", True), ("zeta", "unassigned", True)),
        )
    ]

    of_tables, expected = counted([row._replace(serials=(f"5CG1{n}",)) for n, row in enumerate(rows)], Policy())

    assert of_tables == expected
    assert ("alpha", "beta") in of_tables[Kind.BIOS_GUID]
    assert set(of_tables[Kind.BIOS_GUID]) == {("alpha", "beta"), ("beta", "alpha")}
