"""Say on standard error which stage Spark is in, how far it is, and how long that stage will still take."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from pyspark import SparkContext

from service.files.progress import Say

PAUSE = 10.0
"""Seconds between two sentences about one stage."""


@contextmanager
def stage(context: SparkContext, name: str, say: Say, pause: float = PAUSE) -> Iterator[None]:
    """Name what Spark does inside, say from time to time how far it is, and at the end how long it took."""
    begun = monotonic()
    ended = Event()
    context.setJobDescription(name)
    watcher = Thread(target=_watch, args=(context, name, say, pause, ended), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    say(f"{name}: done in {monotonic() - begun:.1f} s")


def how_far(done: int, tasks: int, seconds: float) -> str:
    """Return how many tasks are done, and how long the others take at that pace."""
    count = f"{done:,} of {tasks:,} tasks"
    return f"{count}, about {duration(seconds / done * (tasks - done))} left" if done else count


def duration(seconds: float) -> str:
    """Return a time in words: seconds, minutes or hours."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = seconds / 60
    return f"{minutes:.0f} min" if minutes < 100 else f"{minutes / 60:.1f} h"


def _watch(context: SparkContext, name: str, say: Say, pause: float, ended: Event) -> None:
    begun: dict[int, float] = {}
    tracker = context.statusTracker()
    while not ended.wait(pause):
        for number in tracker.getActiveStageIds():
            info = tracker.getStageInfo(number)
            if info is None:
                continue
            since = begun.setdefault(number, monotonic() - pause)
            say(f"{name}: {how_far(info.numCompletedTasks, info.numTasks, monotonic() - since)}")
