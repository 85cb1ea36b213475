"""A fleet that is generated in parts: repeatable, one fleet over all parts, in memory that does not grow with it."""

import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import pytest

from benchmarks.fleet.hardware import LONGEST_BATCH, batch
from benchmarks.fleet.sights import Row
from benchmarks.fleet.stream import LARGEST, Bits, EndlessChance, stream

Rows = list[tuple[Row, str]]


@pytest.fixture(scope="module")
def parts() -> list[Rows]:
    """Six parts of one fleet."""
    return list(stream(seed=3, records=12_000, part=2_000))


def test_the_same_seed_gives_the_same_records_and_another_one_others(parts: list[Rows]) -> None:
    """Whoever repeats the benchmark measures the same records."""
    assert next(stream(seed=3, records=12_000, part=2_000)) == parts[0]
    assert next(stream(seed=4, records=12_000, part=2_000)) != parts[0]


def test_there_are_about_as_many_records_as_were_asked_for(parts: list[Rows]) -> None:
    """Also where the last part is a smaller one."""
    assert 0.8 < sum(map(len, parts)) / 12_000 < 1.2
    assert [len(part) > 1_000 for part in stream(seed=3, records=2_500, part=2_000)] == [True, False]


def test_no_record_and_no_label_is_in_two_parts(parts: list[Rows]) -> None:
    """Each key is there once, and a device has all its records in one part."""
    keys = [(row["provider"], row["id"]) for part in parts for row, _ in part]

    assert len(keys) == len(set(keys))
    assert _in_several(parts, lambda _, label: [label]) == set()


def test_parts_share_no_company() -> None:
    """Two customers of one id or name would be one customer to whoever reads the records."""
    parts = list(stream(seed=3, records=6_000, part=100))
    shared = _in_several(parts, lambda row, _: [(row["provider"], row.get("company_id", "1"))])
    named = _in_several(parts, lambda row, _: [row["company"]] if row["provider"] == "cw_manage" else [])

    assert {number for _, number in shared} == {"1"}  # the catch-alls of the agents
    assert len(named) <= 2  # an old name that one provider still has may be that of another customer


def test_what_all_customers_share_is_in_several_parts(parts: list[Rows]) -> None:
    """One provider, one bench, one make of VPN client, one list of fillers."""
    macs = _in_several(parts, lambda row, _: row.get("macs", []) if row["provider"] == "rmm_alpha" else [])
    serials = _in_several(parts, lambda row, _: [row["serial"]] if isinstance(row.get("serial"), str) else [])

    assert "00:09:0F:FE:9A:31" in macs  # a VPN client that is on no list
    assert any(mac.startswith("A0:CE:C8") for mac in macs)  # one with an address drawn once for the fleet
    assert "Default string" in serials


def test_batches_do_not_reach_into_each_other() -> None:
    """Serials of one maker count up: those of another batch begin behind the longest one, among few prefixes too."""
    chance = EndlessChance(seed=1)
    batches = sorted((opened.prefix, opened.start) for opened in (batch("Fujitsu", 0, chance) for _ in range(5_000)))

    assert len({prefix for prefix, _ in batches}) < 100
    for (prefix, start), (following, later) in pairwise(batches):
        assert prefix != following or later >= start + LONGEST_BATCH


def test_a_text_that_was_put_in_is_in() -> None:
    """Whatever the checksum of others; and few of those that were not are taken for one."""
    bits = Bits()
    for number in range(5_000):
        bits.add(str(number))

    assert all(str(number) in bits for number in range(5_000))
    assert sum(str(number) in bits for number in range(5_000, 15_000)) < 10


def test_memory_does_not_grow_with_the_fleet() -> None:
    """Six parts need hardly more than two: what a part needed is let go."""
    assert _peak(parts=6) < 1.3 * _peak(parts=2)


def test_more_records_than_ids_are_refused() -> None:
    """Before a search for a free id that would not end."""
    with pytest.raises(ValueError, match="at most"):
        next(stream(seed=1, records=LARGEST + 1))


def _in_several(parts: Iterable[Rows], values: Callable[[Row, str], Iterable[Any]]) -> set[Any]:
    found: defaultdict[Any, set[int]] = defaultdict(set)
    for number, part in enumerate(parts):
        for row, label in part:
            for value in values(row, label):
                found[value].add(number)
    return {value for value, numbers in found.items() if len(numbers) > 1}


def _peak(parts: int) -> int:
    tracemalloc.start()
    for _ in stream(seed=5, records=parts * 1_000, part=1_000):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - (1 << 27)
