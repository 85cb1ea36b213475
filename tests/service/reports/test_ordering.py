"""Work is sorted, a list of everything is not held."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from operator import attrgetter, itemgetter
from pathlib import Path
from weakref import WeakSet

from hypothesis import given
from hypothesis import strategies as st

from service.reports.context import ReportContext, ReportRequest
from service.reports.ordering import in_order, most_worth_first
from service.reports.rules import ReportRules
from tests.service.reports.fleets import NOW, world_of


@dataclass(eq=False)
class HeldRow:
    """A row that tells whether it is still in memory."""

    number: int


def test_all_rows_come_as_they_are_read(tmp_path: Path) -> None:
    """Of a list without end the first ones can be had; a list of work is in order."""
    world = world_of(tmp_path)

    with world.store.reading() as connection:
        everything, work = (
            ReportContext(connection, world.policy, ReportRules(), NOW, ReportRequest(all=all)) for all in (True, False)
        )
        assert list(islice(most_worth_first(count(), lambda n: -n, everything), 3)) == [0, 1, 2]
        assert list(most_worth_first([1, 3, 2], lambda n: -n, work)) == [3, 2, 1]


@given(st.lists(st.tuples(st.integers(0, 5), st.text(max_size=3))), st.integers(1, 7))
def test_rows_on_disk_come_as_if_they_had_been_in_memory(rows: list[tuple[int, str]], bound: int) -> None:
    """Whatever the bound: also rows with equal keys come in the order in which they were read."""
    assert list(in_order(rows, itemgetter(0), bound)) == sorted(rows, key=itemgetter(0))


def test_no_more_rows_than_the_bound_are_held() -> None:
    """A row that is on disk is not in memory: of 1,000 rows, those of one run and one of each other."""
    held: WeakSet[HeldRow] = WeakSet()
    most = 0

    def rows() -> Iterator[HeldRow]:
        nonlocal most
        for number in range(1000):
            row = HeldRow(-number)
            held.add(row)
            most = max(most, len(held))
            yield row

    assert [each.number for each in in_order(rows(), attrgetter("number"), 100)] == list(range(-999, 1))
    assert most <= 202
