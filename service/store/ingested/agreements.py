"""What the agreements of providers bill, as it was last read, and how the last reading ended."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from service.store.access.visibility import Customer
from service.store.database.billing_tables import agreement_reads, billed_additions
from service.store.database.types import storable


class AgreementRead(NamedTuple):
    """
    How the reading of a provider's agreements stands.

    `begun_at` is when the last one began, `read_at` when the last one that succeeded ended, `active` the agreements as
    of then. `error` says why the last one failed.
    """

    provider: str
    begun_at: datetime
    read_at: datetime | None = None
    active: int | None = None
    error: str | None = None


class BilledAddition(NamedTuple):
    """An addition that is billed; `quantity` is None where it cannot be read, and `unread` says why."""

    provider: str
    id: int
    agreement: str
    company_id: str
    company: str
    product: str
    quantity: Decimal | None
    price: Decimal | None = None
    unread: str | None = None


_READS = select(*(agreement_reads.c[name] for name in AgreementRead._fields))
_ADDITIONS = select(*(billed_additions.c[name] for name in BilledAddition._fields))


def find(connection: Connection, provider: str) -> AgreementRead | None:
    """Return how the reading of a provider's agreements stands; None where it is not to be done."""
    row = connection.execute(_READS.where(agreement_reads.c.provider == provider)).one_or_none()
    return AgreementRead._make(row) if row else None


def reads(connection: Connection) -> list[AgreementRead]:
    """Return how it stands for all providers whose agreements are read, in order of name."""
    return [AgreementRead._make(row) for row in connection.execute(_READS.order_by(agreement_reads.c.provider))]


def begin(connection: Connection, provider: str, at: datetime) -> None:
    """Note that a reading begins; what was read before stays."""
    begun = update(agreement_reads).where(agreement_reads.c.provider == provider).values(begun_at=at, error=None)
    if not connection.execute(begun).rowcount:
        connection.execute(insert(agreement_reads), AgreementRead(provider, at)._asdict())


def fail(connection: Connection, provider: str, error: str) -> None:
    """Note why a reading failed; what was read before stays."""
    own = agreement_reads.c.provider == provider
    connection.execute(update(agreement_reads).where(own).values(error=storable(error)))


def replace(
    connection: Connection, provider: str, at: datetime, active: int, additions: Iterable[BilledAddition]
) -> None:
    """Put what was read in the place of what was read before."""
    connection.execute(delete(billed_additions).where(billed_additions.c.provider == provider))
    rows = [_stored(each) for each in additions]
    if rows:
        connection.execute(insert(billed_additions), rows)
    own = agreement_reads.c.provider == provider
    connection.execute(update(agreement_reads).where(own).values(read_at=at, active=active, error=None))


def forget(connection: Connection, provider: str) -> None:
    """Delete all of a provider's."""
    connection.execute(delete(billed_additions).where(billed_additions.c.provider == provider))
    connection.execute(delete(agreement_reads).where(agreement_reads.c.provider == provider))


def billed(connection: Connection, customers: Collection[Customer] | None = None) -> list[BilledAddition]:
    """Return what is billed to some customers, or to all, in order of provider and id."""
    query = _ADDITIONS.order_by(billed_additions.c.provider, billed_additions.c.id)
    if customers is not None:
        columns = billed_additions.c
        one_of = [(columns.provider == each.provider) & (columns.company_id == each.company_id) for each in customers]
        query = query.where(or_(False, *one_of))
    return list(map(_addition, connection.execute(query)))


def _stored(addition: BilledAddition) -> dict[str, Any]:
    said = {name: storable(value) if isinstance(value, str) else value for name, value in addition._asdict().items()}
    numbers = {name: None if (value := said[name]) is None else f"{value:f}" for name in ("quantity", "price")}
    return said | numbers


def _addition(row: Row[Any]) -> BilledAddition:
    said = row._asdict()
    numbers = {name: None if (text := said[name]) is None else Decimal(text) for name in ("quantity", "price")}
    return BilledAddition(**{**said, **numbers})
