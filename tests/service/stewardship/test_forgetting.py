"""A last user who is forgotten is nowhere any more, also when providers send the name again; no device changes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Text, event

from service.core.errors import BadRequest
from service.ingest.protocol import Quarantined
from service.intake.pushing import PushStatus
from service.resolution import customer_changes
from service.stewardship.feed import feed
from service.stewardship.forgetting import ForgottenName, forget, remember
from service.store.access import idempotency
from service.store.access.idempotency import KeptAnswer
from service.store.access.visibility import Customer, Visibility
from service.store.database.tables import metadata, quarantine
from service.store.ingested import arrivals
from service.store.ingested.arrivals import Arrival
from service.store.ingested.redaction import _PLACES
from tests.service.people import bring, decision
from tests.service.sandbox import Sandbox, record
from tests.service.soak.invariants import assert_whole
from tests.service.stores import chosen, on_both

pytestmark = on_both

BOX = {"serial": "5CG1234ABC", "hostname": "front-desk", "company": "Acme Inc.", "company_id": "1"}
RECORDS = [
    record("psa:1", last_user="ACME\\jdoe", last_seen="2026-10-30T08:00:00Z", **BOX),
    record("rmm:1", last_user="JDoe@acme.com", last_seen="2026-10-29T08:00:00Z", vendor={"users": ["jdoe"]}, **BOX),
    record("rmm:2", company_id="1", last_user="asmith", serial="5CG1234ABD", hostname="warehouse"),
    record("rmm:3", last_user="", serial="5CG1234ABE", hostname="jdoe", notes="Laptop of jdoe, returned"),
]
ACME = Visibility(frozenset({Customer("psa", "1"), Customer("rmm", "1")}))
UNREADABLE = Quarantined("rmm", "", "names no device, but jdoe", {"lastUser": "ACME\\jdoe", "n": 1})


def bytes_of(number: int) -> bytes:
    """Return a salt that can be foreseen."""
    return bytes(range(number))


def forgotten(world: Sandbox, name: str = "jdoe", *, dry_run: bool = False) -> ForgottenName:
    """Forget a user."""
    return forget(world, name, bytes_of, dry_run=dry_run)


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store that holds a name wherever one can be: an unfinished sync is a part of it."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        customer_changes.begin(connection, world.change(connection), ACME)
    world.take_in(*RECORDS, quarantined=[UNREADABLE])
    world.push(record("rmm:2", company_id="1", last_user="jdoe", serial="5CG1234ABD", hostname="warehouse"))
    world.push(RECORDS[2])
    bring(world, [decision("different", "psa:1", "rmm:2", why="jdoe has two boxes")])
    with world.store.writing() as connection:
        connection.exec_driver_sql("UPDATE syncs SET error = 'stopped at the row of ACME\\jdoe'")
        run = connection.exec_driver_sql("SELECT id FROM syncs").scalars().first()
        unread = Arrival("", json.dumps({"user": "jdoe"}), reason="jdoe?")
        arrivals.add(connection, str(run), [Arrival("1", json.dumps(RECORDS[0])), unread])
        kept = KeptAnswer("", "retry-1", "0" * 64, 201, None, json.dumps({"why": "jdoe has two boxes"}), world.now())
        idempotency.add(connection, kept)
    return world


def texts(world: Sandbox) -> Iterator[tuple[str, str]]:
    """Yield everything that is stored as text, with the table that holds it."""
    for table in metadata.tables:
        for row in world.rows(f"SELECT * FROM {table}"):
            yield from ((table, value) for value in row if isinstance(value, str))


def holders(world: Sandbox, name: str = "jdoe") -> set[str]:
    """Return the tables that hold a name in any case."""
    return {table for table, text in texts(world) if name in text.casefold()}


def without_the_hostname(world: Sandbox) -> None:
    """Take away the one record whose hostname is the name, which would stay."""
    world.delete("rmm:3")


def test_the_name_is_nowhere_afterwards(world: Sandbox) -> None:
    """Not in any text of any table."""
    assert holders(world) >= {
        "records",
        "devices",
        "changes",
        "published_devices",
        "customer_changes",
        "decisions",
        "quarantine",
        "arrivals",
        "syncs",
        "idempotency_keys",
    }
    without_the_hostname(world)

    forgotten(world)

    assert holders(world) == set()


def test_what_identifies_a_device_stays_and_is_counted(world: Sandbox) -> None:
    """A hostname is evidence; free text in the same record is cleaned."""
    done = forgotten(world)

    assert done.elsewhere == 1
    [payload] = [row for (row,) in world.rows("SELECT payload FROM records WHERE record_id = '3'")]
    assert (json.loads(payload)["hostname"], json.loads(payload)["notes"]) == (
        "jdoe",
        "Laptop of [forgotten], returned",
    )


def test_the_same_records_are_the_same_devices(world: Sandbox) -> None:
    """Only values go; the other user stays, and the store is what its records say."""
    groups = world.groups()
    forgotten(world)

    assert world.groups() == groups
    users = {view.values.get("last_user") for view in world.devices()}
    assert users == {None, "asmith"}
    assert_whole(world)


def test_a_dry_run_tells_the_same_and_changes_nothing(world: Sandbox) -> None:
    """Before a person says yes: records, devices, and the rows of each other table."""
    before = world.everything()
    told = forgotten(world, dry_run=True)

    assert world.everything() == before
    assert world.rows("SELECT * FROM forgotten_users") == []
    assert told == forgotten(world)
    assert (told.records, told.devices) == (3, 2)
    assert told.rows == {
        "arrivals": 3,
        "changes": 2,
        "customer_changes": 2,
        "decisions": 1,
        "idempotency_keys": 1,
        "quarantine": 1,
        "syncs": 1,
    }


def test_the_feed_tells_of_it_without_the_name(world: Sandbox) -> None:
    """Followers learn that a value is gone, and why; earlier changes lose the name as well."""
    last = feed(world, limit=1000).seq
    forgotten(world)
    [told] = feed(world, last).data

    assert told.detail["because"] == {"forgotten": 3}
    assert told.detail["fields"]["last_user"] == {"from": "[forgotten]", "to": None}
    assert told.sentence.endswith("By the removal of a last user's name.")
    assert "jdoe" not in feed(world, limit=1000).model_dump_json().casefold()


def test_a_name_that_comes_again_is_not_stored(world: Sandbox) -> None:
    """By a sync, an import or a push, as a record or a row that cannot be read; and what was cleaned is no change."""
    without_the_hostname(world)
    forgotten(world)
    last = feed(world, limit=1000).seq
    world.take_in(*RECORDS[:3], quarantined=[UNREADABLE])
    world.sync("psa", RECORDS[0])
    [pushed] = world.push({**RECORDS[1]})

    assert holders(world) == set()
    assert pushed.status == PushStatus.UNCHANGED
    assert feed(world, last).data == []
    world.push(record("new:1", last_user="jdoe", serial="5CG1234ABF"))
    assert holders(world) == set()


def test_a_name_is_stored_again_when_a_person_says_so(world: Sandbox) -> None:
    """Names are given to other people; what was removed comes back with what providers send, not by itself."""
    without_the_hostname(world)
    forgotten(world)

    assert remember(world, "JDOE")
    assert not remember(world, "jdoe")
    assert holders(world) == set()
    world.push(RECORDS[0])
    assert holders(world) == {"records", "devices", "changes", "published_devices", "customer_changes"}


def test_a_second_time_finds_nothing(world: Sandbox) -> None:
    """And nobody else is touched."""
    forgotten(world)
    before = world.everything()

    assert forgotten(world)[:3] == (0, 0, {})
    assert forgotten(world, "nobody") == (0, 0, {}, 0)
    assert world.everything() == before


def keep_what_is_deleted(connection: Any, _: object) -> None:
    """Let SQLite leave deleted bytes where they are, as it does unless it was built otherwise."""
    connection.execute("PRAGMA secure_delete = OFF")


def test_nothing_of_the_name_is_left_in_the_file(world: Sandbox) -> None:
    """A database keeps what was deleted in its free space; SQLite's is written anew, and stays free of it."""
    if chosen() != "sqlite":
        pytest.skip("its files are the server's")
    world.store.engine.dispose()
    event.listen(world.store.engine, "connect", keep_what_is_deleted)
    without_the_hostname(world)
    forgotten(world)
    world.sync("psa", RECORDS[0], quarantined=[UNREADABLE])
    world.take_in(*RECORDS[:3], quarantined=[UNREADABLE])
    world.store.engine.dispose()

    files = list(world.file.parent.glob("samebox.db*"))
    assert files
    assert [file.name for file in files if b"jdoe" in file.read_bytes().lower()] == []


