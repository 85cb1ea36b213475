"""What a resolution leaves to people: reviews, values shared by several boxes, fields that are set aside."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from matching.batch import Resolution
from matching.model import Claim, Key, Review, SharedValue
from service.store.rows import Row, digest, keyed, read_all, to_json, write_difference
from service.store.tables import fields_set_aside, reviews, shared_values
from service.store.types import storable


def write(connection: Connection, resolution: Resolution) -> bool:
    """Store what the resolution found, touching only rows that differ; return whether any did."""
    aside = (dict(asdict(trust), kind=str(trust.kind)) for trust in resolution.calibration.set_aside)
    wanted: dict[Any, Iterable[Row]] = {
        reviews: map(_review, resolution.reviews),
        shared_values: map(_shared_value, resolution.shared),
        fields_set_aside: aside,
    }
    written = [
        write_difference(connection, table, read_all(connection, table), keyed(table, found))
        for table, found in wanted.items()
    ]
    return any(written)


def _review(review: Review) -> Row:
    sides = {"left": _keys(review.left), "right": _keys(review.right)}
    body = {
        **sides,
        "sentence": review.sentence,
        "evidence_for": [_claim(claim) for claim in review.evidence_for],
        "evidence_against": [_claim(claim) for claim in review.evidence_against],
    }
    return {
        "id": digest(to_json({**sides, "reason": review.reason})),
        "reason": review.reason,
        "worth": review.worth,
        "body": to_json(body),
    }


def _shared_value(shared: SharedValue) -> Row:
    return {
        "id": digest(to_json([shared.kind, shared.value])),
        "kind": str(shared.kind),
        "value": storable(shared.value),
        "reason": shared.reason,
        "holders": to_json(_keys(shared.holders)),
    }


def _claim(claim: Claim) -> dict[str, str]:
    return {**asdict(claim), "left": str(claim.left), "right": str(claim.right)}


def _keys(keys: Iterable[Key]) -> list[str]:
    return [str(key) for key in keys]
