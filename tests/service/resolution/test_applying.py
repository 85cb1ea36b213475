"""Devices follow the records; ids last; what happened is told once."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from matching.calibration.calibrate import Calibration
from matching.model import Record
from matching.results.resolution import resolve_under
from service.core.errors import Moved, NotFound
from service.devices.inspecting import inspect
from service.resolution.applying import rebuild
from service.store.resolved import calibrations
from tests.service.sandbox import INDEXES, POLICY, Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

GUID = "4C4C4544-0051-3510-8052-B8C04F4E3132"
MACS = ["3C:A9:F4:00:00:01", "3C:A9:F4:00:00:02", "3C:A9:F4:00:00:03"]


def happened(world: Sandbox) -> list[tuple[str, str]]:
    """Return the change feed: what, to which device."""
    return [(what, device_id) for what, device_id in world.rows("SELECT what, device_id FROM changes ORDER BY seq")]


def in_force(world: Sandbox) -> Calibration:
    """Return the calibration that the devices of a store follow from; an empty one before the first record."""
    with world.store.reading() as connection:
        known = calibrations.in_force(connection)
    return known[1] if known else Calibration()


def leads_to(world: Sandbox, device_id: str) -> str | None:
    """Return the live device that an id leads to, None for a tombstone; an id never given out is an error."""
    try:
        return inspect(world, device_id).device.id
    except Moved as moved:
        return inspect(world, moved.successor).device.id
    except NotFound as error:
        if "it was retired on 2026-11-01: its last record is gone" in str(error):
            return None
        raise


def test_a_second_sync_changes_nothing(tmp_path: Path) -> None:
    """The same feed again: no change, no new version, no device touched."""
    world = Sandbox(tmp_path)
    feed = [record("a:1", serial="SN-10001", last_seen="2026-10-01T00:00:00Z"), record("a:2", hostname="pc-2")]
    world.sync("a", *feed)
    before = world.everything()

    outcome = world.sync("a", *feed)

    assert (outcome.new, outcome.changed, outcome.same, outcome.gone) == (0, 0, 2, 0)
    assert world.everything() == before
    assert world.rows("SELECT count(*) FROM syncs") == [(2,)]


def test_a_device_that_was_only_seen_again_has_not_changed(tmp_path: Path) -> None:
    """Every sync brings new times; a change feed of those would hide the changes."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1", serial="SN-10001", last_seen="2026-10-01T00:00:00Z"))
    [before] = world.devices()

    world.sync("a", record("a:1", serial="SN-10001", last_seen="2026-10-02T00:00:00Z"))

    [after] = world.devices()
    assert after.values["last_seen"] == "2026-10-02T00:00:00Z"
    assert after.updated_at == before.updated_at
    assert happened(world) == [("created", after.id)]


def test_a_device_keeps_its_id_while_its_records_come_and_go(tmp_path: Path) -> None:
    """Ids are what tickets and other tools hold on to."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001", hostname="old-name"))
    first = world.home("a:1")
    world.push(record("b:1", serial="SN-10001"))
    world.push(record("a:1", serial="SN-10001", hostname="new-name"))
    world.delete("a:1")

    assert world.groups() == {first: {"b:1"}}
    assert [what for what, _ in happened(world)] == ["created", "changed", "changed", "changed"]


def test_a_change_tells_the_values_before_and_after(tmp_path: Path) -> None:
    """Who reads the feed need not keep a copy of the fleet."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001", hostname="old-name"))
    world.push(record("a:1", serial="SN-10001", hostname="new-name"))

    detail = json.loads(world.rows("SELECT detail FROM changes ORDER BY seq DESC")[0][0])

    assert detail["fields"]["hostname"] == {"from": "old-name", "to": "new-name"}
    assert detail.keys() == {"fields"}


