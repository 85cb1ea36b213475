"""Which companies of the providers the records of each device are of."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection, case, null, select

from service.store.database.tables import memberships, records
from service.store.resolved.device_records import PORTION

_COMPANIES = (
    select(
        *(memberships.c.device_id, records.c.provider, records.c.company_id),
        case((records.c.company_id.is_(None), records.c.payload), else_=null()).label("payload"),
    )
    .join_from(memberships, records)
    .order_by(memberships.c.device_id)
)


class CompanyOfRecord(NamedTuple):
    """The company of a record by its id; without an id the record has to be read."""

    device_id: str
    provider: str
    company_id: str | None
    payload: str | None


def by_device(connection: Connection) -> Iterator[list[CompanyOfRecord]]:
    """Yield for each device, in order of id, the companies that its records are of."""
    found = connection.execute(_COMPANIES, execution_options={"yield_per": PORTION})
    for _, rows in groupby(found, itemgetter(0)):
        yield list(map(CompanyOfRecord._make, rows))
