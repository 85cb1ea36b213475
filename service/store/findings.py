"""What a resolution leaves to people: reviews, values shared by several boxes, fields that are set aside."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from matching.calibration.calibrate import Calibration
from matching.model import Claim, Key, Review, SharedValue
from service.store.bound_lists import is_key
from service.store.rows import Row, Rows, digest, keyed, plain_json, read_all, write_difference
from service.store.tables import fields_set_aside, reviews, shared_values
from service.store.types import storable

_ABOUT = select(reviews).where(is_key(reviews.c.provider, reviews.c.record_id))


def write_reviews(connection: Connection, keys: Iterable[Key], found: Iterable[Row]) -> int:
    """Make these the reviews about some records, whole components; touch only rows that differ, return how many."""
    return write_difference(connection, reviews, _about(connection, keys), keyed(reviews, found))


def any_reviews(connection: Connection) -> bool:
    """Whether there is any review."""
    return connection.execute(select(reviews.c.id).limit(1)).first() is not None


def review_row(review: Review) -> Row:
    """Return a review as it is stored."""
    sides = {"left": _keys(review.left), "right": _keys(review.right)}
    body = {
        **sides,
        "sentence": review.sentence,
        "evidence_for": [_claim(claim) for claim in review.evidence_for],
        "evidence_against": [_claim(claim) for claim in review.evidence_against],
    }
    return {
        "id": digest(plain_json({**sides, "reason": str(review.reason)})),
        "reason": str(review.reason),
        "worth": review.worth,
        "body": plain_json(body),
        "provider": review.left[0].provider,
        "record_id": review.left[0].id,
    }


def mirror(connection: Connection, calibration: Calibration) -> int:
    """Show what a calibration found, touching only rows that differ; return how many."""
    aside = (dict(asdict(trust), kind=str(trust.kind)) for trust in calibration.untrusted)
    wanted: dict[Any, Iterable[Row]] = {
        shared_values: map(_shared_value, calibration.shared),
        fields_set_aside: aside,
    }
    return sum(
        write_difference(connection, table, read_all(connection, table), keyed(table, found))
        for table, found in wanted.items()
    )


def _about(connection: Connection, keys: Iterable[Key]) -> Rows:
    return keyed(reviews, (row._asdict() for row in connection.execute(_ABOUT, {"keys": sorted(keys)})))


def _shared_value(shared: SharedValue) -> Row:
    return {
        "id": digest(plain_json([shared.kind, shared.value])),
        "kind": str(shared.kind),
        "value": storable(shared.value),
        "reason": shared.reason,
        "holders": plain_json(_keys(shared.holders)),
    }


def _claim(claim: Claim) -> dict[str, str]:
    return {**asdict(claim), "left": str(claim.left), "right": str(claim.right)}


def _keys(keys: Iterable[Key]) -> list[str]:
    return [str(key) for key in keys]
