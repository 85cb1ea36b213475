"""Work in other processes: in order, and never a hang."""

import os
import signal
import threading
import time

import pytest

from service.core.errors import WorkerFailed
from service.core.workers import NO_WORKERS, WorkerPool, uninterrupted


def slept(task: list[int]) -> list[int]:
    """Take the longer the smaller the number is; return it, and who did it."""
    time.sleep(0.01 * (3 - task[0] % 3))
    return [*task, os.getpid()]


def invert(number: int) -> int:
    """Fail at zero."""
    return 1 // number


def die(_: int) -> None:
    """End as if from outside."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_results_come_in_order_of_the_tasks() -> None:
    """However long each takes; they are of other processes, and the same pool works on one thing after the other."""
    with WorkerPool(3) as pool:
        for _ in range(2):
            results = list(pool.work(slept, ([n] for n in range(9))))
            assert [n for n, _ in results] == list(range(9))
            assert os.getpid() not in {worker for _, worker in results}


def test_a_worker_that_fails_is_told_in_words() -> None:
    """Its own words, or the signal that ended it; never a hang."""
    with pytest.raises(WorkerFailed, match="ZeroDivisionError"), WorkerPool(2) as pool:
        list(pool.work(invert, [1, 0]))
    with pytest.raises(WorkerFailed, match="signal 9"), WorkerPool(2) as pool:
        list(pool.work(die, [1, 2]))


def test_with_one_job_everything_is_done_here() -> None:
    """No process is forked, and a task is taken when its result is asked for."""
    tasks = iter([[0], [1], [2]])
    results = NO_WORKERS.work(slept, tasks)

    assert NO_WORKERS.is_empty
    assert next(results) == [0, os.getpid()]
    assert list(tasks) == [[1], [2]]


def test_an_interrupt_waits_for_the_end() -> None:
    """What must be whole is done first; then the interrupt comes as always."""
    done = []

    def work() -> None:
        with uninterrupted():
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            done.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["all of it"]
