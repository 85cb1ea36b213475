"""What people add to the policy is in force at once and everywhere, until it is revoked."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.model import Record
from matching.policy import PolicyEntry, PolicyEntryKind
from service.core.errors import NotFound, Unprocessable
from service.resolution.customer_changes import begin
from service.resolution.recalibration import follows_policy, measure, recalibrate
from service.stewardship.correcting import (
    Corrected,
    correct,
    list_entries,
    of_companies,
    of_value,
    policy_with,
    policy_without,
    revoke_entry,
)
from service.stewardship.customers import list_customers
from service.stewardship.entry_contradictions import spelled
from service.stewardship.feed import feed
from service.stewardship.policy_trial import try_policy
from service.store.access.visibility import Customer, Visibility
from tests.matching import fleets
from tests.service.sandbox import POLICY, Sandbox, record
from tests.service.stores import on_both, opened, place_in

pytestmark = on_both

SAME, DIFFERENT, ALLOW, DENY = PolicyEntryKind

COMPANIES = [
    record("psa:1", hostname="front-desk", company="Heritage Staffing", company_id="h", macs=["3C:52:82:00:00:01"]),
    record("rmm:1", hostname="front-desk", company="North Temps", company_id="n"),
    record("psa:2", hostname="back-office", company="Acme Inc.", company_id="a"),
    record("rmm:2", hostname="back-office", company="ACME", company_id="a"),
    record("psa:3", hostname="ware", serial="5CG1234ABC", company="Acme Inc.", company_id="a"),
    record("rmm:3", hostname="ware-2", serial="5CG1234ABC", company="ACME", company_id="a"),
]
"""Two boxes of companies whose names are not alike, two of companies of one name, and two that share a serial."""

ONE = of_companies(SAME, "psa:h", "rmm:n")
TWO = of_companies(DIFFERENT, "psa:a", "rmm:a")
DENIED = of_value(DENY, "serial", "5cg1234abc")


def companies_in(folder: Path) -> Sandbox:
    """Return a store of these records."""
    folder.mkdir(exist_ok=True)
    made = Sandbox(folder)
    made.take_in(*COMPANIES)
    return made


@pytest.fixture
def world(tmp_path: Path) -> Sandbox:
    """Return a store of these records."""
    return companies_in(tmp_path)


def said(world: Sandbox, *entries: PolicyEntry) -> Corrected:
    """Make entries."""
    return correct(world, entries, "anna", "asked the customer")


def parts(world: Sandbox) -> set[frozenset[str]]:
    """Return the devices by their records."""
    return set(map(frozenset, world.groups().values()))


@pytest.mark.parametrize(
    ("entry", "pair", "is_one", "changed", "changed_back"),
    [
        (ONE, {"psa:1", "rmm:1"}, True, 2, 1),
        (TWO, {"psa:2", "rmm:2"}, False, 2, 4),
        (DENIED, {"psa:3", "rmm:3"}, False, 1, 2),
    ],
)
def test_an_entry_is_in_force_at_once_and_nothing_stays_of_one_that_is_revoked(  # noqa: PLR0917 - a case
    entry: PolicyEntry, pair: set[str], is_one: bool, changed: int, changed_back: int, world: Sandbox
) -> None:
    """The devices follow in the same transaction; how many changed is told; both are kept, with who, when and why."""
    before = parts(world)
    assert (pair in before) is not is_one

    made = said(world, entry)

    assert (pair in parts(world)) is is_one
    assert made.devices_changed == changed
    assert follows_policy(world)
    back = revoke_entry(world, made.entries[0].id, "ben", "was a mistake")
    assert parts(world) == before
    assert back.devices_changed == changed_back
    [kept] = list_entries(world)
    assert (kept.entry, kept.by, kept.why) == (entry, "anna", "asked the customer")
    assert (kept.revoked_by, kept.revoked_why) == ("ben", "was a mistake")
    assert kept.revoked_at is not None
    assert kept.revoked_at > kept.at
    assert revoke_entry(world, kept.id, "eve", "again").entries == [kept]


def test_what_follows_from_an_entry_says_so_in_the_feed(world: Sandbox) -> None:
    """Who corrected what and why, as with a decision; a key that is bound to customers reads no word of it."""
    acme = Visibility(frozenset({Customer("psa", "a"), Customer("rmm", "a")}))
    bound = replace(world.changed(), visibility=acme)
    with world.store.writing() as connection:
        begin(connection, world.change(connection), acme)
    before = feed(world).data[-1].seq

    made = said(world, ONE)
    revoke_entry(world, made.entries[0].id, "ben", "was a mistake")

    causes = [row.detail["because"] for row in feed(world, before).data if "because" in row.detail]
    assert {"corrected": made.entries[0].id, "entry": spelled(ONE), "by": "anna", "why": "asked the customer"} in causes
    assert {"uncorrected": made.entries[0].id, "entry": spelled(ONE), "by": "ben", "why": "was a mistake"} in causes
    assert len(causes) == len(feed(world, before).data)
    sentences = " ".join(row.sentence for row in feed(world, before).data)
    assert "By a correction of anna: psa:h and rmm:n: one customer (asked the customer)." in sentences
    assert "By ben, who revoked the correction: psa:h and rmm:n: one customer (was a mistake)." in sentences
    assert "correction" not in " ".join(row.sentence for row in feed(bound).data)


def test_a_value_that_sits_on_many_boxes_can_be_allowed(tmp_path: Path) -> None:
    """The data speak against it; a person knows better."""
    world = Sandbox(tmp_path)
    world.take_in(*(record(f"rmm:{n}", hostname=f"pc{n}", serial="5CG1234ABC", macs=[mac(n)]) for n in range(4)))
    world.take_in(record("psa:1", serial="5CG1234ABC"))
    assert "5CG1234ABC" in str(world.rows("SELECT value FROM shared_values"))

    said(world, of_value(ALLOW, "serial", "5cg1234abc"))

    assert "5CG1234ABC" not in str(world.rows("SELECT value FROM shared_values"))


def mac(number: int) -> str:
    """Return an address of its own."""
    return f"3C:52:82:00:01:{number:02X}"


def test_who_said_that_companies_are_one_is_told_with_the_reason(world: Sandbox) -> None:
    """In place of the operator's map."""
    said(world, ONE)

    [why] = next(each for each in list_customers(world).data if each.id == "psa:h").alignments
    assert why.sentence == "a person said so (anna, 2026-11-01)"


