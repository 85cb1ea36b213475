"""Texts and times are kept alike by either database, whatever a provider writes."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from service.store.database.tables import records
from service.store.database.types import LONGEST_BYTES, LONGEST_VALUE, indexable, storable
from service.store.resolved import devices
from service.store.resolved.device_filters import Filters
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

PILE = "\U0001f4a9"
HOSTILE = ["\0", "a\0b" * 300, PILE * 5000, "%s %(x)s {x} \\N \\. \t\r\n", "\ud800", "'; DROP TABLE records; --"]
FIELDS = ("name", "hostname", "serial", "company", "type", "bios_guid", "tag_number", "device_identifier", "odd")


def test_no_text_of_a_provider_is_too_much_for_the_database(tmp_path: Path) -> None:
    """Whatever is written in a field, the record is stored, is asked for, and is the same when it comes again."""
    world = Sandbox(tmp_path)
    rows = [
        {**record(f"p:{place}", **dict.fromkeys(FIELDS, text)), "provider": "p" * 100, "id": f"{PILE * 199}{place}"}
        for place, text in enumerate(HOSTILE)
    ]

    world.push(*rows)
    before = world.everything()
    world.push(*rows)

    assert len(world.devices()) == len(HOSTILE)
    assert world.everything() == before
    with world.store.reading() as connection:
        for text in HOSTILE[:4]:
            found = devices.page(connection, Filters(company=text), "", 10)
            assert len(found) == ("\0" not in text)  # a filter with NUL finds nothing: one database refuses to look


def test_words_stand_in_order_of_their_bytes(tmp_path: Path) -> None:
    """Pages and reports have one order, whatever the locale of the server."""
    world = Sandbox(tmp_path)
    keys = ["a:B", "a:a", "a:b", "a:-b", "a:Z", "a:ä", "B:1", "b:1"]
    world.push(*map(record, keys))

    with world.store.reading() as connection:
        found = connection.execute(select(records.c.provider, records.c.record_id).order_by(*records.primary_key)).all()
    assert [":".join(row) for row in found] == sorted(keys)


def test_moments_are_kept_in_utc(tmp_path: Path) -> None:
    """Whatever zone they come in; they sort by when they were."""
    world = Sandbox(tmp_path)
    moment = datetime(2026, 11, 1, 12, tzinfo=timezone(timedelta(hours=-9, minutes=-30)))
    with world.store.writing() as connection:
        row = {"number": 1, "provider": "a", "record_id": "1", "payload": "{}", "content_hash": "", "terms": b""}
        connection.execute(
            records.insert(), {**row, **dict.fromkeys(["first_seen_at", "changed_at", "returned_at"], moment)}
        )
        found, unknown = connection.execute(select(records.c.first_seen_at, records.c.seen_at)).one()

    assert (found, found.tzinfo, unknown) == (moment, UTC, None)


@pytest.mark.parametrize("text", ["x" * 5000, "ß" * 5000, "\U0001f4a9" * 5000, "\ud800" * 5000, "a\0b" * 5000])
def test_an_index_takes_the_beginning_of_any_text(text: str) -> None:
    """As many characters as are indexed and as many bytes as fit, cut between two characters; without NUL."""
    cut = indexable(text)

    assert 0 < len(cut) <= LONGEST_VALUE
    assert len(cut.encode()) <= LONGEST_BYTES
    assert storable(text).encode(errors="replace").startswith(cut.encode())


def test_a_short_text_is_indexed_as_it_is() -> None:
    """Nothing but NUL is taken out of it, here and in a column that is not indexed."""
    assert indexable("Müller & Söhne \U0001f4a9") == "Müller & Söhne \U0001f4a9"
    assert storable("a\0b\n") == indexable("a\0b\n") == "ab\n"
