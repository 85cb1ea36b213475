"""A provider's records are replaced as a whole, and only by a whole feed."""

import asyncio
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.settings import FeedFolder
from service.demo.connectwise.faults import AfterCall, Cut, NoCompanies, garbage
from service.ingest.cw_rmm import CwRmm
from service.ingest.protocol import Quarantined
from service.resolution.recalibration import recalibrate
from service.store.ingested import syncs
from service.syncs.syncing import SyncOutcome, sync
from tests.service.providers import Listed
from tests.service.psa import LIST, Psa
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both
from tests.service.syncs.stored import ids

pytestmark = on_both

FEEDS = Path(__file__).parents[3] / "fixtures" / "feeds"


def listed(name: str, *rows: dict[str, str], breaks_after: int | None = None) -> Listed:
    """Return a provider of such rows; one without a serial cannot be parsed."""
    good = [record(f"{name}:{row['id']}", serial=row["serial"]) for row in rows if "serial" in row]
    bad = [Quarantined(name, row["id"], "no serial", row) for row in rows if "serial" not in row]
    return Listed(name, good, bad, size=1, breaks_after=breaks_after)


def run(world: Sandbox, *adapters: Listed | CwRmm) -> list[SyncOutcome]:
    """Sync some providers."""
    return asyncio.run(sync(world, adapters))


def keys(world: Sandbox) -> set[str]:
    """Return the keys of all stored records."""
    return {f"{provider}:{record_id}" for provider, record_id in world.rows("SELECT provider, record_id FROM records")}


def test_a_real_feed_goes_in_and_a_second_sync_finds_nothing_new(tmp_path: Path) -> None:
    """The whole road, on a vendor's own shape."""
    world = Sandbox(tmp_path)

    [first] = run(world, CwRmm(FeedFolder(folder=FEEDS / "cw_rmm")))
    before = world.everything()
    [second] = run(world, CwRmm(FeedFolder(folder=FEEDS / "cw_rmm")))

    assert first.new == first.read - first.quarantined > 100
    assert (second.new, second.changed, second.gone, second.same) == (0, 0, 0, first.new)
    assert world.everything() == before


def test_a_provider_that_fails_changes_nothing_and_the_others_go_on(tmp_path: Path) -> None:
    """The outcome and the run's row say why."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1", serial="SN-10001"))

    broken = listed("a", {"id": "8", "serial": "SN-80008"}, {"id": "9", "serial": "SN-90009"}, breaks_after=1)
    failed, done = run(world, broken, listed("b", {"id": "1", "serial": "SN-20002"}))

    assert failed.error == "a: answered 503 five times; try later"
    assert done.new == 1
    assert keys(world) == {"a:1", "b:1"}
    assert ("a", failed.error) in world.rows("SELECT provider, error FROM syncs")


def test_records_that_no_longer_come_are_removed_from_their_provider_alone(tmp_path: Path) -> None:
    """A complete feed is the truth about its provider."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1"), record("a:2"))
    world.sync("b", record("b:1"))

    outcome = world.sync("a", record("a:2"))

    assert outcome.gone == 1
    assert keys(world) == {"a:2", "b:1"}


def test_an_empty_feed_is_a_broken_feed(tmp_path: Path) -> None:
    """Nothing is removed, and the line says what happened."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1"))
    before = world.everything()

    outcome = world.sync("a")

    assert (outcome.status, outcome.gone) == ("failed", 0)
    assert outcome.error == "a: no record came where 1 are stored; nothing was removed"
    assert world.everything() == before


def test_a_provider_that_never_had_a_record_may_be_empty(tmp_path: Path) -> None:
    """A new customer's system is no fault."""
    outcome = Sandbox(tmp_path).sync("a")

    assert (outcome.status, outcome.read, outcome.error) == ("succeeded", 0, None)


def test_a_row_that_cannot_be_read_is_kept_and_its_record_stays(tmp_path: Path) -> None:
    """It came, so its record has not vanished; when it can be read again, it leaves the quarantine."""
    world = Sandbox(tmp_path)
    good = [{"id": "1", "serial": "SN-10001"}, {"id": "2", "serial": "SN-20002"}]
    run(world, listed("a", *good))

    [outcome] = run(world, listed("a", good[0], {"id": "2", "colour": "blue"}))

    assert (outcome.quarantined, outcome.gone) == (1, 0)
    assert keys(world) == {"a:1", "a:2"}
    assert world.rows("SELECT record_id, reason, payload FROM quarantine") == [
        ("2", "no serial", '{"colour":"blue","id":"2"}')
    ]
    run(world, listed("a", *good))
    assert world.rows("SELECT * FROM quarantine") == []


