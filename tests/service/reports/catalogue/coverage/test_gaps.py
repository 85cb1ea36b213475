"""Which gaps follow from the roles that list a device, and from the state of the feeds."""

import pytest

from matching.policy import Policy
from service.reports.catalogue.coverage.gaps import (
    GAP_RULES,
    CoverageGap,
    CoverageSide,
    FeedRoles,
    GapFinder,
    RoleState,
)
from service.reports.rules import FeedRole
from service.reports.sources import FeedSource, FeedState

PSA, RMM, EDR, BACKUP, MDM = FeedRole


def source(provider: str, role: FeedRole, state: FeedState = FeedState.CURRENT) -> FeedSource:
    """Return a source with some records."""
    return FeedSource(provider, role, state, 0 if state is FeedState.EMPTY else 7, None, None)


CURRENT = [source("psa", PSA), source("rmm", RMM), source("edr", EDR)]


def test_the_rules_of_a_gap_are_in_the_order_of_gaps() -> None:
    """The first gap of a device is the weightiest, and sorts its row."""
    order = list(CoverageGap)

    assert [rule.gap for rule in GAP_RULES] == sorted((rule.gap for rule in GAP_RULES), key=order.index)
    assert {rule.gap for rule in GAP_RULES} == set(CoverageGap)


def test_each_role_is_a_side() -> None:
    """A program that knows sides finds every role among them."""
    assert [str(side) for side in CoverageSide] == [str(role) for role in FeedRole]


@pytest.mark.parametrize(
    ("states", "state", "caution"),
    [
        ((FeedState.CURRENT, FeedState.CURRENT), RoleState.RELIABLE, None),
        ((FeedState.CURRENT, FeedState.LATE), RoleState.DOUBTFUL, "rmm_1 is late"),
        ((FeedState.HELD, FeedState.EMPTY), RoleState.DOUBTFUL, "rmm_0 is held, rmm_1 is empty"),
        ((FeedState.FAILING, FeedState.CURRENT), RoleState.DOUBTFUL, "rmm_0 is failing"),
        ((FeedState.EMPTY, FeedState.EMPTY), RoleState.UNKNOWN, "no RMM lists anything"),
        ((), RoleState.UNKNOWN, "no RMM lists anything"),
    ],
)
def test_a_role_is_known_by_all_its_feeds(states: tuple[FeedState, ...], state: RoleState, caution: str | None) -> None:
    """A device that one RMM does not list may be in another whose feed is held."""
    roles = FeedRoles([source(f"rmm_{number}", RMM, each) for number, each in enumerate(states)])

    assert (roles.state(RMM), roles.caution(RMM)) == (state, caution)


def test_a_gap_is_claimed_only_where_the_missing_role_lists_something() -> None:
    """What is missing is named even so, and whatever else is known stays claimed."""
    finder = GapFinder(FeedRoles([source("rmm", RMM), source("edr", EDR)]), Policy())

    found = finder.of(frozenset({RMM}), "Laptop")

    assert found.gaps == (CoverageGap.UNGUARDED,)
    assert found.missing == (PSA, EDR)
    assert found.caution == "no PSA lists anything"


def test_a_device_that_lacks_nothing_known_is_listed_and_not_covered() -> None:
    """`covered` would claim what cannot be told."""
    finder = GapFinder(FeedRoles([source("rmm", RMM)]), Policy())

    found = finder.of(frozenset({RMM}), "Laptop")

    assert (found.gaps, found.missing, found.verdict) == ((), (PSA,), "listed")


def test_a_caution_is_about_the_missing_feed() -> None:
    """That the feed is late which lists the device makes no gap doubtful."""
    roles = FeedRoles([source("psa", PSA, FeedState.LATE), source("rmm", RMM)])
    finder = GapFinder(roles, Policy())

    assert finder.of(frozenset({PSA}), None).caution is None
    assert finder.of(frozenset({RMM}), None).caution == "psa is late"


def test_a_phone_that_an_rmm_manages_needs_no_mdm() -> None:
    """Some RMMs manage phones themselves."""
    finder = GapFinder(FeedRoles([*CURRENT, source("mdm", MDM)]), Policy())

    assert finder.of(frozenset({PSA, RMM}), "Phone").missing == ()
    assert finder.of(frozenset({PSA}), "Phone").missing == (MDM,)


def test_a_laptop_in_an_mdm_is_asked_for_an_rmm() -> None:
    """An MDM sets policies on it, and nobody looks after it."""
    finder = GapFinder(FeedRoles([*CURRENT, source("mdm", MDM)]), Policy())

    assert finder.of(frozenset({PSA, MDM}), "Laptop").gaps == (CoverageGap.UNMANAGED,)


def test_the_notes_say_what_cannot_be_told_and_what_is_doubtful() -> None:
    """In order of role; a role that nobody plays has none, but for the PSA and the RMM."""
    roles = FeedRoles([source("edr", EDR, FeedState.HELD), source("rmm", RMM)])

    assert roles.notes() == [
        "the PSA lists nothing at all: was it synced? What is unbilled cannot be told",
        "edr is held: what no EDR seems to list may be listed by now",
    ]
