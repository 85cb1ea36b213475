"""Everything random in the fleet, from one seed, with a tally of how often each pathology was drawn and struck."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from benchmarks.fleet.rates import RATES

T = TypeVar("T")


class Tagged(Protocol):
    """Whatever remembers which pathologies struck it."""

    tags: set[str]


class Marks(Protocol):
    """A set of texts, as far as it is needed here."""

    def add(self, text: str, /) -> None:
        """Put a text in."""

    def __contains__(self, text: object, /) -> bool: ...


class Chance(random.Random):
    """
    A seeded source that knows the rates of an edition. The same seed gives the same fleet on every Python from 3.11.
    """

    def __init__(self, seed: int, edition: int) -> None:
        super().__init__(seed)
        self.rates = RATES[edition]
        self.drawn: defaultdict[str, int] = defaultdict(int)
        self.struck: defaultdict[str, int] = defaultdict(int)
        self.handed_out: Marks = set()

    def strikes(self, pathology: str, *victims: Tagged) -> bool:
        """
        Draw for one member of the pathology's population; the victims remember it when it strikes.

        One that the edition does not have never strikes, and takes nothing from the stream of random numbers.
        """
        if pathology not in self.rates:
            return False
        self.drawn[pathology] += 1
        if self.random() >= self.rates[pathology].share:
            return False
        self.struck[pathology] += 1
        for victim in victims:
            victim.tags.add(pathology)
        return True

    def maybe(self, share: float) -> bool:
        """Return true for that share of calls: a choice that is no pathology."""
        return self.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options. (`choice` draws several numbers; this draws one, and is the hot path.)"""
        return options[int(self.random() * len(options))]

    def fresh(self, draw: Callable[[], str]) -> str:
        """Draw until the text is one that was not handed out before: makers do not give an address twice."""
        drawn = draw()
        while drawn in self.handed_out:
            drawn = draw()
        self.handed_out.add(drawn)
        return drawn

    def distinct(self, draw: Callable[[], T], marks: Callable[[T], Iterable[str]]) -> T:
        """
        Draw once, whether or not the marks of what was drawn are new.

        Of a million records few share a company's id or a range of serials by chance, and editions stay as they are.
        """
        del marks
        return draw()

    def text(self, alphabet: str, length: int) -> str:
        """Return that many characters of the alphabet."""
        return "".join(self.choices(alphabet, k=length))
