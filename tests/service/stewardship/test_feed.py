"""The feed is complete and in order; from it alone the devices can be rebuilt; a history goes on after a merge."""

import tempfile
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from matching.model import Key, Verdict
from service.core.errors import BadRequest, Conflict, CursorGone, NotFound, UnknownValue
from service.stewardship.deciding import list_decisions
from service.stewardship.feed import ChangeFilters, ChangeView, feed, follow, history, line
from service.store.resolved import changes
from tests.service.people import decide, revoke
from tests.service.sandbox import Sandbox, record
from tests.service.stores import on_both

pytestmark = on_both

MACS = ["3C:A9:F4:00:00:01", "3C:A9:F4:00:00:02"]
KEYS = [f"{provider}:{number}" for provider in "abc" for number in (1, 2)]


def all_changes(world: Sandbox, limit: int = 3) -> list[ChangeView]:
    """Read the whole feed, page by page."""
    found: list[ChangeView] = []
    after = None
    while (page := feed(world, after, limit)).data:
        found += page.data
        after = page.seq
    return found


def replayed(changes: list[ChangeView]) -> dict[str, set[str]]:
    """Rebuild device id -> records from nothing but the feed."""
    devices: dict[str, set[str]] = {}
    for each in changes:
        detail = each.detail
        if each.what == "retired":
            del devices[each.device_id]
        elif each.what in {"created", "split"}:
            assert each.device_id not in devices
            devices[each.device_id] = set(detail["records"])
        else:
            devices[each.device_id] |= set(detail.get("added", ()))
            assert devices[each.device_id] >= set(detail.get("removed", ()))
            devices[each.device_id] -= set(detail.get("removed", ()))
    return devices


def test_who_follows_is_told_what_was_and_what_happens(tmp_path: Path) -> None:
    """Everything once and in order; it is only waited for when all is told, and then as often as need be."""
    world = Sandbox(tmp_path)
    arrivals = iter([[4, 5, 6], [], [7]])

    def arrive(*numbers: int) -> None:
        for number in numbers:
            world.push(record(f"a:{number}", serial=f"SN-1000{number}"))

    arrive(1, 2, 3)
    followed = follow(world, 1, 2, lambda: arrive(*next(arrivals)))

    assert [each.seq for each in islice(followed, 6)] == [2, 3, 4, 5, 6, 7]
    assert next(arrivals, None) is None


def test_the_feed_is_read_page_by_page(tmp_path: Path) -> None:
    """Numbers follow each other without a gap; after the last page there is nothing, and the place is kept."""
    world = Sandbox(tmp_path)
    for number in range(5):
        world.push(record(f"a:{number}", serial=f"SN-1000{number}"))

    assert [each.seq for each in all_changes(world, limit=2)] == [1, 2, 3, 4, 5]
    end = feed(world, after=5)
    assert (end.data, end.seq, end.has_more) == ([], 5, False)
    assert [feed(world, after=after, limit=2).has_more for after in (1, 2, 3)] == [True, True, False]


@pytest.mark.parametrize("limit", [0, 1001])
def test_a_page_of_the_feed_is_neither_empty_nor_too_large(tmp_path: Path, limit: int) -> None:
    """As of any list."""
    with pytest.raises(BadRequest):
        feed(Sandbox(tmp_path), 0, limit)


def fleet(world: Sandbox) -> None:
    """Make five changes, the last two of another company."""
    for number in range(5):
        company = "Acme" if number < 3 else "Beta"
        world.push(record(f"a:{number}", serial=f"SN-1000{number}", company=company))


def test_who_reads_on_after_what_is_forgotten_is_told_to_begin_anew(tmp_path: Path) -> None:
    """Silently going on would miss changes, and so would a place that this store never had."""
    world = Sandbox(tmp_path)
    fleet(world)
    with world.store.writing() as connection:
        changes.forget(connection, datetime.max.replace(tzinfo=UTC), 2)

    assert [each.seq for each in feed(world).data] == [3, 4, 5]
    assert [each.seq for each in feed(world, 2).data] == [3, 4, 5]
    for after in (-1, 0, 1):
        with pytest.raises(CursorGone, match="changes up to number 2 are forgotten; list all devices anew"):
            feed(world, after)
    for after in (6, 2**31):
        with pytest.raises(CursorGone, match="restored from a backup; list all devices anew"):
            feed(world, after)


