"""The open reviews as reports read them: each with the devices of its sides, some hundreds at a time."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from matching.model import Key
from service.reports.context import ReportContext
from service.resolution.visible import visible_shard
from service.stewardship.reviewing import sides_of
from service.stewardship.visible_reviews import visible_homes
from service.store.resolved import devices
from service.store.resolved.devices import DeviceRow
from service.store.stewardship import reviews
from service.store.stewardship.reviews import StoredReview

AT_ONCE = 500
"""Reviews whose devices are read by one query."""


class AskedAbout(NamedTuple):
    """A review that has a record on a side: its number, if it has one, and the first record of the other side."""

    number: int | None
    other: str

    def asks(self, of: str) -> str:
        """Return the question, about what is on the other side of it."""
        return (
            f"{f'review {self.number}' if self.number else 'a review'} asks whether {of} and {self.other} are one box"
        )


def open_reviews(context: ReportContext) -> Iterator[list[StoredReview]]:
    """Yield the open reviews, the most worthwhile first, some at a time; of a bound key those between its records."""
    if context.visibility is not None:
        yield visible_shard(context.connection, context.policy, context.visibility).reviews
        return
    place = None
    while found := reviews.page(context.connection, place, AT_ONCE, reason=None, text=""):
        yield found
        place = found[-1].worth, found[-1].id


def homes(context: ReportContext, found: list[StoredReview]) -> Mapping[Key, DeviceRow]:
    """Return the device of each record on a side of some reviews, by one query."""
    if context.visibility is not None:
        return visible_homes(context.connection, context.policy, context.visibility, found)
    return devices.of_records(context.connection, sides_of(found))


def asked_about(context: ReportContext) -> dict[str, list[AskedAbout]]:
    """Return record -> the open reviews that have it on a side, the most worthwhile first."""
    about: dict[str, list[AskedAbout]] = {}
    for found in open_reviews(context):
        for review in found:
            for own, others in (("left", "right"), ("right", "left")):
                for record in review.body[own]:
                    about.setdefault(record, []).append(AskedAbout(review.number, review.body[others][0]))
    return about
