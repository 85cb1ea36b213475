"""
Work in parallel: processes that are forked while there is little to copy, and take one task after the other.

Tasks and results are plain values (texts, bytes, numbers, tuples, lists, dicts), serialised by `marshal`. A process
forked later would share the parent's objects, and each change that either makes to an object's reference count would
copy its memory page.
"""

import gc
import marshal
import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, connection, get_context
from multiprocessing.connection import Connection
from typing import Any, NoReturn, Self, TypeVar, cast

from service.core.errors import WorkerFailed

Task = TypeVar("Task")
Result = TypeVar("Result")


def cores() -> int:
    """Return how many processes can work at once here; 1 where processes cannot be forked."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let an interrupt wait until what is inside is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class WorkerPool:
    """
    Processes that work for this one, with one task each at a time; with one job everything is done here.

    Use it as a context: at the end of it the processes are gone. With `nice` they let this one go first, where it has
    the most to do itself.
    """

    def __init__(self, jobs: int, *, nice: int = 0) -> None:
        self._workers: list[_Worker] = []
        for _ in range(jobs if jobs > 1 else 0):
            self._workers.append(_Worker([worker.line for worker in self._workers], nice))

    @property
    def is_empty(self) -> bool:
        """Whether everything is done in this process."""
        return not self._workers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def work(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """
        Yield each task's result, in order of the tasks. The function is one that `pickle` can carry.

        Raises:
            WorkerFailed: A process failed, or was ended from outside.
        """
        if not self._workers:
            yield from map(function, tasks)
            return
        for worker in self._workers:
            worker.learn(function)
        free, busy, done = list(self._workers), dict[Connection, tuple[int, _Worker]](), dict[int, Result]()
        wanted = 0
        for place, task in enumerate(tasks):
            if not free:
                free = _finished(busy, done)
            worker = free.pop()
            worker.give(task)
            busy[worker.line] = place, worker
            while wanted in done:
                yield done.pop(wanted)
                wanted += 1
        while busy or done:
            while wanted not in done:
                _finished(busy, done)
            yield done.pop(wanted)
            wanted += 1


NO_WORKERS = WorkerPool(1)
"""A pool without worker processes: everything is done in this one."""


def worker_pool() -> WorkerPool:
    """Return a pool for a process that writes what the others make, and goes first."""
    return WorkerPool(cores(), nice=5)


def _finished(busy: "dict[Connection, tuple[int, _Worker]]", done: dict[int, Any]) -> "list[_Worker]":
    """Move the results that are there, at least one, from the busy workers to what is done; return whose they are."""
    free = []
    for line in connection.wait(busy):
        place, worker = busy.pop(cast("Connection", line))
        done[place] = worker.result()
        free.append(worker)
    return free


class _Worker:
    """A process and the line to it. `others` are our ends of the lines to its elders, which it must not keep open."""

    def __init__(self, others: list[Connection], nice: int) -> None:
        self.line, far = Pipe()
        self._process = get_context("fork").Process(target=_work, args=(far, [self.line, *others], nice), daemon=True)
        with uninterrupted():  # the hooks that run around a fork would swallow an interrupt
            self._process.start()
        far.close()

    def learn(self, function: Callable[[Any], Any]) -> None:
        self._send(FUNCTION + pickle.dumps(function))

    def give(self, task: Any) -> None:
        self._send(TASK + marshal.dumps(task))

    def result(self) -> Any:
        said = ""
        try:
            is_done, value = marshal.loads(self.line.recv_bytes())  # noqa: S302 - written by our own fork of this program
            if is_done:
                return value
            said = str(value)
        except (EOFError, OSError):
            pass
        return self._fail(said)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.line.close()

    def _send(self, message: bytes) -> None:
        try:
            self.line.send_bytes(message)
        except OSError:
            self._fail("")

    def _fail(self, said: str) -> NoReturn:
        self._process.join()
        reason = said or f"ended by signal {-(self._process.exitcode or 0)}; out of memory?"
        raise WorkerFailed(f"a worker process failed: {reason}")


FUNCTION, TASK = b"f", b"t"
"""First byte of a message: what to do from now on, or one thing to do it with."""


def _work(line: Connection, not_mine: Iterable[Connection], nice: int) -> None:
    """
    Run in the child, until the parent is gone or has had enough; it says what went wrong in words.

    An interrupt is for the parent, who then ends it. Garbage in cycles, of which a task leaves next to none, is looked
    for between tasks only: while they make a hundred thousand objects it took a tenth of the time.
    """
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(nice)
    for end in not_mine:
        end.close()
    function: Callable[[Any], Any] = repr
    while True:
        try:
            message = line.recv_bytes()
            if message[:1] == FUNCTION:
                function = pickle.loads(message[1:])  # noqa: S301 - written by the parent
                continue
            answer = marshal.dumps((True, function(marshal.loads(message[1:]))))  # noqa: S302 - written by the parent
        except EOFError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
            with suppress(OSError):  # the parent is gone
                line.send_bytes(marshal.dumps((False, f"{type(error).__name__}: {error}")))
            return
        with suppress(OSError):
            line.send_bytes(answer)
        gc.collect(0)