def test_the_feed_is_narrowed_and_still_leads_to_its_end(tmp_path: Path) -> None:
    """What does not fit is passed over once, and not at every question anew."""
    world = Sandbox(tmp_path)
    fleet(world)
    world.push(record("a:1", serial="SN-10001", company="Beta"))
    world.delete("a:4")

    def numbers(kinds: str | None = None, company: str | None = None, limit: int = 10) -> tuple[list[int], int, bool]:
        told = feed(world, None, limit, ChangeFilters.parse(kinds, company))
        return [each.seq for each in told.data], told.seq, told.has_more

    assert numbers("changed , retired") == ([6, 7], 7, False)
    assert numbers("created", "beta", limit=1) == ([4], 4, True)
    assert (numbers(company="Acme"), numbers(company="BETA")) == (([1, 2, 3, 6], 7, False), ([4, 5, 6, 7], 7, False))
    assert numbers("merged") == ([], 7, False)
    for kinds, company, nearest in (("mergd", None, "merged"), (None, "Akme", "acme")):
        with pytest.raises(UnknownValue, match=f"did you mean {nearest!r}"):
            numbers(kinds, company)


def test_a_history_says_that_its_beginning_is_forgotten(tmp_path: Path) -> None:
    """That of a device that is there, also where nothing is left of it, and that of a retired id."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"), record("b:1", serial="SN-20002"), record("c:1", serial="SN-30003"))
    old, young, other = (world.home(key) for key in ("a:1", "b:1", "c:1"))
    assert not history(world, old).is_cut
    decide(world, "same", "a:1", "b:1")
    with world.store.writing() as connection:
        changes.forget(connection, datetime.max.replace(tzinfo=UTC), 3)
    merged, retired, untouched = (history(world, each) for each in (old, young, other))

    assert ([each.what for each in merged.data], merged.is_cut, merged.leads_to) == (["merged"], True, old)
    assert ([each.what for each in retired.data], retired.is_cut, retired.leads_to) == (
        ["merged", "retired"],
        True,
        old,
    )
    assert (untouched.data, untouched.is_cut, untouched.leads_to) == ([], True, other)

    world.push(record("a:1", serial="SN-10001", type="Laptop"))
    with world.store.writing() as connection:
        changes.forget(connection, datetime.max.replace(tzinfo=UTC), 10)
    assert (history(world, young).data, history(world, young).leads_to) == ([], old)
    with pytest.raises(NotFound):
        history(world, "nothing")


def test_a_history_tells_times_evidence_and_who(tmp_path: Path) -> None:
    """From the first record to a person's decision, a line each."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    world.push(record("b:1", serial="SN-10001"))
    world.push(record("c:1", hostname="pc-3"))
    decide(world, "same", "a:1", "c:1")

    told = history(world, world.home("a:1"))

    assert [line(each)[:17] for each in told.data] == [f"{each.at:%Y-%m-%d %H:%M}:" for each in told.data]
    sentences = [each.sentence for each in told.data]
    assert sentences[0] == "created from a:1."
    assert sentences[1].startswith("b:1 joined")
    assert sentences[1].endswith("b:1 and a:1 agree on serial SN-10001.")
    assert "By a decision of anna: same box (saw both stickers)." in sentences[2]
    assert told.leads_to == told.device_id


