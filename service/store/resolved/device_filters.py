"""
What a list of devices is narrowed to, as conditions that an index answers.

The index over all that devices are filtered by is read from begin to end where few devices are let through: that is a
hundredth of the devices themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from matching.evidence.search import SearchTerm
from service.store.access.visibility import Customer
from service.store.database.bound_lists import one_of
from service.store.database.tables import devices, identifiers, memberships, records, review_records
from service.store.database.types import company_key, indexable, storable


@dataclass(frozen=True)
class Filters:
    """
    What a list of devices is narrowed to; None: not by this.

    `text` is a part of the name, hostname, serial or company.
    `customer` lets those through with a record of that company, whatever company the golden record names. `seen_before`
    and `seen_after` let no device through of which nobody says when it was seen.
    """

    company: str | None = None
    type: str | None = None
    provider: str | None = None
    text: str | None = None
    without_provider: str | None = None
    active: bool | None = None
    seen_before: datetime | None = None
    seen_after: datetime | None = None
    updated_since: datetime | None = None
    has_conflict: bool | None = None
    has_review: bool | None = None
    customer: Customer | None = None


_HOLDING = (
    select(memberships.c.device_id)
    .join_from(identifiers, records, identifiers.c.record == records.c.number)
    .join(
        memberships,
        (memberships.c.provider == records.c.provider) & (memberships.c.record_id == records.c.record_id),
    )
    .where(one_of(identifiers.c.term, "terms"))
)
_IN_REVIEW = select(memberships.c.device_id).join_from(
    review_records,
    memberships,
    and_(memberships.c.provider == review_records.c.provider, memberships.c.record_id == review_records.c.record_id),
)


_CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "company": lambda name: devices.c.company_key == company_key(name),
    "type": lambda name: devices.c.type_key == indexable(name.casefold()),
    "provider": lambda name: devices.c.id.in_(_listed_by(name)),
    "text": lambda text: or_(
        devices.c.search_text.contains(storable(text.casefold()), autoescape=True),
        devices.c.company_key.contains(storable(text.casefold()), autoescape=True),
    ),
    # what a provider lists is mostly much, and what it does not list comes soon
    "without_provider": lambda name: (
        ~exists().where(memberships.c.device_id == devices.c.id, memberships.c.provider == name)
    ),
    "active": devices.c.is_active.is_,
    "seen_before": lambda at: devices.c.last_seen_at < at,
    "seen_after": lambda at: devices.c.last_seen_at > at,
    "updated_since": lambda at: devices.c.updated_at >= at,
    "has_conflict": devices.c.has_conflict.is_,
    "customer": lambda customer: devices.c.id.in_(_of_customer(customer)),
    "has_review": lambda wanted: devices.c.id.in_(_IN_REVIEW) if wanted else devices.c.id.not_in(_IN_REVIEW),
}
"""Filter -> the condition for its value."""


def filtered(query: Select[Any], filters: Filters, held: Sequence[SearchTerm] | None = None) -> Select[Any]:
    """
    Return a query of devices with these conditions.

    `held`: only devices with a record that may hold one of some terms; their checksums are to be bound as `terms`.
    """
    wanted = {name: value for name in _CONDITIONS if (value := getattr(filters, name)) is not None}
    if any("\0" in value for value in wanted.values() if isinstance(value, str)):
        return query.where(false())  # no value that is stored holds one, and without it the text would be another
    query = query.where(*(_CONDITIONS[name](value) for name, value in wanted.items()))
    return query if held is None else query.where(devices.c.id.in_(_HOLDING))


def _listed_by(provider: str) -> Select[Any]:
    return select(memberships.c.device_id).where(memberships.c.provider == provider)


def _of_customer(customer: Customer) -> Select[Any]:
    itself = (memberships.c.provider == records.c.provider) & (memberships.c.record_id == records.c.record_id)
    own = (records.c.provider == customer.provider) & (records.c.company_id == customer.company_id)
    return select(memberships.c.device_id).join_from(records, memberships, itself).where(own)
