"""The tables are brought up and down on either database, and whoever is not at the head is told what to do."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from matching.calibration.calibrate import Calibration
from service.core.errors import BadRequest, SchemaBehind, StoreError
from service.core.processes import Process
from service.devices.lookup import lookup
from service.ingest.protocol import Quarantined
from service.intake.pushing import push_records
from service.resolution.recalibration import recalibrate
from service.resolution.upgrading import upgrade
from service.stewardship.feed import feed
from service.store.access import keys
from service.store.access.actors import Actor
from service.store.access.keys import ApiKey
from service.store.access.visibility import Customer, Visibility
from service.store.database.tables import metadata, records
from service.store.engine import Store
from service.store.ingested import leases
from service.store.ingested.leases import Lease
from service.store.migrations.versions import v0007_names_and_json
from service.store.resolved import calibrations
from service.store.resolved.calibrations import CalibrationStatus
from service.store.resolved.rules import policy_digest
from tests.service import postgres
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both, opened

pytestmark = on_both

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
GUID = "4C4C4544-0051-3510-8052-B4C04F4D3732"


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Store]:
    """Give a store that has no tables yet."""
    url = postgres.empty_database() if database == "postgresql" else f"sqlite:///{tmp_path}/new.db"
    store = opened(url)
    yield store
    store.engine.dispose()
    if database == "postgresql":
        postgres.drop_database(url)


def execute(store: Store, statement: str) -> None:
    """Do something to a database behind the store's back."""
    with store.writing() as connection:
        connection.exec_driver_sql(statement)


def tables(store: Store) -> set[str]:
    """Return the names of the tables there are."""
    with store.reading() as connection:
        return set(inspect(connection).get_table_names())


def test_the_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    """The queries are written against tables.py, so the migrations have to lead there."""
    store = Sandbox(tmp_path).store

    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert tables(store) == {*metadata.tables, "alembic_version"}


def test_a_new_database_is_made_ready_by_itself_and_stays_ready(empty: Store) -> None:
    """A first run needs no other command; a second one finds everything in place."""
    empty.make_ready()
    empty.make_ready()

    empty.require_current()


