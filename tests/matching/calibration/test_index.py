"""The inverted index knows who shares what, and which pairs a value joins uniquely."""

from itertools import combinations

from hypothesis import given

from matching.calibration.index import build_index, unique_pairs
from matching.calibration.suppression import Suppression
from matching.evidence.identity import identify
from matching.model import Kind, Record
from matching.policy import Policy
from tests.matching.fleets import fleets
from tests.matching.stories import identity


@given(fleets())
def test_each_value_that_two_records_hold_has_its_holders(fleet: list[Record]) -> None:
    """Compared with going through all records for each value; one inside another value teaches nothing."""
    identities = sorted((identify(record, Policy()) for record in fleet), key=lambda said: said.key)
    index = build_index(reversed(identities))

    for kind in (Kind.BIOS_GUID, Kind.SERIAL, Kind.MAC, Kind.HOSTNAME):
        holders: dict[str, list[int]] = {}
        for position, said in enumerate(identities):
            inside = {(each.kind, each.value) for each in said.derived if each.source}
            for of, value in said.values():
                if of is kind and (of, value) not in inside:
                    holders.setdefault(value, []).append(position)
        assert index.shared[kind] == {value: positions for value, positions in holders.items() if len(positions) > 1}


def test_a_record_holds_a_value_once() -> None:
    """Two board serials of one box carry one service tag, which is not on two boxes for that."""
    boards = ["/D34623J/CN1234567800A1/", "/D34623J/CN1234567800B2/"]
    index = build_index([identity("alpha:1", serial="D34623J"), identity("alpha:2", serial=boards)])

    assert index.shared[Kind.SERIAL]["D34623J"] == [0, 1]


def test_a_suppressed_value_or_field_has_no_holders() -> None:
    """What is left are those of two or more."""
    index = build_index(identity(f"{provider}:1", serial="5CG1234ABC") for provider in ("alpha", "beta", "gamma"))
    value, one, two = (
        Suppression(values=frozenset({(Kind.SERIAL, "5CG1234ABC")})),
        Suppression(fields=frozenset({("alpha", Kind.SERIAL)})),
        Suppression(fields=frozenset({("alpha", Kind.SERIAL), ("beta", Kind.SERIAL)})),
    )

    assert list(index.holders(Kind.SERIAL, Suppression())) == [[0, 1, 2]]
    assert list(index.holders(Kind.SERIAL, value)) == []
    assert list(index.holders(Kind.SERIAL, one)) == [[1, 2]]
    assert list(index.holders(Kind.SERIAL, two)) == []


def test_a_value_joins_uniquely_where_no_provider_has_it_twice() -> None:
    """Of a provider with two holders neither is the one that is meant."""
    providers = ["alpha", "beta", "beta", "gamma"]

    assert list(unique_pairs(providers, [[0, 1]])) == [(0, 1)]
    assert list(unique_pairs(providers, [[1, 2]])) == []
    assert list(unique_pairs(providers, [[0, 1, 3]])) == list(combinations([0, 1, 3], 2))
    assert list(unique_pairs(providers, [[0, 1, 2, 3]])) == [(0, 3)]


def test_a_value_of_more_records_than_anybody_has_tools_joins_no_pair() -> None:
    """Each of another provider, as they may be: still nothing that pairs can be learnt from."""
    providers = [f"p{n}" for n in range(33)]

    assert len(list(unique_pairs(providers, [range(32)]))) == 32 * 31 // 2
    assert list(unique_pairs(providers, [range(33)])) == []
