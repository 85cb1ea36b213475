"""What readers and writers of either database can rely on."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from service.core.errors import WriterBusy
from service.store.database.tables import state
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both


def test_readers_and_the_writer_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """A reader sees the state from which it began, while a writer writes and after it has."""
    world = Sandbox(tmp_path)

    with world.store.reading() as reader:
        before = reader.exec_driver_sql("SELECT count(*) FROM records").scalar_one()
        world.push(record("a:1"))
        assert reader.exec_driver_sql("SELECT count(*) FROM records").scalar_one() == before == 0

    assert len(world.devices()) == 1


def test_an_impatient_writer_is_told_of_the_other_one(tmp_path: Path) -> None:
    """Two writers at once are not a fault; the second may wait or give up."""
    world = Sandbox(tmp_path)

    with (
        world.store.writing(),
        pytest.raises(WriterBusy, match="another process is writing"),
        world.store.writing(patient=False),
    ):
        pass


def test_a_writer_loses_patience_with_the_other_one(tmp_path: Path) -> None:
    """A writer that hangs must not hang all others for ever; the error is one of its own, so a caller may try again."""
    world = Sandbox(tmp_path)
    hasty = replace(world.store, patience=50)

    with world.store.writing(), pytest.raises(WriterBusy, match="another process is writing"), hasty.writing():
        pass

    world.push(record("a:1"))


def test_a_writer_that_waited_builds_on_what_the_other_one_stored(tmp_path: Path) -> None:
    """Of many writers that read, reckon and write, none undoes another's work."""
    store = Sandbox(tmp_path).store

    def count_up(_: int) -> None:
        with store.writing() as connection:
            before = connection.execute(select(state.c.version)).scalar_one()
            connection.execute(update(state).values(version=before + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(40)))

    with store.reading() as connection:
        assert connection.execute(select(state.c.version)).scalar_one() == 40