def test_what_is_stored_survives_a_step_down_and_up(tmp_path: Path) -> None:
    """An operator who goes back a version keeps the devices, and finds them again after the next upgrade."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1", serial="SN-10001", hostname="pc-1"), record("a:2", serial="SN-20002"))
    world.take_in(record("b:1", serial="sn-10001"))
    groups, syncs = world.groups(), world.rows("SELECT id, started_at, finished_at, new FROM syncs ORDER BY id")

    world.store.downgrade("0001")
    with pytest.raises(SchemaBehind):
        world.store.require_current()
    assert "decisions" not in tables(world.store)
    upgrade(world)

    world.store.require_current()
    assert world.groups() == groups
    assert world.rows("SELECT id, started_at, finished_at, new FROM syncs ORDER BY id") == syncs
    world.push(record("a:3", serial="SN-20002"))
    assert world.home("a:3") == world.home("a:2")


def test_who_goes_down_one_version_and_up_again_finds_the_same_indexes(tmp_path: Path) -> None:
    """Everything can be found as before, also what an index cannot hold at full length."""
    world = Sandbox(tmp_path)
    world.sync("b", record("b:2", name="x" * 2000, hostname="pc-1"), record("b:1", serial="SN-10001", name="ß" * 800))
    world.sync("a", record("a:1", serial="sn-10001", hostname="PC-1"))
    before = world.everything()

    world.store.downgrade("0002")
    found = world.rows("SELECT provider, record_id FROM identifiers WHERE kind = 'serial' ORDER BY provider")
    upgrade(world)

    assert found == [("a", "1"), ("b", "1")]
    assert world.everything() == before
    assert [view.id for view in lookup(world, "x" * 2000)] == [world.home("b:2")]
    assert lookup(world, "x" * 1999) == []


def test_where_values_came_from_survives_the_way_it_was_written_before(tmp_path: Path) -> None:
    """A version that gives each field all of it reads what it wrote; values that lost are among it."""
    world = Sandbox(tmp_path)
    world.sync("cw_manage", record("cw_manage:1", serial="SN-10001", company="Acme", last_seen="2026-11-01T00:00:00Z"))
    world.sync("a", record("a:1", serial="SN-10001", company="ACME", hostname="pc-1"))
    before, views = world.everything(), world.devices()

    world.store.downgrade("0004")  # also past the indexes by record, which are made again and gone again
    [(written,)] = world.rows("SELECT provenance FROM devices")
    upgrade(world)

    assert json.loads(written)["company"] == {
        "provider": "cw_manage",
        "record_id": "1",
        "last_seen": "2026-11-01T00:00:00Z",
        "rule": views[0].provenance["company"].rule,
        "others": [["ACME", "a:1"]],
    }
    assert (world.everything(), world.devices()) == (before, views)


LETTERS = [
    record("cw_manage:Zoë", serial="SN-10001", company="Müller & Söhne", name="Büro-PC \x7f", weight=1e16, odd=[0.1]),
    record("añil:1", serial="SN-10001", company="Mueller", hostname="büro-pc", last_user="Zoë \U0001f4a9"),
    record("b:1", serial="SN-20002", macs=["00:00:5E:00:53:01"], hostname="straße-1"),
    record("b:2", serial="To be filled by Ö.E.M.", bios_guid="ünknown", hostname="straße-2"),
    *(record(f"b:1{n}", serial="SHARED-Ä", hostname=f"host-{n}", company="Müller & Söhne") for n in range(5)),
    record("añil:ö", serial="SN-30003", bios_guid=GUID, company="Acme"),
    record("cö:3", serial="SN-30003", bios_guid=f"5{GUID[1:]}", company="Acme"),
]
LEARNT = [
    *(record(f"b:{n}", serial=f"SN-{n:05}", bios_guid=f"7B1D6C2E-0A11-4D4F-9E55-{n:012X}") for n in range(1, 31)),
    *(record(f"c:{n}", serial=f"SN-{n:05}", bios_guid=f"8B1D6C2E-0A11-4D4F-9E55-{n:012X}") for n in range(1, 31)),
    *(record(f"b:9{n}", serial="SHARED-1", hostname=f"host-{n}") for n in range(5)),
    *(record(f"b:8{n}", hostname=f"acme-laptop-0000{n}", company="Acme") for n in range(3)),
]
"""Records that teach a value on several boxes, a field that is never right, and names that begin alike."""

UNREAD = [Quarantined("import", "flotte-ä.ndjson:7", "kein Datensatz: ß", {"line": "Ünlesbar", "part": 1e22})]


def escaped(text: str) -> str:
    """Return JSON as the version before wrote it."""
    return json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """Return the digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_store_of_the_version_before_becomes_what_a_new_import_makes(tmp_path: Path) -> None:
    """Texts, hashes and ids: whoever imports the same file after the upgrade is told that nothing is new."""
    world = Sandbox(tmp_path)
    world.take_in(*LETTERS, quarantined=UNREAD)
    before = world.everything()
    calibration = world.rows("SELECT * FROM calibrations")

    world.store.downgrade("0006")
    texts = [
        ("records", "payload"),
        ("devices", "golden"),
        ("devices", "provenance"),
        ("memberships", "unusable"),
        ("reviews", "body"),
        ("shared_values", "holders"),
        ("quarantine", "payload"),
        ("calibrations", "body"),
        ("calibrations", "report"),
    ]
    found = {text: world.rows(f"SELECT {text[1]} FROM {text[0]}") for text in texts}
    assert all(text == escaped(text) for rows in found.values() for (text,) in rows)
    assert all(found.values())
    assert all(own == sha256(text) for text, own in world.rows("SELECT payload, content_hash FROM records"))
    ids = world.rows("SELECT id, reason, body FROM reviews")
    assert [each for each, *_ in ids] == [
        sha256(escaped(json.dumps({**{side: json.loads(body)[side] for side in ("left", "right")}, "reason": reason})))
        for _, reason, body in ids
    ]
    assert world.rows("SELECT id FROM shared_values WHERE kind = 'serial'") == [
        (sha256('["serial","SHARED-\\u00c4"]'),)
    ]
    upgrade(world)

    assert world.everything() == before
    assert world.rows("SELECT * FROM calibrations") == calibration
    outcome = world.take_in(*LETTERS, quarantined=UNREAD)
    assert (outcome.same, outcome.new, outcome.changed) == (len(LETTERS), 0, 0)
    assert world.everything() == before


