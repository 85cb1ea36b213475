"""
Work in parallel: processes that take one task after the other, forked, so that they see all that the parent holds.

Tasks and results are plain values (texts, bytes, numbers, tuples, lists, dicts), by `marshal`. A task brings all that
it looks at often: to look at an object of the parent's is to count a reference in it, and so to copy its page.
"""

import gc
import marshal
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe, connection, get_context
from multiprocessing.connection import Connection
from typing import Any, Generic, NoReturn, TypeVar, cast

from service.errors import ServiceError

Task = TypeVar("Task")
Result = TypeVar("Result")


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
    team = _Team(function, jobs)
    try:
        yield from team.work(tasks)
    finally:
        team.end()


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


class _Team(Generic[Task, Result]):
    """Some processes, each with one task at a time; results wait here until it is their turn."""

    def __init__(self, function: Callable[[Task], Result], jobs: int) -> None:
        self._function = function
        self._jobs = jobs
        self._workers: list[_Worker[Task, Result]] = []
        self._busy: dict[Connection, tuple[int, _Worker[Task, Result]]] = {}
        self._done: dict[int, Result] = {}

    def work(self, tasks: Iterable[Task]) -> Iterator[Result]:
        wanted = 0
        for place, task in enumerate(tasks):
            worker = self._free()
            worker.give(task)
            self._busy[worker.line] = place, worker
            while wanted in self._done:
                yield self._done.pop(wanted)
                wanted += 1
        while self._busy or self._done:
            while wanted not in self._done:
                self._await()
            yield self._done.pop(wanted)
            wanted += 1

    def end(self) -> None:
        for worker in self._workers:
            worker.end()

    def _free(self) -> "_Worker[Task, Result]":
        if len(self._busy) == len(self._workers) < self._jobs:
            self._workers.append(_Worker(self._function, [worker.line for worker in self._workers]))
        if len(self._busy) == len(self._workers):
            self._await()
        busy = {id(worker) for _, worker in self._busy.values()}
        return next(worker for worker in self._workers if id(worker) not in busy)

    def _await(self) -> None:
        """Take in the results that are there, at least one."""
        for line in connection.wait(self._busy):
            place, worker = self._busy.pop(cast("Connection", line))
            self._done[place] = worker.result()


class _Worker(Generic[Task, Result]):
    """A process and the line to it. `others` are our ends of the lines to its elders, which it must not keep open."""

    def __init__(self, function: Callable[[Task], Result], others: list[Connection]) -> None:
        self.line, far = Pipe()
        self._process = get_context("fork").Process(
            target=_work, args=(function, far, [self.line, *others]), daemon=True
        )
        with uninterrupted():  # the hooks that run around a fork would swallow an interrupt
            self._process.start()
        far.close()

    def give(self, task: Task) -> None:
        try:
            self.line.send_bytes(marshal.dumps(cast("Any", task)))
        except OSError:
            self._fail("")

    def result(self) -> Result:
        said = ""
        try:
            is_done, value = marshal.loads(self.line.recv_bytes())  # noqa: S302 - written by our own fork of this program
            if is_done:
                return cast("Result", value)
            said = str(value)
        except (EOFError, OSError):
            pass
        return self._fail(said)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.line.close()

    def _fail(self, said: str) -> NoReturn:
        self._process.join()
        raise WorkerFailed(
            f"a worker process failed: {said or f'ended by signal {-(self._process.exitcode or 0)}; out of memory?'}"
        )


def _work(function: Callable[[Task], Result], line: Connection, not_mine: Iterable[Connection]) -> None:
    """
    Run in the child, until the parent is gone or has had enough; it says what went wrong in words.

    An interrupt is for the parent, who then ends it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for end in not_mine:
        end.close()
    while True:
        try:
            task = marshal.loads(line.recv_bytes())  # noqa: S302 - written by the parent
        except EOFError:
            return
        try:
            answer = marshal.dumps((True, cast("Any", function(task))))
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
            line.send_bytes(marshal.dumps((False, f"{type(error).__name__}: {error}")))
            return
        line.send_bytes(answer)
