"""What one record says is bounded, and no cost grows with the square of it. Costs are counted calls, not time."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from matching.clustering.partition import partition
from matching.evidence.identity import BEYOND, MOST_VALUES, identify
from matching.evidence.search import search_terms
from matching.model import MOST_NOTES, Key, Record
from matching.policy import Policy
from matching.records import canonical_bytes, latest, read_record
from matching.results.resolution import Resolution

HEAVY, OTHER, NEXT = Key("alpha", "1"), Key("beta", "1"), Key("gamma", "1")


def calls(action: Callable[[], object]) -> int:
    """Return how many functions, of Python and of C, an action calls."""
    count = 0

    def counted(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def mac(number: int) -> str:
    return f"3C:52:{number >> 24 & 255:02X}:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}"


def read(raw: dict[str, Any]) -> Record:
    return read_record(raw)[0]


def neighbourhood(adapters: int) -> list[Record]:
    """Return a record with so many MACs, one that shares a MAC with it, and one that conflicts with both."""
    return [
        read({"provider": "alpha", "id": "1", "hostname": "pc1", "macs": [mac(at) for at in range(adapters)]}),
        read({"provider": "beta", "id": "1", "hostname": "pc1", "macs": [mac(0)], "serial": "5CG1234ABC"}),
        read({"provider": "gamma", "id": "1", "hostname": "pc2", "macs": [mac(1)], "serial": "5CG1234ABD"}),
    ]


def use(records: list[Record]) -> Callable[[], object]:
    """Return what resolves, reviews, explains and draws some records that are identified already."""
    identities = [identify(record, Policy()) for record in records]
    keys = {Key(record["provider"], record["id"]): record for record in records}

    def action() -> object:
        resolution = Resolution(keys, partition(identities, Policy()))
        drawn = [resolution.graph(device) for device in resolution.devices]
        told = [resolution.explain(left, right) for left in keys for right in keys]
        return drawn, told, resolution.reviews, resolution.blocking_keys

    action()  # imports of networkx are no cost of the records
    return action


def test_of_20_000_adapters_the_first_256_in_order_are_evidence() -> None:
    """Whatever the order in which they are written; the others are one note with their number."""
    macs = [mac(at) for at in range(20_000)]
    said = identify(read({"provider": "p", "id": "1", "macs": macs[::-1]}), Policy())

    assert said.macs == identify(read({"provider": "p", "id": "1", "macs": macs[:256]}), Policy()).macs
    assert len(said.macs) == MOST_VALUES
    assert [(each.kind, each.value, each.reason) for each in said.suppressed] == [("mac", "19744 more values", BEYOND)]


@pytest.mark.parametrize("field", ["serial", "macs", "links"])
def test_no_kind_has_more_than_256_values(field: str) -> None:
    """Strong and weak ones together, links too."""
    values: dict[str, list[Any]] = {
        "serial": [f"{at:05d}" if at % 2 else f"{at}A" for at in range(1000)],
        "macs": [mac(at) if at % 2 else "02:" + mac(at)[3:] for at in range(1000)],
        "links": [{"provider": "beta", "id": str(at)} for at in range(1000)],
    }
    said = identify(read({"provider": "p", "id": "1", field: values[field]}), Policy())

    assert len(said.serials) + len(said.macs) + len(said.weak) + len(said.links) == MOST_VALUES


def test_an_identity_does_not_depend_on_the_order_of_too_many_values() -> None:
    """The first in canonical order are the same for every order."""
    macs = [mac(at * 7919) for at in range(600)]
    orders = (macs, macs[::-1], macs[300:] + macs[:300])

    assert len({identify(read({"provider": "p", "id": "1", "macs": order}), Policy()).macs for order in orders}) == 1


def test_a_record_with_20_000_adapters_costs_no_more_than_one_with_256() -> None:
    """Once it is read: resolving, reviewing, explaining and drawing it and its neighbours."""
    assert calls(use(neighbourhood(20_000))) <= 2 * calls(use(neighbourhood(256)))


@pytest.mark.parametrize("read_values", [lambda record: identify(record, Policy()), search_terms])
def test_reading_many_values_costs_a_fixed_number_of_calls_each(read_values: Callable[[Record], object]) -> None:
    """Identifying and finding terms are linear: no value is compared with all values before it."""
    small, large = (neighbourhood(size)[0] for size in (500, 5_000))

    assert calls(lambda: read_values(large)) <= 11 * calls(lambda: read_values(small))


def test_no_cost_grows_with_the_square_of_what_two_records_say() -> None:
    """Two records with equal serials, links and adapters, and one of their name with other serials, typed by hand."""

    def records(size: int) -> list[Record]:
        said = {
            "serial": [f"5CG{at:04d}ABC" for at in range(size)],
            "macs": [mac(at) for at in range(size)],
            "links": [{"provider": "delta", "id": str(at)} for at in range(size)],
        }
        name = {"hostname": "pc1", "company": "Acme"}
        return [
            read({"provider": "alpha", "id": "1", **name, **said}),
            read({"provider": "beta", "id": "1", **name, **said}),
            read({"provider": "cw_manage", "id": "1", **name, "serial": [f"9XK{at:04d}QQQ" for at in range(size)]}),
        ]

    assert calls(use(records(240))) <= 4.4 * calls(use(records(60)))


def test_terms_and_notes_are_bounded() -> None:
    """20,000 adapters, addresses and texts that are no value at all."""
    row = {
        "macs": [mac(at) for at in range(20_000)] + ["no mac"] * 10_000 + [1.5] * 10_000,
        "serial": [f"Asset: {at}" for at in range(20_000)] + [f"5CG{at:05d}" for at in range(20_000)],
        "ips": [f"10.0.{at >> 8}.{at & 255}" for at in range(20_000)],
        "links": [None] * 20_000,
    }
    record, dropped = read_record({"provider": "p", "id": "1", **row})
    terms = Counter(term.kind for term in search_terms(record))

    assert max(terms.values()) <= MOST_VALUES
    assert len(dropped) == MOST_NOTES
    assert dropped[-1].value == "29745 more values"
    assert len(identify(record, Policy()).suppressed) == MOST_NOTES


def test_numbers_and_lists_without_end_are_noted_and_compared() -> None:
    """Python refuses to write an integer of more than 4,300 digits, and lists nested thousands deep."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for raw in (10**5000, deep):
        row = {"provider": "p", "id": "1", "hostname": raw, "macs": [raw], "links": [raw], "unknown": raw}
        record, dropped = read_record(row)

        assert [note.kind for note in dropped] == ["hostname", "macs", "link"]
        assert json.loads(canonical_bytes(record))["id"] == "1"
        assert latest(record, record) is record