def test_a_merge_keeps_the_older_id_and_the_other_leads_to_it(tmp_path: Path) -> None:
    """The younger id answers with its successor, and both facts are in the feed."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    world.push(record("b:1", macs=MACS[:1]))
    old, young = world.home("a:1"), world.home("b:1")

    world.push(record("c:1", serial="SN-10001", macs=MACS[:1]))

    assert world.groups() == {old: {"a:1", "b:1", "c:1"}}
    assert leads_to(world, young) == old
    assert happened(world)[2:] == [("merged", old), ("retired", young)]


def test_redirects_never_chain(tmp_path: Path) -> None:
    """After two merges in a row the first retired id leads straight to the last survivor; after removal, nowhere."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    world.push(record("b:1", serial="SN-20002"))
    world.push(record("c:1", serial="SN-30003"))
    ids = [world.home(key) for key in ("a:1", "b:1", "c:1")]
    world.push(record("d:1", serial=["SN-20002", "SN-30003"]))
    assert [leads_to(world, each) for each in ids] == [ids[0], ids[1], ids[1]]

    world.push(record("e:1", serial=["SN-10001", "SN-20002"]))
    assert world.rows("SELECT DISTINCT successor FROM retired_devices") == [(ids[0],)]
    assert [leads_to(world, each) for each in ids] == [ids[0]] * 3

    for key in ("a:1", "b:1", "c:1", "d:1", "e:1"):
        world.delete(key)
    assert [leads_to(world, each) for each in ids] == [None] * 3


