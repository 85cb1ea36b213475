"""What there is and what waits for a person, in one look: counts, open reviews, syncs, values that are no evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.calibration.trust import UntrustedField
from matching.model import Kind, ReviewReason
from matching.values.spelling import shown
from service.core.paging import PageRequest
from service.devices import visible_answers
from service.reports.summary import Summary, summary
from service.stewardship.reviewing import ReviewView
from service.stewardship.visible_reviews import list_reviews
from service.store.indexes import suppressed_values
from service.store.resolved.device_filters import Filters
from service.store.stewardship import reviews
from service.store.world import World
from service.syncs.overview import ProviderView, list_providers

MOST_REVIEWS = 8
MOST_SHARED = 10
MOST_PROVIDERS = 100


@dataclass(frozen=True)
class SharedCount:
    """A value that is on several boxes, as people write it, why it is no evidence, and how many records carry it."""

    kind: Kind
    value: str
    reason: str
    holders: int


@dataclass(frozen=True)
class WholeStore:
    """What is counted of all customers: nobody who is bound to some of them sees it."""

    summary: Summary
    reviews_by_reason: Sequence[tuple[ReviewReason, int]]
    providers: Sequence[ProviderView]
    shared: Sequence[SharedCount]
    untrusted: Sequence[UntrustedField]


@dataclass(frozen=True)
class Dashboard:
    """
    The visible devices, the most worthwhile open reviews, and the counts of the whole store.

    `devices` counts at most 10,000, and `devices_are_all` says whether that is all. `whole` is None for a caller who is
    bound to customers.
    """

    devices: int
    devices_are_all: bool
    reviews: Sequence[ReviewView]
    whole: WholeStore | None


def dashboard(world: World) -> Dashboard:
    """Return what there is and what waits for a person, as far as the caller sees it."""
    first = visible_answers.page(world, Filters(), PageRequest(1))
    worthwhile = list_reviews(world, PageRequest(MOST_REVIEWS)).data
    whole = _whole_store(world) if world.visibility is None else None
    return Dashboard(first["total"], first["total_is_exact"], worthwhile, whole)


def _whole_store(world: World) -> WholeStore:
    with world.store.reading() as connection:
        by_reason = reviews.counts(connection)
        shared = suppressed_values.shared(connection)
        untrusted = suppressed_values.untrusted_fields(connection)
    counted = [(reason, by_reason[reason]) for reason in ReviewReason if by_reason.get(reason)]
    widest = sorted(shared, key=lambda each: (-len(each.holders), each.kind, each.value))[:MOST_SHARED]
    return WholeStore(
        summary=summary(world),
        reviews_by_reason=sorted(counted, key=lambda each: -each[1]),
        providers=list_providers(world, PageRequest(MOST_PROVIDERS)).data,
        shared=[
            SharedCount(each.kind, shown(each.kind, each.value), each.reason, len(each.holders)) for each in widest
        ],
        untrusted=untrusted,
    )
