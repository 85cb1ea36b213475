"""What readers and writers of either database can rely on."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from service.core.errors import StoreError
from service.store import devices, postgresql, sqlite
from service.store.devices import Filters
from service.store.tables import memberships, records, state
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
        pytest.raises(StoreError, match="another process is writing"),
        world.store.writing(patient=False),
    ):
        pass


def test_a_writer_loses_patience_with_the_other_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that hangs must not hang all others for ever."""
    world = Sandbox(tmp_path)
    for room in (sqlite, postgresql):
        monkeypatch.setattr(room, "PATIENCE", 50)

    with world.store.writing(), pytest.raises(StoreError, match="another process is writing"), world.store.writing():
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


def test_a_membership_without_its_record_cannot_be_stored(tmp_path: Path) -> None:
    """A mistake of ours ends the transaction, at its end, and is not mistaken for a state of the database."""
    world = Sandbox(tmp_path)
    world.push(record("a:1"))
    before = world.everything()
    stray = {
        "provider": "a",
        "record_id": "2",
        "device_id": world.home("a:1"),
        "suppressed": "[]",
        "record": 2,
        "blocking_keys": b"",
    }

    with pytest.raises(IntegrityError), world.store.writing() as connection:
        connection.execute(memberships.insert(), stray)

    assert world.everything() == before


PILE = "\U0001f4a9"
HOSTILE = ["\0", "a\0b" * 300, PILE * 5000, "%s %(x)s {x} \\N \\. \t\r\n", "\ud800", "'; DROP TABLE records; --"]
FIELDS = ("name", "hostname", "serial", "company", "type", "bios_guid", "tag_number", "device_identifier", "odd")


def test_no_text_of_a_provider_is_too_much_for_the_database(tmp_path: Path) -> None:
    """Whatever is written in a field, the record is stored, is asked for, and is the same when it comes again."""
    world = Sandbox(tmp_path)
    rows = [
        {**record(f"p:{place}", **dict.fromkeys(FIELDS, text)), "provider": "p" * 200, "id": f"{PILE * 199}{place}"}
        for place, text in enumerate(HOSTILE)
    ]

    world.push(*rows)
    before = world.everything()
    world.push(*rows)

    assert len(world.devices()) == len(HOSTILE)
    assert world.everything() == before
    with world.store.reading() as connection:
        for text in HOSTILE[:4]:
            assert len(devices.page(connection, Filters(company=text), "", 10)) == 1


def test_words_stand_in_order_of_their_bytes(tmp_path: Path) -> None:
    """Pages and reports have one order, whatever the locale of the server."""
    world = Sandbox(tmp_path)
    keys = ["a:B", "a:a", "a:b", "a:-b", "a:Z", "a:ä", "B:1", "b:1"]
    world.push(*map(record, keys))

    with world.store.reading() as connection:
        found = connection.execute(select(records.c.provider, records.c.record_id).order_by(*records.primary_key)).all()
    assert [":".join(row) for row in found] == sorted(keys)
