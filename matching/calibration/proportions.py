"""Statistical tests of proportions, measured over pairs of records."""

from collections.abc import Callable, Iterable, Sequence
from math import comb, erfc, sqrt
from statistics import NormalDist
from typing import TypeVar
from zlib import crc32

SIGNIFICANCE = 0.01
"""One-sided: seven pairs of which none agrees rule out that half of them do (0.5 ** 7 < 0.01)."""

SAMPLE = 20_000
"""The number of values, or of pairs of records, on which a proportion is measured at most."""

T = TypeVar("T")


def rules_out_half(agreeing: int, pairs: int) -> bool:
    """
    Whether the pairs rule out that at least half of all would agree (one-sided test, `SIGNIFICANCE`).

    >>> rules_out_half(0, 6), rules_out_half(0, 7)
    (False, True)
    """
    if pairs <= 1000:
        return sum(comb(pairs, k) for k in range(agreeing + 1)) <= SIGNIFICANCE * float(2**pairs)
    deviation = (agreeing + 0.5 - pairs / 2) / sqrt(pairs / 4)  # the normal approximation, with continuity correction
    return erfc(-deviation / sqrt(2)) / 2 <= SIGNIFICANCE


def lower_bound(successes: int, trials: int) -> float:
    """Return the one-sided lower bound of a proportion. Reference: Wilson, JASA 22, 1927."""
    z = NormalDist().inv_cdf(1 - SIGNIFICANCE)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (centre - spread) / (1 + z * z / trials)


def sample(items: Sequence[T], name: Callable[[T], str]) -> Iterable[T]:
    """
    Return about `SAMPLE` of the items at most, chosen by a checksum of their names.

    Whether an item is chosen depends on its name and the number of items, and not on their order.
    """
    every = sampling_interval(len(items))
    return items if every == 1 else [item for item in items if sampling_checksum(name(item)) % every == 0]


def sampling_interval(count: int) -> int:
    """Return the number by which the checksum of an item has to be divisible for it to be in the sample of so many."""
    return count // SAMPLE + 1


def sampling_checksum(name: str) -> int:
    """Return the checksum of an item's name by which it is sampled."""
    return crc32(name.encode())
