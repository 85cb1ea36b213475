"""Evidence is counted in tables as it is of identities."""

from random import Random
from typing import Any

from hypothesis import given, settings

from matching.evidence.counting import EvidenceCount, count_evidence
from matching.evidence.identity import identify
from matching.model import Record
from matching.policy import Policy
from matching.relations.evidence import count_evidence_in
from tests.matching.fleets import fleets, policies
from tests.matching.relations.busy_fleets import busy_fleet, busy_policy, chances
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.relations.loading import load_tables
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()


@given(fleets(), policies)
def test_any_records_count_alike(fleet: list[Record], policy: Policy) -> None:
    """Whatever they say, and none at all."""
    identities = [identify(record, policy) for record in fleet]
    load_tables(DATABASE, identities)

    assert count_evidence_in(DATABASE) == count_evidence(identities)


@settings(max_examples=20)
@given(chances)
def test_values_inside_others_and_weak_serials_do_not_count(chance: Random) -> None:
    """They are no value of the record's own that joins by itself."""
    identities = busy_fleet(chance, busy_policy(chance))
    load_tables(DATABASE, identities)

    assert count_evidence_in(DATABASE) == count_evidence(identities)


def test_a_record_counts_once_a_kind() -> None:
    """However many serials, links and adapters it has; a weak adapter counts, and a record without evidence too."""
    said: dict[str, Any] = {
        "serial": ["5CG1000001", "5CG1000002"],
        "macs": ["3C:52:82:00:00:01", "3C:52:82:00:00:02"],
        "links": [{"provider": "beta", "id": "1"}, {"provider": "beta", "id": "2"}],
        "company": "Acme",
    }
    load_tables(
        DATABASE,
        [
            identity("alpha:1", **said),
            identity("alpha:2", macs=["02:00:5E:10:00:01"]),
            identity("beta:1", hostname="pc1"),
            identity("beta:2"),
        ],
    )

    assert count_evidence_in(DATABASE) == [
        EvidenceCount("alpha", 2, bios_guid=0, serial=1, link=1, mac=2, hostname=0, company=1),
        EvidenceCount("beta", 2, bios_guid=0, serial=0, link=0, mac=0, hostname=1, company=0),
    ]
