"""
Work in parallel: a process of its own for each task, forked, so that it sees all that the parent holds.

Nothing is copied on the way in; what comes back are plain values (texts, numbers, tuples, lists, dicts), by `marshal`.
"""

import gc
import marshal
import os
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import connection, get_context
from typing import IO, Any, Generic, TypeVar, cast

from service.errors import ServiceError

Task = TypeVar("Task")
Result = TypeVar("Result")

FAILED = 1


class WorkerFailed(ServiceError):
    """A process that worked for us did not come to its end."""


def cores() -> int:
    """Return how many processes can work at once here; 1 where processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forked(function: Callable[[Task], Result], tasks: Iterable[Task], jobs: int) -> Iterator[Result]:
    """
    Yield each task's result, in order of the tasks; with one job everything is done here.

    Raises:
        WorkerFailed: A process failed, or was ended from outside.
    """
    if jobs == 1:
        yield from map(function, tasks)
        return
    workers: deque[_Worker[Task, Result]] = deque()
    try:
        for task in tasks:
            workers.append(_Worker(function, task))
            _await_room(workers, jobs)
            while workers and workers[0].is_done():
                yield workers.popleft().result()
        while workers:
            yield workers.popleft().result()
    finally:
        for worker in workers:
            worker.end()


@contextmanager
def uncollected() -> Iterator[None]:
    """
    Keep the cyclic garbage collector away while millions of objects that hold no cycles are made.

    It would visit all of them again and again, which doubles the time, and would touch every page that forks share.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let an interrupt wait until what is inside is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker(Generic[Task, Result]):
    """One task in a process. The result goes through a file, so that nobody waits for its reader."""

    def __init__(self, function: Callable[[Task], Result], task: Task) -> None:
        self._answer = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `result` or `end`
        self._process = get_context("fork").Process(target=_work, args=(function, task, self._answer), daemon=True)
        with uninterrupted():  # the hooks that run around a fork would swallow an interrupt
            self._process.start()
        self.sentinel = self._process.sentinel

    def is_done(self) -> bool:
        return not self._process.is_alive()

    def result(self) -> Result:
        self._process.join()
        with self._answer as answer:
            answer.seek(0)
            if self._process.exitcode == 0:
                value: Result = marshal.loads(answer.read())  # noqa: S302 - written by our own fork of this program
                return value
            said = answer.read().decode() or f"ended by signal {-(self._process.exitcode or 0)}; out of memory?"
        raise WorkerFailed(f"a worker process failed: {said}")

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._answer.close()


def _await_room(workers: Iterable[_Worker[Task, Result]], jobs: int) -> None:
    while len(alive := [worker.sentinel for worker in workers if not worker.is_done()]) >= jobs:
        connection.wait(alive)


def _work(function: Callable[[Task], Result], task: Task, answer: IO[bytes]) -> None:
    """Run in the child, which says what went wrong in words. An interrupt is for the parent, who then ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        marshal.dump(cast("Any", function(task)), answer)
        answer.flush()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
        answer.seek(0)
        answer.truncate()
        answer.write(f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
        answer.flush()
        os._exit(FAILED)