def test_what_is_said_twice_is_one_entry(world: Sandbox) -> None:
    """The companies are named in any order; nothing is measured again."""
    said(world, ONE)

    again = said(world, of_companies(SAME, "rmm:n", "psa:h"))

    assert (again.entries, again.devices_changed) == ([], 0)
    assert len(list_entries(world)) == 1


def test_what_an_entry_would_change_is_foretold(world: Sandbox) -> None:
    """And what would change without it; nothing is stored."""
    trial = try_policy(world, policy_with(world, [ONE]))
    assert (trial.merging, trial.split) == (2, 0)
    made = said(world, ONE)
    trial = try_policy(world, policy_without(world, made.entries[0].id))
    assert (trial.merging, trial.split) == (0, 1)


def test_what_nobody_lists_and_what_is_no_value_is_refused(world: Sandbox) -> None:
    """A slip of the finger changes nothing."""
    with pytest.raises(NotFound, match="no provider lists a company 'psa:x'"):
        said(world, of_companies(SAME, "psa:x", "rmm:n"))
    with pytest.raises(Unprocessable, match="both are the same one"):
        of_companies(SAME, "psa:h", "psa:h")
    with pytest.raises(Unprocessable, match="that is no mac"):
        of_value(DENY, "mac", "front-desk")
    with pytest.raises(Unprocessable, match="there is no kind 'colour'"):
        of_value(DENY, "colour", "red")
    with pytest.raises(Unprocessable, match="why has 1 to"):
        correct(world, [ONE], "anna", " ")
    with pytest.raises(NotFound, match="no entry of the policy 'x' stands"):
        revoke_entry(world, "x", "ben", "why")


def test_what_was_measured_before_counts_only_while_it_is_true(tmp_path: Path) -> None:
    """Of these records, and under this policy; what came meanwhile is measured as well."""
    worlds = [companies_in(tmp_path / name) for name in ("measured", "stale", "fresh")]
    early = [measure(world, policy_with(world, [ONE])) for world in worlds[:2]]
    for world in worlds[1:]:
        world.push(record("psa:9", hostname="kiosk", company="Heritage Staffing", company_id="h"))
        world.push(record("rmm:9", hostname="kiosk", company="North Temps", company_id="n"))

    found = [
        correct(world, [ONE], "anna", "asked them", measured).devices_changed
        for world, measured in zip(worlds, (*early, None), strict=True)
    ]
    of_another_policy = correct(worlds[0], [DENIED], "anna", "a sticker", early[0])

    assert found == [2, 4, 4]
    assert parts(worlds[1]) == parts(worlds[2])
    assert of_another_policy.devices_changed == 1
    assert follows_policy(worlds[0])


