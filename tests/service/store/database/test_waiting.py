"""A writer that waits for another one says so after a second, and goes on when its turn comes."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from service.core.errors import WriterBusy
from service.store.database.tables import state
from service.store.database.waiting import QUIET, take_turn
from service.store.engine import open_store
from tests.service.sandbox import Sandbox
from tests.service.stores import on_both, opened, place_in


@on_both
def test_a_writer_that_has_to_wait_says_so_once_and_writes(tmp_path: Path) -> None:
    """The other one ends only when it was told; what both wrote is stored."""
    first, told, held = Sandbox(tmp_path).store, [], ExitStack()
    connection = held.enter_context(first.writing())
    connection.execute(update(state).values(version=7))

    def let_go(seconds: float) -> None:
        told.append(seconds)
        held.close()

    second = replace(opened(place_in(tmp_path)), notice=let_go)
    for _ in range(2):
        with second.writing() as connection:
            connection.execute(update(state).values(version=state.c.version + 1))

    assert told == [30]
    with first.reading() as connection:
        assert connection.execute(state.select()).one().version == 9


@on_both
def test_who_waits_for_less_than_a_second_says_nothing(tmp_path: Path) -> None:
    """An impatient writer is refused at once; there is nothing that it waits for."""
    told: list[float] = []
    store = replace(Sandbox(tmp_path).store, notice=told.append, patience=QUIET)

    with store.writing(), pytest.raises(WriterBusy), store.writing(patient=False):
        pass
    assert told == []


def test_a_failure_of_another_kind_is_no_reason_to_wait() -> None:
    """It is raised as it is, and nobody is told of another writer."""
    told: list[float] = []
    failure = OperationalError("BEGIN", None, Exception("disk I/O error"))

    def fail(_: int) -> None:
        raise failure

    with pytest.raises(OperationalError) as caught:
        take_turn(fail, 30_000, lambda _: False, told.append)
    assert (caught.value, told) == (failure, [])


def test_the_notice_is_an_argument_of_the_store() -> None:
    """Whoever opens a store says who is told."""
    assert open_store("sqlite:///x.db", print).notice is print
