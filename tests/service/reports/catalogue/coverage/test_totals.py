"""Devices are counted by gap, by customer and type, and by the feeds that list them."""

from matching.policy import Policy
from service.reports.catalogue.coverage.gaps import CoverageGap, FeedRoles, GapFinder
from service.reports.catalogue.coverage.totals import CoverageCounter
from service.reports.rules import FeedRole, ReportRules
from tests.service.reports.catalogue.coverage.test_gaps import CURRENT, EDR, PSA, RMM, source

RULES = ReportRules(roles={"edr": FeedRole.EDR})


def test_every_device_is_covered_or_has_a_gap_or_cannot_be_told() -> None:
    """The groups add up to the whole, and a device with two gaps is counted once among the devices."""
    roles = FeedRoles(CURRENT)
    counter, finder = CoverageCounter(roles, RULES), GapFinder(roles, Policy())
    for company, listed_by in (("b", {PSA}), ("a", {RMM}), ("A", {PSA, RMM, EDR}), (None, {PSA, RMM, EDR})):
        found = finder.of(frozenset(listed_by), "Laptop")
        counter.add(company, "Laptop", found, tuple(sorted(listed_by)))
        counter.add_gaps(found.gaps, is_active=company == "a")

    totals = counter.totals()

    assert [(group.company, group.devices, group.covered) for group in totals.groups] == [
        *((None, 1, 1), ("A", 1, 1), ("a", 1, 0), ("b", 1, 0)),
    ]
    assert (totals.devices, totals.covered, totals.unbilled, totals.unmanaged, totals.undecided) == (4, 2, 1, 1, 0)
    assert {each.gap: (each.devices, each.active) for each in totals.gaps} == {
        CoverageGap.UNBILLED: (1, 1),
        CoverageGap.UNMANAGED: (1, 0),
        CoverageGap.UNGUARDED: (1, 1),
        CoverageGap.EDR_WITHOUT_RMM: (0, 0),
    }


def test_combinations_of_equal_size_stand_in_order_of_name() -> None:
    """So that two reports of the same fleet are the same, with the role of each feed beside it."""
    roles = FeedRoles([*CURRENT, source("rmm2", RMM)])
    counter, finder = CoverageCounter(roles, RULES), GapFinder(roles, Policy())
    for providers in (("rmm",), ("edr", "rmm"), ("edr", "rmm"), ("edr",)):
        counter.add(None, None, finder.of(frozenset(map(RULES.role, providers)), None), providers)

    assert [(each.providers, each.roles, each.devices) for each in counter.totals().combinations] == [
        (["edr", "rmm"], [EDR, RMM], 2),
        (["edr"], [EDR], 1),
        (["rmm"], [RMM], 1),
    ]