def test_the_first_calibration_after_an_upgrade_changes_nothing(tmp_path: Path) -> None:
    """What the version before had learnt reads the same, under the names and the digest of this one."""
    world = Sandbox(tmp_path)
    world.take_in(*LEARNT)
    [(status, body, digest)] = before = world.rows("SELECT status, body, digest FROM calibrations")
    assert all(json.loads(body)[name] for name in ("suppressed_values", "untrusted_fields", "ambiguous_prefixes"))

    world.store.downgrade("0006")
    [(status_before, body_before, digest_before)] = world.rows("SELECT status, body, digest FROM calibrations")
    upgrade(world)

    assert (status_before, status) == ("in force", "in_force")
    assert {"shared", "set_aside", "crowded"} <= json.loads(body_before).keys()
    assert digest_before == sha256(decisive(json.loads(body_before))) != digest
    assert world.rows("SELECT status, body, digest FROM calibrations") == before
    assert recalibrate(world, asked=True).outcome == "unchanged"
    world.push(record("z:1", serial="SN-99999"))  # what all teach is measured anew after it
    assert recalibrate(world, asked=True).outcome == "unchanged"
    assert world.rows("SELECT status, body, digest FROM calibrations") == before


def decisive(body: dict[str, Any]) -> str:
    """Return what the version before made the digest of a calibration of, where no company is aligned."""
    parts = {"void": "shared", "set_aside": "set_aside", "crowded": "crowded"}
    learnt = {name: sorted(each[:2] for each in body[part]) for name, part in parts.items()}
    companies: dict[str, Any] = {"customer": {}, "providers": {}, "catch_alls": []}
    return json.dumps({**learnt, "complete": body["complete"], **companies}, sort_keys=True, separators=(",", ":"))


def test_reviews_have_codes_after_the_upgrade_and_labels_before_it(tmp_path: Path) -> None:
    """Both ways: who goes back a version finds the reasons that it knows."""
    world = Sandbox(tmp_path)
    world.take_in(*LETTERS)
    assert ("mainboard_replaced",) in world.rows("SELECT reason FROM reviews")

    world.store.downgrade("0006")
    assert ("mainboard replaced?",) in world.rows("SELECT reason FROM reviews")
    upgrade(world)

    assert ("mainboard_replaced",) in world.rows("SELECT reason FROM reviews")


def test_values_that_json_cannot_say_become_texts_by_the_upgrade(tmp_path: Path) -> None:
    """The version before could say them; what is nested too deeply for this one is left alone."""
    world = Sandbox(tmp_path)
    odd = record("a:1", serial="SN-10001", **{"big": 10**29, "cut": "\ud800", "x\udfff": [-(10**20)]})
    deep: list[object] = []
    for _ in range(300):
        deep = [deep]
    world.take_in(odd, record("a:2"))
    before = world.everything()

    world.store.downgrade("0006")
    for row in (odd, {**record("a:2"), "deep": deep}):
        text = json.dumps(row, sort_keys=True, separators=(",", ":"))
        with world.store.writing() as connection:
            own = records.c.record_id == row["id"]
            connection.execute(records.update().where(own).values(payload=text, content_hash=sha256(text)))
    upgrade(world)

    [(payload, own)] = world.rows("SELECT payload, content_hash FROM records WHERE record_id = '1'")
    assert (payload, own) == before["records"][0][2:4]
    outcome = world.take_in(odd)
    assert (outcome.new, outcome.changed, outcome.same) == (0, 0, 1)
    [(payload,)] = world.rows("SELECT payload FROM records WHERE record_id = '2'")
    assert json.loads(payload)["deep"] == deep


def test_a_lease_of_the_version_before_names_no_process(tmp_path: Path) -> None:
    """Who holds it, and until when, stays; whether that process is gone is not known."""
    world = Sandbox(tmp_path)
    lease = Lease("a", "s-1", "host-1", NOON, Process("boot", "pid:[4026531836]", 4711, 2**40))
    with world.store.writing() as connection:
        leases.put(connection, lease)

    world.store.downgrade("0007")
    before = world.rows("SELECT * FROM leases")
    world.store.upgrade()

    assert [len(row) for row in before] == [4]
    with world.store.reading() as connection:
        assert leases.find(connection, "a") == replace(lease, process=None)


def test_the_version_before_works_everything_out_anew_after_a_step_down(tmp_path: Path) -> None:
    """Its rules are others: no policy has the digest that it finds, and what was held is none of its."""
    world = Sandbox(tmp_path)
    world.take_in(*LEARNT)
    with world.store.writing() as connection:
        calibrations.add(connection, Calibration(), CalibrationStatus.HELD, NOON, 1, "p" * 64, {})

    world.store.downgrade("0008")

    assert world.rows("SELECT status, policy FROM calibrations ORDER BY version") == [
        ("in_force", ""),
        ("superseded", "p" * 64),
    ]
    upgrade(world)
    with world.store.reading() as connection:
        known = calibrations.ruling(connection)
    assert known
    assert (known.policy, known.is_current) == (policy_digest(POLICY), True)