def test_nothing_is_removed_while_a_row_without_id_cannot_be_read(tmp_path: Path) -> None:
    """It may be any of the records that seem to have vanished."""
    world = Sandbox(tmp_path)
    world.sync("a", record("a:1"), record("a:2"))

    outcome = world.sync("a", record("a:1"), quarantined=[Quarantined("a", "", "no id", {"serial": "?"})])

    assert outcome.gone == 0
    assert keys(world) == {"a:1", "a:2"}


def test_a_record_that_cannot_be_stored_is_quarantined(tmp_path: Path) -> None:
    """Hostile rows cost themselves, never the rest of the feed."""
    world = Sandbox(tmp_path)
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]

    outcome = world.take_in(record("a:1", extra=nested), record("a:2", extra=float("nan")), record("a:3"))

    assert (outcome.read, outcome.new, outcome.quarantined) == (3, 2, 1)
    assert world.rows("SELECT record_id, reason FROM quarantine") == [("1", "nested too deeply to be stored")]


def test_a_value_that_json_cannot_say_is_kept_as_its_text_whichever_way_it_comes(tmp_path: Path) -> None:
    """An import, a sync and a push of the same record store the same."""
    world = Sandbox(tmp_path)
    row = record("a:1", extra=float("nan"), more=[10**30])

    world.sync("a", row)
    before = world.everything()
    outcomes = world.take_in(row), world.sync("a", row)
    [answer] = world.push(row)

    assert [(outcome.same, outcome.quarantined) for outcome in outcomes] == [(1, 0), (1, 0)]
    assert answer.status == "unchanged"
    assert world.everything() == before
    assert world.rows("SELECT payload FROM records") == [
        ('{"extra":"NaN","id":"1","more":["1000000000000000000000000000000"],"provider":"a"}',)
    ]


def test_an_import_adds_and_replaces_and_removes_nothing(tmp_path: Path) -> None:
    """A file is not the whole of a provider. Of two rows with one key the later one stands."""
    world = Sandbox(tmp_path)
    world.take_in(record("a:1", name="first"), record("b:1"))

    outcome = world.take_in(
        record("a:1", name="newest", last_seen="2026-10-02T00:00:00Z"),
        record("a:1", name="older", last_seen="2026-10-01T00:00:00Z"),
        quarantined=[Quarantined("import", "fleet.ndjson:7", "not JSON", {"line": "{"})],
    )

    assert (outcome.provider, outcome.read, outcome.changed, outcome.quarantined) == ("import", 3, 1, 1)
    assert {view.values.get("name") for view in world.devices()} == {"newest", None}


def test_a_rejected_line_is_kept_once_however_often_it_comes(tmp_path: Path) -> None:
    """Importing the same file again adds nothing."""
    world = Sandbox(tmp_path)
    line = Quarantined("import", "fleet.ndjson:7", "not JSON", {"line": "{"})
    world.take_in(record("a:1"), quarantined=[line])
    before = world.everything()

    world.take_in(record("a:1"), quarantined=[line])

    assert world.everything() == before


def test_the_order_of_rows_in_one_import_does_not_matter(tmp_path: Path) -> None:
    """Which of two rows with one key stands is a rule, not chance."""
    rows = [record("a:1", name="x"), record("a:1", name="y"), record("a:1", name="z")]
    names = set()
    for turn in range(3):
        folder = tmp_path / str(turn)
        folder.mkdir()
        world = Sandbox(folder)
        world.take_in(*rows[turn:], *rows[:turn])
        names.add(world.devices()[0].values["name"])

    assert len(names) == 1


def test_what_follows_the_reading_is_told_as_well(tmp_path: Path) -> None:
    """Resolving a large fleet takes longer than reading it, and nobody should think that the program hangs."""
    world, heard = Sandbox(tmp_path), list[tuple[str, int]]()
    adapter = listed("a", {"id": "1", "serial": "SN-10001"}, {"id": "2", "serial": "SN-20002"})

    def progress(what: str, done: int, expected: int | None = None) -> None:
        heard.append((what, done))

    asyncio.run(sync(world, [adapter], progress=progress))

    assert heard[-1] == ("a, resolved", 2)


