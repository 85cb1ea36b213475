"""Companies share the boxes that they share in memory, and have the same names and customers."""

from random import Random
from typing import Any

from hypothesis import given, settings

from matching.calibration import companies, index
from matching.calibration.shared_boxes import shared_boxes
from matching.calibration.trust import HARDWARE
from matching.policy import Policy
from matching.relations.companies import count_company_names, count_shared_boxes
from tests.matching.calibration.boxes import guid
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.comparing import prepare
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()


@settings(max_examples=25)
@given(chances)
def test_the_same_boxes_are_shared_by_the_same_companies(chance: Random) -> None:
    """Of providers that may teach it; names are counted alike."""
    policy = busy_policy(chance)
    identities = busy_fleet(chance, policy)
    silenced, known = prepare(DATABASE, identities, policy).suppression, index.build_index(identities)
    by_guid, by_serial = (list(index.unique_pairs(known.providers, known.holders(kind, silenced))) for kind in HARDWARE)
    boxes = companies.count_shared_boxes(known.identities, shared_boxes(known, by_guid, by_serial, silenced, policy))

    assert count_company_names(DATABASE) == companies.count_names(identities)
    assert count_shared_boxes(DATABASE, policy) == {pair: count for pair, count in boxes.items() if all(pair)}


def test_a_box_counts_once_whatever_joins_it() -> None:
    """A GUID, two serials, or a MAC beside a hostname that tells boxes apart; `printer-2` does not."""
    boxes: list[dict[str, Any]] = [
        {"bios_guid": guid(1), "serial": "5CG1000001", "macs": ["3C:52:82:00:00:01"], "hostname": "pc1"},
        {"serial": ["5CG1000002", "5CG1000003"], "macs": ["3C:52:82:00:00:02"], "hostname": "pc2"},
        {"macs": ["3C:52:82:00:00:03"], "hostname": "pc3"},
        {"macs": ["3C:52:82:00:00:04"], "hostname": "printer-2"},
    ]
    rows = [
        identity(f"{provider}:{number}", company=company, **box)
        for provider, company in (("alpha", "Acme"), ("beta", "Bolt"))
        for number, box in enumerate(boxes)
    ]
    prepare(DATABASE, rows, Policy())

    assert count_shared_boxes(DATABASE, Policy()) == {("alpha:Acme", "beta:Bolt"): 3}


def test_a_catch_all_has_no_customer() -> None:
    """Its boxes are of many, and its rows of none that is known."""
    rows = [identity(f"alpha:{n}", serial=f"5CG10{n:04d}", company="Intake") for n in range(8)]
    rows += [identity(f"beta:{n}", serial=f"5CG10{n:04d}", company=f"Customer {'ABCD'[n % 4]}") for n in range(8)]
    known = prepare(DATABASE, rows, Policy())

    customers: dict[str, str] = dict(DATABASE.rows("SELECT company, customer FROM customers"))
    assert known.companies.catch_alls == {"alpha:Intake"}
    assert customers == {f"beta:Customer {letter}": f"beta:Customer {letter}" for letter in "ABCD"}