def test_a_key_of_the_version_before_may_do_everything_and_a_narrower_one_not_more_after_a_step_down(
    tmp_path: Path,
) -> None:
    """A key without scopes goes on as it was; one with scopes is revoked where they would be forgotten."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        keys.add(connection, ApiKey("k-1", "console", "a" * 64, NOON))
        keys.add(connection, ApiKey("k-2", "agent", "b" * 64, NOON, scopes=["read"]))

    world.store.downgrade("0010")
    before = world.rows("SELECT id, name, revoked_at IS NULL FROM api_keys ORDER BY id")
    upgrade(world)

    assert [(name, bool(live)) for _, name, live in before] == [("console", True), ("agent", False)]
    with world.store.reading() as connection:
        console, agent = keys.all_keys(connection)
    assert (console.id, console.scopes, console.revoked_at) == ("k-1", None, None)
    assert (agent.id, agent.scopes) == ("k-2", None)
    assert agent.revoked_at


def test_records_of_the_version_before_are_found_by_their_customer(tmp_path: Path) -> None:
    """Those that were stored before as those that came later."""
    world = Sandbox(tmp_path)
    texts = ("250", " 250 ", "", "x" * 201, "a\tb", "M\u00fcller")
    world.push(*(record(f"a:{n}", company_id=text) for n, text in enumerate(texts)), record("a:9"))
    query = "SELECT record_id, company_id FROM records ORDER BY record_id"
    before = world.rows(query)

    world.store.downgrade("0014")
    upgrade(world)

    assert [company_id for _, company_id in before] == ["250", "250", None, None, None, "M\u00fcller", None]
    assert world.rows(query) == before


def test_a_key_bound_to_customers_is_revoked_below_the_version_that_knows_them(tmp_path: Path) -> None:
    """It would see everything there."""
    world = Sandbox(tmp_path)
    with world.store.writing() as connection:
        keys.add(connection, ApiKey("k-1", "all", "a" * 64, NOON, scopes=["read"]))
        keys.add(connection, ApiKey("k-2", "acme", "b" * 64, NOON, scopes=["read"], customers=["a:250"]))

    world.store.downgrade("0014")
    upgrade(world)

    with world.store.reading() as connection:
        unbound, bound = keys.all_keys(connection)
    assert unbound.revoked_at is None
    assert (bound.customers, bound.revoked_at is None) == (None, False)


def test_a_key_bound_to_customers_of_the_version_before_has_a_feed_from_the_upgrade_on(tmp_path: Path) -> None:
    """It tells what happens afterwards, and takes nothing that is there for new."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", company_id="250", serial="SN-10001"))
    with world.store.writing() as connection:
        keys.add(connection, ApiKey("k-2", "acme", "b" * 64, NOON, scopes=["read"], customers=["a:250"]))
    seen = world.acting(None, Visibility(frozenset({Customer("a", "250")})))

    world.store.downgrade("0020")
    upgrade(world)
    upgrade(world)
    world.push(record("a:1", company_id="250", serial="SN-10001", type="Laptop"))

    assert [each.detail["fields"] for each in feed(seen).data] == [{"type": {"from": None, "to": "Laptop"}}]


def test_changes_of_the_version_before_name_nobody(tmp_path: Path) -> None:
    """Who made them is not known; the feed is otherwise the same."""
    world = Sandbox(tmp_path)
    push_records(world.acting(Actor("agent", "k-1")), [record("a:1", serial="SN-10001")])
    before = feed(world)

    world.store.downgrade("0010")
    upgrade(world)

    assert [(each.by, each.key_id) for each in before.data] == [("agent", "k-1")]
    nobody = [each.model_copy(update={"by": None, "key_id": None}) for each in before.data]
    assert feed(world).data == nobody


