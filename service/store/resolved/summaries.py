"""Devices in short, read with one statement: golden values as text, providers and counts."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from service.store.database.bound_lists import one_of
from service.store.database.prepared import PreparedQuery
from service.store.database.tables import decisions, devices, memberships, review_records


class DeviceSummary(NamedTuple):
    """
    A device in short: its golden values in JSON, provider -> how many of its records that provider lists.

    `open_reviews` are those with one of its records on a side, `decisions` those about its records that stand.
    """

    id: str
    golden: str
    created_at: datetime
    updated_at: datetime
    providers: dict[str, int]
    open_reviews: int
    decisions: int

    @property
    def records(self) -> int:
        """How many records it has."""
        return sum(self.providers.values())


_OWN = memberships.alias("own")


_REVIEWS = (
    select(func.count(review_records.c.review_id.distinct()))
    .join_from(
        _OWN,
        review_records,
        and_(review_records.c.provider == _OWN.c.provider, review_records.c.record_id == _OWN.c.record_id),
    )
    .where(_OWN.c.device_id == devices.c.id)
    .correlate(devices)
    .scalar_subquery()
)
_DECISIONS = (
    select(func.count(decisions.c.id.distinct()))
    .join_from(
        _OWN,
        decisions,
        or_(
            and_(decisions.c.left_provider == _OWN.c.provider, decisions.c.left_id == _OWN.c.record_id),
            and_(decisions.c.right_provider == _OWN.c.provider, decisions.c.right_id == _OWN.c.record_id),
        ),
    )
    .where(_OWN.c.device_id == devices.c.id, decisions.c.revoked_at.is_(None))
    .correlate(devices)
    .scalar_subquery()
)
_SUMMARIES = PreparedQuery(
    select(
        *(devices.c.id, devices.c.golden, devices.c.created_at, devices.c.updated_at),
        *(memberships.c.provider, func.count().label("records")),
        *(_REVIEWS.label("reviews"), _DECISIONS.label("decisions")),
    )
    .join_from(devices, memberships)
    .where(one_of(devices.c.id, "ids"))
    .group_by(devices.c.id, memberships.c.provider)
    .order_by(devices.c.id, memberships.c.provider)
)


def read(connection: Connection, device_ids: Sequence[str]) -> dict[str, DeviceSummary]:
    """Return some devices by id; unknown ids are absent."""
    found = _SUMMARIES.rows(connection, {"ids": list(device_ids)})
    return {device_id: _summary(list(own)) for device_id, own in groupby(found, itemgetter(0))}


def _summary(rows: Sequence[Sequence[Any]]) -> DeviceSummary:
    device_id, golden, created_at, updated_at, _, _, reviews, about = rows[0]
    providers = {provider: records for *_, provider, records, _, _ in rows}
    return DeviceSummary(device_id, golden, created_at, updated_at, providers, reviews, about)