@pytest.mark.parametrize("name", ["", "  ", "\\", "a,b", "a;b", "a|b", "a\nb", "x" * 201])
def test_what_is_no_name_is_refused(name: str, world: Sandbox) -> None:
    """Nothing is changed for a slip of the finger."""
    before = world.everything()
    for attempt in (lambda: forgotten(world, name), lambda: remember(world, name)):
        with pytest.raises(BadRequest, match="name"):
            attempt()
    assert world.everything() == before


HOLD_NO_USER = {
    "devices.golden": "follows from records",
    "devices.provenance": "follows from records",
    "devices.company_key": "a customer",
    "change_companies.company_key": "a customer",
    "customer_change_companies.company_key": "a customer",
    "published_devices.golden": "follows from records",
    "published_devices.records": "keys of records",
    "devices.type_key": "a type",
    "devices.search_text": "names and serials",
    "records.payload": "changed by `apply`",
    "memberships.suppressed": "follows from records",
    "reviews.body": "evidence, which a user is not",
    "shared_values.value": "evidence, which a user is not",
    "shared_values.reason": "our words",
    "shared_values.holders": "keys of records",
    "calibrations.body": "evidence, which a user is not",
    "calibrations.report": "keys of records",
    "retired_devices.why": "our words",
    "decisions.by": "who decided, for the record",
    "decisions.revoked_by": "who revoked, for the record",
    "policy_entries.subject": "a company, or a kind",
    "policy_entries.value": "a company, or evidence, which a user is not",
    "policy_entries.by": "who made the entry, for the record",
    "recalibrations.by": "who put it in force",
    "recalibrations.what": "companies, or a value",
    "policy_entries.revoked_by": "who revoked it, for the record",
    "billed_additions.agreement": "the name of a contract",
    "billed_additions.company": "a customer",
    "billed_additions.product": "a product",
    "billed_additions.quantity": "a number",
    "billed_additions.price": "a number",
    "billed_additions.unread": "our words about a number",
    "leases.holder": "who syncs now",
    "syncs.cursor": "a place in a provider's list",
    "arrivals.record_id": "an id",
    "arrivals.gone": "our words",
    "quarantine.record_id": "an id",
    "idempotency_keys.location": "an address of ours",
    "api_keys.name": "who has a key",
    "api_keys.scopes": "our words",
    "api_keys.providers": "names of providers",
    "api_keys.customers": "ids of customers",
    "changes.by": "who made the change, for the record",
    "customer_changes.by": "who made the change, for the record",
    "syncs.by": "who began the sync, for the record",
}
"""Columns of text in which no last user is looked for, each with the reason."""


def test_every_column_of_text_is_cleaned_or_known_to_hold_no_user() -> None:
    """Whoever adds a column has to say which; a column of bytes could hold anything and is looked at by hand."""
    columns = [column for table in metadata.tables.values() for column in table.columns]
    text = {str(column) for column in columns if type(column.type) is Text}
    cleaned = {*map(str, _PLACES), *map(str, (quarantine.c.reason, quarantine.c.payload))}

    assert text == {*HOLD_NO_USER, *cleaned}
    assert not cleaned & HOLD_NO_USER.keys()
    assert {str(column) for column in columns if isinstance(column.type, LargeBinary)} == {
        *("records.terms", "memberships.blocking_keys"),
    }
