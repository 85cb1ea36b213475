"""
Resolve the records that a caller may see, as if there were no others.

The rules, the decisions about two visible records and the calibration in force are those of the store. So the result is
what the store would hold without the other records, but for what calibration learns from them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from matching.model import Key
from matching.policy import Policy
from matching.results.resolution import Resolution, resolve_under
from service.resolution.shard import connected
from service.store.access.visibility import Visibility
from service.store.resolved import calibrations, visible
from service.store.stewardship import decisions, reviews
from service.store.stewardship.decisions import StoredDecision
from service.store.stewardship.reviews import StoredReview


@dataclass(frozen=True)
class VisibleShard:
    """Visible records that are resolved apart from all others, and the stored device of each."""

    resolution: Resolution
    home: Mapping[Key, str]

    @property
    def reviews(self) -> list[StoredReview]:
        """The open questions about them, the most worthwhile first; not those about records of one stored device."""
        return reviews.unstored(
            review
            for review in self.resolution.reviews
            if not {self.home[key] for key in review.left} & {self.home[key] for key in review.right}
        )

    def reviews_about(self, keys: Collection[Key]) -> list[StoredReview]:
        """Return those that have one of some records on a side."""
        names = set(map(str, keys))
        return [each for each in self.reviews if not names.isdisjoint((*each.body["left"], *each.body["right"]))]


def visible_shard(
    connection: Connection, policy: Policy, visibility: Visibility, around: Iterable[Key] | None = None
) -> VisibleShard:
    """Return the visible records that hang together with some; None: all that are visible."""
    known = calibrations.in_force(connection)
    if around is None or known is None:  # what hangs together is stored with the first calibration
        rows = visible.every(connection, visibility)
    else:
        rows = list(visible.by_key(connection, visibility, connected(connection, around)).values())
    home = {row.key: row.device_id for row in rows}
    decided = [each.decision for each in visible_decisions(connection, visibility, home)]
    return VisibleShard(resolve_under((row.record for row in rows), policy, decided, known[1] if known else None), home)


def visible_decisions(connection: Connection, visibility: Visibility, keys: Iterable[Key]) -> list[StoredDecision]:
    """Return the standing decisions about some records and another visible one, or the one."""
    return only_visible(connection, visibility, decisions.stored_about(connection, keys))


def only_visible(
    connection: Connection, visibility: Visibility, found: Collection[StoredDecision]
) -> list[StoredDecision]:
    """
    Return the decisions about two visible records.

    What a review proposed when they were made may have rested on other records, and is left out.
    """
    named = {key for each in found for key in (each.decision.left, each.decision.right)}
    seen = visible.by_key(connection, visibility, named).keys()
    return [
        StoredDecision(each.id, each.decision, each.at, each.revoked_at, each.revoked_by, each.revoked_why)
        for each in found
        if {each.decision.left, each.decision.right} <= seen
    ]
