"""Random draws that are the same on every supported Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class SeededRandom:
    """
    A seeded stream of random draws.

    It uses `Random.random` alone: Python promises to keep its sequence, and not that of `choice`.

    Every concept takes a stream of its own (`SeededRandom(seed, "serial", box)`), so that a change in one place of the
    fleet leaves the rest as it was.
    """

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("/".join(str(part) for part in seed))

    def chance(self, share: float) -> bool:
        """Return true in `share` of the cases (0 to 1)."""
        return self._random.random() < share

    def below(self, bound: int) -> int:
        """Return a whole number from 0 to `bound` - 1."""
        return int(self._random.random() * bound)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each equally likely."""
        return items[self.below(len(items))]

    def text(self, alphabet: str, length: int) -> str:
        """Return `length` letters of the alphabet."""
        return "".join(self.pick(alphabet) for _ in range(length))

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return the items in a drawn order."""
        return [item for _, _, item in sorted((self._random.random(), at, item) for at, item in enumerate(items))]


def draw_guid(rng: SeededRandom, version: str = "4") -> str:
    """Return a GUID of random digits, upper case with dashes, with the version digit given."""
    digits = rng.text("0123456789ABCDEF", 32)
    return f"{digits[:8]}-{digits[8:12]}-{version}{digits[13:16]}-{rng.pick('89AB')}{digits[17:20]}-{digits[20:]}"
