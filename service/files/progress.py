"""Say how far each stage of a run over files is, how long it will still take, and at the end what it took."""

from collections.abc import Callable
from time import perf_counter

Say = Callable[[str], None]

PAUSE = 5.0
"""Seconds between two sentences about one stage."""


class Stages:
    """The stages of a run, one after the other; `report` is the progress of the present one (`Progress`)."""

    def __init__(self, say: Say, clock: Callable[[], float] = perf_counter) -> None:
        """
        Begin the first stage.

        Args:
            clock: Gives the time in seconds.
        """
        self._say, self._clock = say, clock
        self._begun = self._said = clock()

    def report(self, what: str, done: int, expected: int | None = None) -> None:
        """Say how far the stage is, unless it was said a moment ago."""
        now = self._clock()
        if now - self._said >= PAUSE:
            self._said = now
            self._say(f"{what}: {how_far(done, expected, now - self._begun)}")

    def end(self, done: str) -> None:
        """Say what is done and what it took; the next stage begins."""
        now = self._clock()
        self._say(f"{done} in {now - self._begun:.1f} s")
        self._begun = self._said = now


def how_far(done: int, expected: int | None, seconds: float) -> str:
    """Return how much of it is done and, where that is known, how long the rest takes at the same pace."""
    if expected is None:
        return f"{done:,}"
    left = f", about {duration(seconds / done * (expected - done))} left" if done else ""
    return f"{done:,} of {expected:,}{left}"


def duration(seconds: float) -> str:
    """
    Return a time in words: seconds, minutes or hours.

    >>> duration(99), duration(100), duration(6000)
    ('99 s', '2 min', '1.7 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"
