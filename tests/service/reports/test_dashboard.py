"""What there is and what waits for a person, in one look."""

from pathlib import Path
from typing import Any

from matching.model import Kind, ReviewReason
from service.reports.dashboard import MOST_REVIEWS, dashboard
from service.store.access.visibility import Customer, Visibility
from tests.service.reports.fleets import world_of
from tests.service.stores import on_both

pytestmark = on_both

SHARED_MAC = "3C5282AABB99"


def pair(number: int) -> list[dict[str, Any]]:
    """Return two records that agree on the serial, of two companies: a question for a person."""
    box = {"provider": "p", "serial": f"5CG12340{number:02}"}
    acme = {**box, "id": f"a{number}", "company": "Acme", "company_id": "acme", "hostname": f"acme-{number}"}
    beta = {**box, "id": f"b{number}", "company": "Beta", "company_id": "beta", "hostname": f"beta-{number}"}
    return [acme, beta]


def test_counts_reviews_and_providers_are_of_the_whole_store(tmp_path: Path) -> None:
    """Reviews are counted by reason, and the most worthwhile of them are shown, no more than a few."""
    rows = [row for number in range(MOST_REVIEWS + 2) for row in pair(number)]

    found = dashboard(world_of(tmp_path, *rows))

    assert found.whole
    assert found.devices == found.whole.summary.devices
    assert sum(count for _, count in found.whole.reviews_by_reason) == found.whole.summary.reviews
    assert {reason for reason, _ in found.whole.reviews_by_reason} <= set(ReviewReason)
    assert len(found.reviews) == min(MOST_REVIEWS, found.whole.summary.reviews)
    assert [each.worth for each in found.reviews] == sorted((each.worth for each in found.reviews), reverse=True)
    assert [(each.name, each.records) for each in found.whole.providers] == [("p", len(rows))]


def test_values_on_several_boxes_are_shown_as_people_write_them(tmp_path: Path) -> None:
    """Those on the most records first, with the reason."""
    docks = [
        {"provider": "p", "id": str(n), "serial": f"5CG99{n:02}ABC", "hostname": f"nb-{n}", "macs": [SHARED_MAC]}
        for n in range(30)
    ]

    found = dashboard(world_of(tmp_path, *docks))

    assert found.whole
    [shared] = [each for each in found.whole.shared if each.kind is Kind.MAC]
    assert (shared.value, shared.holders) == ("3C:52:82:AA:BB:99", 30)
    assert shared.reason


def test_a_bound_caller_sees_no_count_of_others(tmp_path: Path) -> None:
    """Its own devices, and the reviews between visible records."""
    world = world_of(tmp_path, *pair(1), *pair(2))
    bound = world.acting(None, Visibility(frozenset({Customer("p", "acme")})))

    found = dashboard(bound)

    assert found.devices == 2
    assert found.devices_are_all
    assert found.whole is None
    assert not [record for each in found.reviews for record in each.left.records + each.right.records if ":b" in record]