def test_going_down_to_the_base_leaves_no_table_and_the_way_up_open(tmp_path: Path) -> None:
    """The migrations undo all that they do, also where rows stand in every table's way."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1", serial="SN-10001"))

    world.store.downgrade("base")
    assert tables(world.store) == {"alembic_version"}
    world.store.make_ready()

    assert world.devices() == []
    world.sync("a", record("a:1", serial="SN-10001"))
    assert len(world.devices()) == 1


@pytest.mark.parametrize("revision", ["0000", "-1", "head", "'"])
def test_only_a_revision_that_there_is_can_be_gone_down_to(tmp_path: Path, revision: str) -> None:
    """A slip of the finger must not cost a table."""
    with pytest.raises(BadRequest, match="no revision"):
        Sandbox(tmp_path).store.downgrade(revision)


def test_nobody_goes_down_to_where_he_is_not_yet(tmp_path: Path) -> None:
    """Downgrading is no upgrade by another name."""
    world = Sandbox(tmp_path)
    world.store.downgrade("0001")

    with pytest.raises(BadRequest, match="at 0001"):
        world.store.downgrade("0002")


def test_a_schema_that_is_behind_is_refused_with_the_command_to_run(empty: Store) -> None:
    """Nobody's data is migrated unasked."""
    with pytest.raises(SchemaBehind, match="samebox db upgrade"):
        empty.require_current()

    empty.make_ready()
    empty.downgrade("0001")

    for attempt in (empty.require_current, empty.make_ready):
        with pytest.raises(SchemaBehind, match="samebox db upgrade"):
            attempt()


def test_a_schema_that_is_ahead_is_refused(tmp_path: Path) -> None:
    """A newer program has been at work; an older one would misread its tables."""
    store = Sandbox(tmp_path).store
    execute(store, "UPDATE alembic_version SET version_num = 'from the future'")

    for attempt in (store.require_current, store.make_ready, store.upgrade, lambda: store.downgrade("base")):
        with pytest.raises(StoreError, match="newer than this program"):
            attempt()


def test_another_programs_database_is_left_alone(empty: Store) -> None:
    """A wrong address in the settings must not add our tables to somebody's data."""
    execute(empty, "CREATE TABLE customers (id integer)")

    for attempt in (empty.make_ready, empty.upgrade):
        with pytest.raises(StoreError, match="another program"):
            attempt()

    assert tables(empty) == {"customers"}


def test_the_sentence_of_a_review_names_kinds_as_people_do_after_the_upgrade() -> None:
    """A sentence of 0.1.0 becomes the one that is made now, and its own again on the way back."""
    body = {
        "left": ["a:1", "b:2"],
        "right": ["c:3"],
        "evidence_for": [{"kind": "serial", "value": "SN-10001"}, {"kind": "mac", "value": "3C:52:82:00:00:01"}],
        "evidence_against": [{"kind": "bios_guid", "value": "x against y"}],
        "sentence": "a:1 and c:3 agree on serial SN-10001, mac 3C:52:82:00:00:01, but bios_guid x against y: clone?",
    }
    now = "a:1 and c:3 agree on serial SN-10001, MAC 3C:52:82:00:00:01, but BIOS GUID x against y: clone?"

    assert v0007_names_and_json.sentence_naming(body, v0007_names_and_json.KINDS) == now
    assert v0007_names_and_json.sentence_naming({**body, "sentence": now}, {}) == body["sentence"]


def test_reviews_that_there_are_are_found_by_their_records(tmp_path: Path) -> None:
    """The table of their records is filled from what they say, also for ids that hold a colon."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001", bios_guid=GUID))
    world.push(record("b:x:1", serial="SN-10001", bios_guid="5" + GUID[1:]))
    before = world.everything()
    assert len(before["review_records"]) == 2

    world.store.downgrade("0011")
    world.store.upgrade()

    assert world.everything() == before


def test_reviews_that_there_are_are_numbered_by_their_worth(tmp_path: Path) -> None:
    """Those that come later go on from there."""
    world = Sandbox(tmp_path)
    world.take_in(*LETTERS)
    world.push(record("z:1", serial="SN-90001", bios_guid=GUID))

    world.store.downgrade("0018")
    world.store.upgrade()
    numbered = world.rows("SELECT number FROM reviews ORDER BY worth DESC, id")
    world.push(record("z:2", serial="SN-90001", bios_guid="5" + GUID[1:]))

    assert numbered == [(place,) for place in range(1, len(numbered) + 1)]
    assert len(numbered) > 0
    assert world.rows("SELECT max(number) FROM reviews") > [(len(numbered),)]
    assert world.rows("SELECT number, id FROM reviews ORDER BY number") == [
        each
        for each in world.rows("SELECT number, review_id FROM review_numbers ORDER BY number")
        if (each[1],) in world.rows("SELECT id FROM reviews")
    ]