def test_it_is_never_held(tmp_path: Path) -> None:
    """However many devices it changes: a person has changed the policy."""
    world = Sandbox(tmp_path)
    world.take_in(*COMPANIES[:2])

    assert said(world, ONE).devices_changed == 2


MAKES_AN_ENTRY = """
import sys
from datetime import UTC, datetime
from matching.policy import Policy, PolicyEntryKind
from service.stewardship.correcting import correct, of_companies
from service.store.engine import open_store
from service.store.world import World

world = World(open_store(sys.argv[1]), Policy(), lambda: datetime(2026, 11, 2, tzinfo=UTC), lambda: "entry-1")
correct(world, [of_companies(PolicyEntryKind.SAME_CUSTOMER, "psa:h", "rmm:n")], "anna", "asked the customer")
"""


def test_another_process_works_under_an_entry_from_then_on(tmp_path: Path, world: Sandbox) -> None:
    """It has read the policy before; what it pushes and syncs afterwards joins by the entry."""
    world.push(record("psa:9", hostname="kiosk", company="Heritage Staffing", company_id="h"))
    assert world.policy == POLICY

    subprocess.run(
        [sys.executable, "-c", MAKES_AN_ENTRY, place_in(tmp_path)], check=True, timeout=120, env={**os.environ}
    )

    assert world.policy == POLICY.with_entries([ONE])
    assert {"psa:1", "rmm:1"} in parts(world)
    world.push(record("rmm:9", hostname="kiosk", company="North Temps", company_id="n"))
    assert {"psa:9", "rmm:9"} in parts(world)
    world.sync("tool", record("tool:1", hostname="till", company="Heritage Staffing", company_id="h"))
    assert follows_policy(world)
    assert {frozenset({"psa:1", "rmm:1"}), frozenset({"psa:9", "rmm:9"})} <= parts(world)


def test_a_restored_store_has_its_entries(tmp_path: Path, world: Sandbox) -> None:
    """Whoever opens it works under them."""
    said(world, ONE)

    later = opened(place_in(tmp_path))

    assert replace(world.changed(), store=later).policy == POLICY.with_entries([ONE])


@st.composite
def corrections(draw: st.DrawFn, fleet: Sequence[Record], companies: Sequence[str]) -> list[PolicyEntry]:
    """Entries about companies and values of a fleet, none of which speaks against another."""
    kind = draw(st.sampled_from([SAME, DIFFERENT]))
    pairs = [of_companies(kind, *pair) for pair in combinations(companies, 2)]
    values = []
    for value in sorted({str(each["hostname"]) for each in fleet if each.get("hostname")}):
        with suppress(Unprocessable):
            values.append(of_value(draw(st.sampled_from([ALLOW, DENY])), "hostname", value))
    chosen = {(each.subject, each.value): each for each in (*pairs, *values)}
    return draw(st.lists(st.sampled_from(list(chosen.values())), max_size=4, unique=True)) if chosen else []


def test_the_devices_do_not_depend_on_the_order_and_are_restored() -> None:
    """All entries at once, one by one in another order, and none again."""

    @settings(max_examples=15)
    @given(st.data(), fleets.fleets())
    def restored(data: st.DataObject, fleet: list[Record]) -> None:
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            worlds = [Sandbox(Path(one)), Sandbox(Path(other))]
            for world in worlds:
                world.take_in(*fleet)
                recalibrate(world, max_change=1)
            before = parts(worlds[0])
            companies = [each.id for customer in list_customers(worlds[0]).data for each in customer.companies]
            wanted = data.draw(corrections(fleet, companies))
            ids = [each.id for each in said(worlds[0], *wanted).entries]
            for entry in reversed(wanted):
                said(worlds[1], entry)
            assert parts(worlds[0]) == parts(worlds[1])
            for each in data.draw(st.permutations(ids)):
                revoke_entry(worlds[0], each, "ben", "was a mistake")
            assert parts(worlds[0]) == before
            for world in worlds:
                world.store.engine.dispose()

    restored()
