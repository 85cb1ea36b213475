"""The company map is the one that is learnt in memory."""

from random import Random
from typing import Any

from hypothesis import given, settings

from matching.calibration.companies import count_names
from matching.policy import Policy
from matching.relations.companies import company_map, count_company_names
from tests.matching.calibration.boxes import guid
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()


@settings(max_examples=25)
@given(chances)
def test_the_same_companies_are_one_customer_for_the_same_boxes(chance: Random) -> None:
    """By shared boxes of providers that may teach it, by names, and by the operator's word."""
    policy = busy_policy(chance)
    identities = busy_fleet(chance, policy)
    known = prepare(DATABASE, identities, policy)
    counted = count_company_names(DATABASE)

    companies = company_map(DATABASE, counted, policy)

    assert counted == count_names(identities)
    assert companies == known.companies
    assert companies.names == known.companies.names


def test_a_box_counts_once_whatever_joins_it() -> None:
    """A GUID, two serials, or a MAC beside a hostname that tells boxes apart; `localhost` does not."""
    boxes: list[dict[str, Any]] = [
        {"bios_guid": guid(1), "serial": "5CG1000001", "macs": ["3C:52:82:00:00:01"], "hostname": "pc1"},
        {"serial": ["5CG1000002", "5CG1000003"], "macs": ["3C:52:82:00:00:02"], "hostname": "pc2"},
        {"macs": ["3C:52:82:00:00:03"], "hostname": "pc3"},
        {"macs": ["3C:52:82:00:00:04"], "hostname": "localhost"},
    ]
    rows = [
        identity(f"{provider}:{number}", company=company, **box)
        for provider, company in (("alpha", "Fenwick & Oakes"), ("beta", "Fenwick and Oaks"))
        for number, box in enumerate(boxes)
    ]
    prepare(DATABASE, rows, Policy())

    [aligned] = company_map(DATABASE, count_company_names(DATABASE), Policy()).why

    assert aligned.boxes == 3