def state(world: Sandbox) -> list[Any]:
    """Return what two worlds have in common when they saw the same: records, devices with their values, quarantine."""
    devices = sorted(
        (sorted(str(row.id) for row in view.records), sorted(view.values.items())) for view in world.devices()
    )
    return [
        world.rows("SELECT provider, record_id, payload FROM records ORDER BY 2"),
        devices,
        world.rows("SELECT record_id, reason, payload FROM quarantine ORDER BY 1"),
    ]


EDITS = st.lists(
    st.tuples(
        st.integers(1, 14),
        st.sampled_from(
            [
                {"name": "RENAMED"},
                {"serialNumber": "SN-00003"},
                {"activeFlag": False},
                {"activeFlag": True},
                {"activeFlag": None},
                {"type": {"id": 2, "name": "Printer"}},
                {"type": {"id": 1, "name": "SERVER"}},
                {"type": None},
            ]
        ),
    ),
    max_size=6,
)


@settings(max_examples=40)
@given(
    st.lists(EDITS, min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from([{}, {"include": ["Server"]}, {"exclude": ["printer"]}]),
)
def test_incremental_syncs_end_as_a_full_one_does(
    server: Psa, rounds: list[list[tuple[int, dict[str, Any]]]], active_only: bool, types: dict[str, list[str]]
) -> None:
    """
    Whatever was edited: what is deactivated or of another type leaves, or is not live, as in a full sync.

    Only a full sync measures what all records together teach, so both are measured anew before they are compared.
    """
    server.fill(12)
    chosen: dict[str, Any] = {"active_only": active_only, "types": types, "page_size": 5}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        world, truth = Sandbox(Path(one)), Sandbox(Path(other))
        server.sync(world, **chosen)
        for edits in rounds:
            for number, fields in edits:
                server.edit(number, world.now(), **fields)
            assert server.sync(world, mode="incremental", max_shrink=1, **chosen).error is None
        server.sync(truth, mode="full", **chosen)
        for each in (world, truth):
            recalibrate(each, max_change=1)

        if truth.devices():
            assert state(world) == state(truth)


def test_each_vanished_record_is_asked_for(tmp_path: Path, psa: Psa) -> None:
    """Deleted, deactivated or of another type: asked one by one, after the sweep agreed with the count."""
    world = Sandbox(tmp_path)
    psa.sync(world, types={"include": ["Server"]})
    psa.forget()
    psa.delete(3)
    psa.edit(4, activeFlag=False)
    psa.edit(5, type={"id": 9, "name": "Printer"})
    outcome = psa.sync(world, mode="full", types={"include": ["Server"]})

    assert (outcome.gone, outcome.same) == (3, 27)
    assert psa.asked()[-3:] == [f"{LIST}/3", f"{LIST}/4", f"{LIST}/5"]
    assert ids(world) == set(range(1, 31)) - {3, 4, 5}
    told = [
        json.loads(detail)["because"] for (detail,) in world.rows("SELECT detail FROM changes WHERE what = 'retired'")
    ]
    assert [because["gone"] for because in told] == [
        "is of the type Printer now, which the settings do not select",
        "was deactivated at the provider",
        "was deleted at the provider",
    ]
    assert {because["sync"] for because in told} == {outcome.id}


def test_only_a_sync_that_read_everything_itself_counts_what_the_records_say(tmp_path: Path, psa: Psa) -> None:
    """An incremental one brings a part of the records, and so does one that goes on from another's rows."""
    world = Sandbox(tmp_path)
    [count] = psa.sync(world).evidence
    incremental = psa.sync(world, mode="incremental")
    psa.plan(Cut(honest=True), skip=1, times=5)
    failed = psa.sync(world, mode="full")
    resumed = psa.sync(world, mode="full")

    assert (count.records, count.serial, count.hostname, count.company, count.mac) == (30, 30, 30, 30, 0)
    assert (failed.status, resumed.status, resumed.resumes, resumed.read) == ("failed", "succeeded", failed.id, 30)
    assert [list(outcome.evidence) for outcome in (incremental, failed, resumed)] == [[], [], []]


def test_what_no_record_says_is_an_outcome_and_a_line_in_the_log(
    tmp_path: Path, psa: Psa, caplog: pytest.LogCaptureFixture
) -> None:
    """A service that syncs in the background has nobody who reads an outcome; the records are stored all the same."""
    psa.plan(NoCompanies(), times=None)
    outcome = psa.sync(Sandbox(tmp_path))

    [warning] = outcome.warnings
    assert (outcome.status, outcome.new) == ("succeeded", 30)
    assert warning.startswith("cw_manage: none of 30 records names a company")
    assert warning in [record.getMessage() for record in caplog.records]


def test_a_record_that_the_sweep_missed_stays(tmp_path: Path, psa: Psa) -> None:
    """It is there when it is asked for, so it came like any other."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    row = psa.app.state.rows.find(17)
    psa.delete(17)
    psa.plan(AfterCall(lambda: psa.app.state.rows.put(row)), path=f"{LIST}/17")
    outcome = psa.sync(world, mode="full")

    assert (outcome.status, outcome.gone, outcome.same) == ("succeeded", 0, 30)


def test_nothing_vanishes_from_a_sweep_that_was_not_complete(tmp_path: Path, psa: Psa) -> None:
    """A page cut short looks like the end; the count says otherwise, beyond what comes and goes during a read."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.plan(garbage(b"[]"), skip=2)
    failed = psa.sync(world, mode="full")

    assert (failed.status, failed.gone) == ("failed", 0)
    assert "announced 30 rows and sent 20" in str(failed.error)
    assert ids(world) == set(range(1, 31))


def test_more_vanished_records_than_may_be_asked_for_are_held(tmp_path: Path, psa: Psa) -> None:
    """Nobody is asked, nothing goes; accepted, those beyond the bound go unasked."""
    world = Sandbox(tmp_path)
    psa.sync(world)
    psa.delete(1, 2, 3)
    psa.forget()
    held = psa.sync(world, mode="full", max_lookups=2)
    asked = psa.asked()
    accepted = psa.sync(world, accept=True, max_lookups=2)

    assert (held.status, held.gone) == ("held", 0)
    assert "Sync:MaxLookups (2)" in str(held.error)
    assert asked == [f"{LIST}/count", "after 0", "after 13", "after 23"]
    assert accepted.gone == 3


@pytest.mark.parametrize(("ahead", "counts"), [(-3, True), (3, False)], ids=["behind ours", "ahead of ours"])
def test_the_earlier_of_both_clocks_says_when_a_sync_began(tmp_path: Path, ahead: int, counts: bool) -> None:
    """Whichever clock is wrong, no change falls between two syncs: some are read twice."""
    world = Sandbox(tmp_path)
    adapter = Listed("a", [record("a:1")])
    adapter.heard_at = world.now() + timedelta(hours=ahead)
    asyncio.run(sync(world, [adapter]))
    with world.store.reading() as connection:
        [run] = syncs.page(connection, None, 2)

    assert run.as_of == (adapter.heard_at if counts else run.started_at)


def test_what_a_sync_keeps_of_rows_that_cannot_be_read_holds_no_secrets(tmp_path: Path, psa: Psa) -> None:
    """Neither what the provider sends without being asked, nor the answers to password questions, anywhere."""
    world = Sandbox(tmp_path)
    password = {"question": "Admin", "fieldType": "Password", "answer": "hush"}
    odd = {"id": "x", "hostPassword": "hush", "questions": [password]}
    psa.plan(garbage(json.dumps([odd, [odd], "text"]).encode()))
    psa.plan(garbage(b'{"count": 3}'), path=f"{LIST}/count")
    outcome = psa.sync(world, bios_guid_source="question:Admin")
    agent = Listed("agent", [], [Quarantined("agent", "7", "no serial", {"id": 7, "sshToken": "hush", "list": [odd]})])
    asyncio.run(sync(world, [agent]))
    payloads = [payload for (payload,) in world.rows("SELECT payload FROM quarantine")]

    assert (outcome.quarantined, len(payloads)) == (3, 4)
    assert "hush" not in str(payloads)
    assert "[hidden]" in str(payloads)
