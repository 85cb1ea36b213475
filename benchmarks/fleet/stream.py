"""
A fleet of any size in bounded memory: customers are generated in parts, one part after the other.

It is one fleet. Its parts have the same providers, fillers, and addresses of VPN clients and of the bench. No two of
them share a company's name or id, a record's id, a device's label, a range of serials or the address of an adapter.
Customers buy, sell and are mixed up within their part. Addresses of virtual machines are drawn by chance, as in a fleet
of one piece, so the more records there are, the more often two pools coincide.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import TypeVar
from zlib import crc32

from benchmarks.fleet.accessories import Accessories
from benchmarks.fleet.chance import Chance
from benchmarks.fleet.customers import customers
from benchmarks.fleet.fleet import RECORDS_A_BOX, boxes_of, rows_of
from benchmarks.fleet.sights import Row, Sights

T = TypeVar("T")

PART = 100_000
"""Records of a part: some 200 customers, the largest of 3,000 boxes, as in a fleet of a million."""

LARGEST = 15_000_000
"""Records from which on the ids of rmm_gamma, numbers below four million, would run out."""


class Bits:
    """
    A set of texts in 128 MiB, however many there are.

    It holds a bit of each text's checksum, so it may take a text for one that is in: who draws then draws again. Of 20
    million texts one in fifty is drawn again.
    """

    def __init__(self) -> None:
        self._bits = bytearray(1 << 27)

    def add(self, text: str, /) -> None:
        """Put a text in."""
        place = crc32(text.encode()) >> 2
        self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, text: object, /) -> bool:
        place = crc32(str(text).encode()) >> 2
        return bool(self._bits[place >> 3] >> (place & 7) & 1)


class EndlessChance(Chance):
    """Chance that hands nothing out twice, also where a fleet of one piece may."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, edition=1)
        self.handed_out = Bits()

    def distinct(self, draw: Callable[[], T], marks: Callable[[T], Iterable[str]]) -> T:
        """Draw until no mark of what was drawn was handed out before."""
        drawn = draw()
        while any(mark in self.handed_out for mark in marks(drawn)):
            drawn = draw()
        for mark in marks(drawn):
            self.handed_out.add(mark)
        return drawn


def stream(seed: int, records: int, part: int = PART) -> Iterator[list[tuple[Row, str]]]:
    """
    Yield a fleet of about that many records of the first edition part by part, each record with its device's label.

    Raises:
        ValueError: More records than there are ids for.
    """
    if records > LARGEST:
        raise ValueError(f"a fleet has at most {LARGEST:,} records")
    chance = EndlessChance(seed)
    accessories = Accessories(chance)
    numbers, names, first = count(1), set[str](), 0
    for begin in range(0, records, part):
        listed = customers(int(min(part, records - begin) / RECORDS_A_BOX), chance, names, first)
        first += len(listed)
        boxes, successors = boxes_of(listed, numbers, chance)
        yield rows_of(boxes, successors, accessories, Sights(listed, chance))
        accessories.worn.clear()
