"""
Components that are as expensive as possible: ten thousand connected records, with and without conflicts.

Each must end, in time and memory that a small machine has, and suppressed values must be reported. The bound is
generous: it catches work that grows with the square of the records, which would take hours.
"""

import time
import tracemalloc
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from matching.model import Record
from matching.records import read_record
from matching.results.resolution import Resolution, resolve_records
from matching.values.spelling import shown

MANY = 10_000

SOME = 2_500
"""Records where a tenth of the time shows as much: work that grows with the square would take minutes already."""

SECONDS = 20.0
"""Of processor time, for one fleet on a slow machine; on a common one each takes less than two."""

BYTES_A_RECORD = 40_000


def fleet(row: Callable[[int], dict[str, Any]], providers: int, count: int = MANY) -> list[Record]:
    """Return records made by number, spread over so many providers, in no order."""
    rows = [read_record({"provider": f"p{n % providers}", "id": str(n)} | row(n))[0] for n in range(count)]
    Random(1).shuffle(rows)
    return rows


def mac(number: int) -> str:
    return f"3C:52:82:{number >> 16 & 255:02X}:{number >> 8 & 255:02X}:{number & 255:02X}"


def serial(number: int) -> str:
    return f"7KQ{number:07d}"


def guid(number: int) -> str:
    return f"{number:08X}-5E6B-4788-9C0D-{number:012X}"


def bounded(records: list[Record]) -> Resolution:
    """Resolve everything there is to resolve, reviews included, and hold it to the bound."""
    start = time.process_time()
    resolution = resolve_records(records)
    held = [key for device in resolution.devices for key in device.keys]
    assert len(resolution.reviews) < len(records)
    assert time.process_time() - start < SECONDS
    assert len(held) == len(set(held)) == len(records)
    return resolution


@pytest.mark.parametrize("value", ["bios_guid", "serial", "macs"])
def test_one_value_on_all_is_suppressed_and_reported(value: str) -> None:
    """Ten thousand holders are no box: the value joins nobody, opens no review and is reported with its holders."""
    raws: dict[str, object] = {"bios_guid": guid(7), "serial": serial(7), "macs": [mac(7)]}
    resolution = bounded(fleet(lambda n: {value: raws[value], "hostname": f"pc{n}"}, providers=60))

    assert len(resolution.devices) == MANY
    assert resolution.reviews == ()
    (shared,) = resolution.shared
    assert len(shared.holders) == MANY
    assert f"{MANY} live records" in shared.reason


def test_a_chain_without_conflict_is_one_device() -> None:
    """Ten thousand records, each sharing an adapter with the next, and nothing against it."""
    resolution = bounded(fleet(lambda n: {"macs": [mac(n), mac(n + 1)]}, providers=7))

    assert len(resolution.devices) == 1


def test_a_chain_between_two_boxes_swallows_neither() -> None:
    """The ends have serials that differ: where to cut the chain would be chance, so nobody joins."""
    ends = {0: {"serial": serial(1)}, MANY - 1: {"serial": serial(2)}}
    resolution = bounded(fleet(lambda n: {"macs": [mac(n), mac(n + 1)]} | ends.get(n, {}), providers=7))

    assert len(resolution.devices) == MANY
    assert len(resolution.reviews) == MANY - 1


def test_a_chain_of_pairs_that_differ_keeps_the_pairs() -> None:
    """Serials join two and two; the adapters between pairs with other serials join nothing."""
    records = fleet(lambda n: {"macs": [mac(n), mac(n + 1)], "serial": serial(n // 2)}, providers=7, count=SOME)

    assert len(bounded(records).devices) == SOME // 2


def test_a_star_of_stars_with_conflicts_everywhere() -> None:
    """Hubs that share adapters with every arm of every other hub: nobody joins, and the hubs are reported."""
    resolution = bounded(
        fleet(
            lambda n: {
                "macs": [mac(n // 100), mac(500 + n % 100)],
                "serial": serial(n),
                "hostname": f"h{n % 100}",
                "company": "Acme",
            },
            providers=9,
        )
    )

    assert len(resolution.devices) == MANY
    assert len(resolution.shared) == 100


def test_a_star_whose_centre_is_ambiguous() -> None:
    """Thousands of boxes name one row as theirs: it is nobody's, and a few questions are asked, not thousands."""
    links = [{"provider": "cw_manage", "id": "1"}]
    arms = fleet(lambda n: {"links": links, "serial": serial(n)}, providers=1, count=SOME)
    resolution = bounded([*arms, {"provider": "cw_manage", "id": "1"}])

    assert len(resolution.devices) == SOME + 1
    assert 0 < len(resolution.reviews) <= 10


def test_one_hostname_on_all_rows() -> None:
    """Ten thousand rows that say nothing but one name of one company are one box: nothing speaks against it."""
    row = {"hostname": "pc1", "company": "Acme"}

    assert len(bounded(fleet(lambda _: row, providers=5)).devices) == 1


def test_one_hostname_on_different_boxes() -> None:
    """The serials tell them apart, and nobody is asked about what is certain."""
    row = {"hostname": "pc1", "company": "Acme"}
    resolution = bounded(fleet(lambda n: row | {"serial": serial(n)}, providers=5, count=SOME))

    assert len(resolution.devices) == SOME
    assert resolution.reviews == ()


def test_weak_adapters_on_all() -> None:
    """Randomised addresses that repeat everywhere connect the fleet; beside serials they join nobody."""
    local = "02:5A:1B:33:44:55"
    resolution = bounded(
        fleet(
            lambda n: {
                "hostname": f"pc{n % 100}",
                "macs": [local, f"02:5A:1B:33:{n % 50:02X}:01"],
                "serial": serial(n),
            },
            providers=5,
            count=SOME,
        )
    )

    assert len(resolution.devices) == SOME
    assert local in {shown(value.kind, value.value) for value in resolution.shared}


def test_a_grid_of_adapters_with_conflicts() -> None:
    """Every record shares an adapter with its row and one with its column; each tenth has a serial of its own."""

    def row(n: int) -> dict[str, Any]:
        own = {"serial": serial(n)} if n % 10 == 0 else {}
        return {"macs": [mac(n // 50), mac(5000 + n % 50)]} | own

    assert bounded(fleet(row, providers=200, count=SOME)).reviews


def test_explaining_two_ends_of_a_long_chain_ends() -> None:
    """The path through a chain of thousands is found in bounded time as well."""
    records = fleet(lambda n: {"macs": [mac(n), mac(n + 1)]}, providers=7, count=SOME)
    resolution = bounded(records)
    keys = resolution.devices[0].keys
    start = time.process_time()

    assert resolution.explain(keys[0], keys[-1]).same
    assert time.process_time() - start < SECONDS


def test_memory_grows_with_the_records_alone() -> None:
    """A component with a conflict in every link needs some kilobytes a record, not a row for every other record."""
    records = fleet(lambda n: {"macs": [mac(n), mac(n + 1)], "serial": serial(n // 2)}, providers=7, count=500)
    tracemalloc.start()
    try:
        bounded(records)
        assert tracemalloc.get_traced_memory()[1] < len(records) * BYTES_A_RECORD
    finally:
        tracemalloc.stop()
