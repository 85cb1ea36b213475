"""The tables hold what the identities say: each value of each record once, and how it is held."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given

from matching.calibration.index import build_index
from matching.evidence.identity import identify
from matching.model import Key, Kind, Record
from matching.policy import Policy
from matching.relations.tables import Standing, held_values
from service.core.packing import unpacked
from tests.matching.fleets import fleets
from tests.matching.relations.duckdb_database import DuckDBDatabase
from tests.matching.relations.loading import in_order, load_tables
from tests.matching.stories import identity

DATABASE = DuckDBDatabase()

HOLDERS = """
    SELECT held.kind, held.value, held.standing = 'weak', held.record
    FROM held
    WHERE held.standing <> 'derived'
    ORDER BY 4
"""


def holders(weak: bool) -> dict[tuple[str, str], list[int]]:
    """The records of each value that two or more hold, in order; without values inside others."""
    found: dict[tuple[str, str], list[int]] = {}
    for kind, value, is_weak, record in DATABASE.rows(HOLDERS):
        if is_weak == weak:
            found.setdefault((kind, value), []).append(record)
    return {key: records for key, records in found.items() if len(records) > 1}


@given(fleets())
def test_values_have_the_holders_that_the_index_knows(fleet: list[Record]) -> None:
    """The weak ones apart, as the index has them."""
    identities = [identify(record, Policy()) for record in fleet]
    index = build_index(identities)
    load_tables(DATABASE, identities)

    for weak, known in ((False, index.shared), (True, index.weak)):
        assert holders(weak) == {
            (kind, value): positions
            for kind, values in known.items()
            if kind is not Kind.HOSTNAME
            for value, positions in values.items()
        }


@given(fleets())
def test_records_links_and_whole_identities_are_in_the_tables(fleet: list[Record]) -> None:
    """By the position in order of key, with the hostname and whether many boxes have it."""
    identities = in_order(identify(record, Policy()) for record in fleet)
    load_tables(DATABASE, identities)

    rows = list(DATABASE.rows("SELECT * FROM records ORDER BY record"))
    assert [(row[0], Key(row[1], row[2]), row[4], row[5], row[6], row[10], row[11]) for row in rows] == [
        (record, said.key, said.company, said.company_name, said.hostname, said.live, said.guid)
        for record, said in enumerate(identities)
    ]
    assert list(DATABASE.rows("SELECT record, provider, id FROM links ORDER BY ALL")) == sorted(
        (record, *link) for record, said in enumerate(identities) for link in said.links
    )
    packed = DATABASE.rows("SELECT identity FROM identities ORDER BY record")
    assert [unpacked(content) for (content,) in packed] == [said._replace(suppressed=()) for said in identities]


def standings(key: str, **fields: Any) -> Sequence[tuple[str, str, str]]:
    """Kind, value and standing of what a record holds."""
    held = held_values(identity(key, **fields))
    return sorted((str(each.kind), each.value, str(each.standing)) for each in held)


def test_a_value_says_how_it_is_held() -> None:
    """Its own, weak, inside another one, or inside one that is no evidence; a hostname is in the row of its record."""
    own = standings("alpha:1", hostname="pc1", serial="5CG1234ABC", macs=["3C:52:82:00:00:01", "02:00:5E:10:00:01"])
    inside = standings("alpha:1", serial="VirtualBox-7b1d6c2e-0a11-4d4f-9e55-1c2b3a4d5e6f")
    board = standings("alpha:1", serial="/D34623J/CN1234567800A1/")

    assert own == [
        ("mac", "02005e100001", Standing.WEAK),
        ("mac", "3c5282000001", Standing.OWN),
        ("serial", "5CG1234ABC", Standing.OWN),
    ]
    assert [(kind, standing) for kind, _, standing in inside] == [("bios_guid", "derived"), ("serial", "own")]
    assert ("serial", "D34623J", Standing.CARRIED) in board


def test_the_tag_of_two_boards_is_held_once() -> None:
    """Two board serials of one box carry the same service tag."""
    found = standings("alpha:1", serial=["/D34623J/CN1234567800A1/", "/D34623J/CN1234567800B2/"])

    assert [(value, standing) for _, value, standing in found if value == "D34623J"] == [("D34623J", "carried")]


def test_a_derived_value_names_the_value_that_carries_it() -> None:
    """Where that is suppressed, both go; a value whose carrier is no evidence has none."""
    inside = held_values(identity("alpha:1", serial="VirtualBox-7b1d6c2e-0a11-4d4f-9e55-1c2b3a4d5e6f"))
    board = held_values(identity("alpha:1", serial="/D34623J/CN1234567800A1/"))

    assert [each.source for each in inside if each.standing is Standing.DERIVED] == [
        (Kind.SERIAL, "VIRTUALBOX-7B1D6C2E-0A11-4D4F-9E55-1C2B3A4D5E6F")
    ]
    assert not any(each.source for each in board)