def test_the_history_of_a_retired_id_goes_on_at_its_successor(tmp_path: Path) -> None:
    """Through two merges in a row, each told once, and nothing of what the successors did before."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    world.push(record("b:1", serial="SN-20002"))
    world.push(record("c:1", serial="SN-30003"))
    oldest, middle, youngest = (world.home(key) for key in ("a:1", "b:1", "c:1"))
    world.push(record("b:1", serial="SN-20002", type="Laptop"))
    decide(world, "same", "b:1", "c:1")
    decide(world, "same", "a:1", "b:1")

    told = history(world, youngest)

    assert [(each.device_id, each.what) for each in told.data] == [
        (youngest, "created"),
        (middle, "merged"),
        (youngest, "retired"),
        (oldest, "merged"),
        (middle, "retired"),
    ]
    assert told.leads_to == oldest
    assert "its history goes on there" in told.data[2].sentence


def test_the_history_of_a_device_without_records_ends(tmp_path: Path) -> None:
    """It leads nowhere, and is still told; an id that never was is not found."""
    world = Sandbox(tmp_path)
    world.push(record("a:1", serial="SN-10001"))
    gone = world.home("a:1")
    world.delete("a:1")

    told = history(world, gone)

    assert [each.what for each in told.data] == ["created", "retired"]
    assert told.leads_to is None
    with pytest.raises(NotFound, match="no device 'id-none'"):
        history(world, "id-none")


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "serial": st.sampled_from(["SN-10001", "SN-20002"]),
        "macs": st.lists(st.sampled_from(MACS), max_size=2),
        "hostname": st.sampled_from(["pc-1", "pc-2"]),
        "company": st.just("Acme Inc."),
    },
)
PAIRS = st.lists(st.sampled_from(KEYS), min_size=2, max_size=2, unique=True)


class PeopleAndRecords(RuleBasedStateMachine):
    """Records come and go while people decide and take back."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = Sandbox(Path(self.folder.name))
        self.stored: set[str] = set()

    def teardown(self) -> None:
        """Close and remove the database."""
        self.world.store.engine.dispose()
        self.folder.cleanup()

    @rule(rows=st.dictionaries(st.sampled_from(KEYS), FIELDS, min_size=1, max_size=3))
    def push(self, rows: dict[str, dict[str, object]]) -> None:
        """Some records arrive."""
        self.world.push(*(record(key, **fields) for key, fields in rows.items()))
        self.stored |= rows.keys()

    @rule(key=st.sampled_from(KEYS))
    def delete(self, key: str) -> None:
        """A record goes."""
        if key in self.stored:
            self.world.delete(key)
            self.stored.remove(key)

    @rule(verdict=st.sampled_from(["same", "different"]), pair=PAIRS)
    def decide(self, verdict: str, pair: list[str]) -> None:
        """Somebody decides; what contradicts is refused, and what is not there is not found."""
        try:
            decide(self.world, verdict, *pair)
        except Conflict:
            assert len(list_decisions(self.world).data) > 0
        except NotFound:
            assert not self.stored.issuperset(pair)

    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """Somebody takes a decision back."""
        if standing := list_decisions(self.world).data:
            revoke(self.world, data.draw(st.sampled_from(standing)).id)

    @invariant()
    def standing_decisions_hold(self) -> None:
        """Same: one device; different: two; wherever both records are stored."""
        home = {Key.parse(key): device for device, keys in self.world.groups().items() for key in keys}
        for each in list_decisions(self.world).data:
            left, right = (home.get(Key.parse(key)) for key in (each.left, each.right))
            if left and right:
                assert (left == right) == (each.verdict is Verdict.SAME), each

    @invariant()
    def the_feed_alone_gives_the_devices(self) -> None:
        """Replayed from empty it is what is stored, and its numbers have no gap."""
        changes = all_changes(self.world, limit=100)
        assert replayed(changes) == self.world.groups()
        assert [each.seq for each in changes] == list(range(1, len(changes) + 1))


def test_the_feed_tells_all_and_decisions_hold_after_any_sequence() -> None:
    """Whatever people decide and take back, and whatever comes and goes meanwhile."""
    chosen = settings(max_examples=15, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(PeopleAndRecords, settings=chosen)