def test_a_split_keeps_the_id_with_the_larger_part(tmp_path: Path) -> None:
    """When what held two boxes together is gone, the id stays with most of the records."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-10001"), record("c:1", macs=MACS[:1]))
    world.push(record("d:1", serial="SN-10001", macs=MACS[:1]))
    whole = world.home("a:1")
    world.delete("d:1")

    groups = world.groups()
    assert groups[whole] == {"a:1", "b:1"}
    assert len(groups) == 2
    assert happened(world)[-2:] == [("split", world.home("c:1")), ("changed", whole)]


def test_what_resolution_leaves_open_is_stored_and_withdrawn(tmp_path: Path) -> None:
    """Reviews follow the records as devices do."""
    world = Sandbox(tmp_path)
    twin = GUID.replace("4C4C", "5C4C")
    world.push(record("a:1", serial="SN-10001", bios_guid=GUID), record("b:1", serial="SN-10001", bios_guid=twin))
    assert len(world.devices()) == 2
    [(reason, body)] = world.rows("SELECT reason, body FROM reviews")
    assert reason
    assert json.loads(body)["left"] == ["a:1"]

    world.delete("b:1")

    assert world.rows("SELECT * FROM reviews") == []


DAMAGE = {
    "a golden value": "UPDATE devices SET golden = '{}', search_text = ''",
    "a membership": "DELETE FROM memberships WHERE record_id = '1'",
    "blocking keys": "DELETE FROM blocking_keys",
    "some blocking keys": "DELETE FROM blocking_keys WHERE record > 2 AND blocking_key > 0",
    "identifiers": "UPDATE identifiers SET record = record + 1000 WHERE term < 0",
    "reviews": "INSERT INTO reviews VALUES ('x', 'clone', 1, '{}', 'a', '1', 99)",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE)
def test_a_rebuild_mends_what_was_damaged_and_keeps_ids(cloned: Sandbox, statement: str) -> None:
    """It says what differed; a dry run says the same and leaves it."""

    def rebuilt(*, dry_run: bool = False) -> int:
        done = rebuild(cloned, dry_run=dry_run)
        return done.rows.total()

    assert rebuilt() == 0
    groups, everything = cloned.groups(), cloned.everything()
    with cloned.store.writing() as connection:
        connection.execute(text(statement))
    damaged = cloned.everything()

    differing = rebuilt(dry_run=True)
    assert differing > 0
    assert cloned.everything() == damaged
    assert rebuilt() == differing
    assert cloned.groups() == groups
    assert rebuilt() == 0
    for table in ("memberships", "blocking_keys", "identifiers"):
        assert cloned.everything()[table] == everything[table]


def test_a_device_without_records_is_retired_by_a_rebuild(cloned: Sandbox) -> None:
    """It cannot come about, and still must not stay."""
    lost = cloned.home("b:7")
    with cloned.store.writing() as connection:
        connection.execute(text("DELETE FROM memberships WHERE provider = 'b' AND record_id = '7'"))

    rebuild(cloned)

    assert lost not in cloned.groups()
    assert cloned.home("b:7")
    assert cloned.rows(f"SELECT why FROM retired_devices WHERE id = '{lost}'") == [("its last record is gone",)]


@pytest.mark.parametrize("also", ["SELECT 1", DAMAGE["reviews"]], ids=["without reviews", "with a review"])
def test_a_rebuild_makes_devices_where_no_record_is_in_one(cloned: Sandbox, also: str) -> None:
    """Nothing tells which ids they had: those retire, and every record has a home again."""
    before = cloned.groups()
    with cloned.store.writing() as connection:
        connection.execute(text("DELETE FROM memberships"))
        connection.execute(text(also))

    rebuild(cloned)

    after = cloned.groups()
    assert sorted(map(sorted, after.values())) == sorted(map(sorted, before.values()))
    assert after.keys().isdisjoint(before)
    assert rebuild(cloned).rows.total() == 0


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "bios_guid": st.sampled_from([GUID, "44454C4C-5100-1035-8052-B8C04F4E3132", "not a guid"]),
        "serial": st.sampled_from(["SN-10001", "sn-10001 ", "SN-20002", "To be filled by O.E.M."]),
        "macs": st.lists(st.sampled_from(MACS), max_size=2),
        "hostname": st.sampled_from(["pc-1", "PC-1.corp.example", "pc-2"]),
        "company": st.sampled_from(["Acme Inc.", "Beta GmbH"]),
        "last_seen": st.sampled_from(["2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"]),
    },
)
KEYS = st.builds("{}:{}".format, st.sampled_from("abc"), st.integers(1, 4))


class AnyFleet(RuleBasedStateMachine):
    """Records pushed, synced and taken out in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = Sandbox(Path(self.folder.name))
        self.known: dict[str, Record] = {}
        self.ids: set[str] = set()

    def teardown(self) -> None:
        """Close and remove the database."""
        self.world.store.engine.dispose()
        self.folder.cleanup()

    @rule(rows=st.dictionaries(KEYS, FIELDS, min_size=1, max_size=4))
    def push(self, rows: dict[str, Record]) -> None:
        """Some records arrive."""
        arrived = {key: record(key, **fields) for key, fields in rows.items()}
        self.world.push(*arrived.values())
        self.known |= arrived

    @rule(provider=st.sampled_from("abc"), rows=st.dictionaries(st.integers(1, 4), FIELDS, min_size=1, max_size=4))
    def sync(self, provider: str, rows: dict[int, Record]) -> None:
        """One provider lists what it has now."""
        arrived = {f"{provider}:{number}": record(f"{provider}:{number}", **fields) for number, fields in rows.items()}
        self.world.sync(provider, *arrived.values())
        self.known = {key: row for key, row in self.known.items() if row["provider"] != provider} | arrived

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """A record goes."""
        if self.known:
            key = data.draw(st.sampled_from(sorted(self.known)))
            self.world.delete(key)
            del self.known[key]

    @invariant()
    def the_store_holds_what_a_batch_from_nothing_would(self) -> None:
        """Same devices, same golden records, every record in exactly one, under the calibration in force."""
        batch = {
            tuple(map(str, each.keys)): json.loads(json.dumps(each.golden.values))
            for each in resolve_under(self.known.values(), POLICY, (), in_force(self.world)).devices
        }
        stored = {
            tuple(f"{row.provider}:{row.id}" for row in view.records): view.values for view in self.world.devices()
        }
        assert stored == batch

    @invariant()
    def every_id_ever_given_out_leads_to_one_device_or_to_a_tombstone(self) -> None:
        """None is forgotten, none is given twice, and no redirect leads to a redirect."""
        live = set(self.world.groups())
        self.ids |= live
        for each in self.ids:
            assert leads_to(self.world, each) in {each} if each in live else {None, *live}
        assert self.world.rows("SELECT id FROM devices INTERSECT SELECT id FROM retired_devices") == []

    @invariant()
    def what_can_be_looked_up_is_what_is_stored(self) -> None:
        """No identifier of a removed record or of an earlier content stays behind."""
        holders = {f"{provider}:{record_id}" for _, provider, record_id in self.world.rows(INDEXES["identifiers"])}
        assert holders == set(self.known)


def test_the_store_equals_a_batch_after_any_sequence() -> None:
    """Whatever comes, goes and changes, in whatever order, the store holds what a batch in memory finds."""
    run_state_machine_as_test(AnyFleet, settings=settings(max_examples=8, stateful_step_count=6, deadline=None))
