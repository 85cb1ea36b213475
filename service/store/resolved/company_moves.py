"""
The changes by which a device may have gone to another customer.

Either the company of its golden record changed, or records left it although they still share a value with it: so it is
where one system says that the device moved and another does not.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from service.store.database.tables import changes, devices, retired_devices
from service.store.resolved.changes import ChangeKind

_SAYS_COMPANY = changes.c.detail.contains('"company":{"from":', autoescape=True)
_IS_OPPOSED = changes.c.detail.contains('"reason":"opposed"', autoescape=True)
"""Few changes are of these: the others need not be parsed. Other values may hold these texts too."""

_HOME = func.coalesce(retired_devices.c.successor, changes.c.device_id)
_MOVES = (
    select(
        *(changes.c.seq, changes.c.at, changes.c.by, changes.c.device_id, changes.c.detail),
        *(devices.c.id, devices.c.golden),
    )
    .join_from(changes, retired_devices, retired_devices.c.id == changes.c.device_id, isouter=True)
    .join(devices, devices.c.id == _HOME, isouter=True)
    .where(
        or_(
            and_(changes.c.what.in_([str(ChangeKind.CHANGED), str(ChangeKind.MERGED)]), _SAYS_COMPANY),
            and_(changes.c.what == str(ChangeKind.SPLIT), _IS_OPPOSED),
        )
    )
    .order_by(changes.c.seq.desc())
)


class CompanyMove(NamedTuple):
    """
    A change: its place in the feed, when, by whom, of which device, what its company was before and after, its cause.

    `parents` are the devices that its records left; then the companies are not in the feed, and None. `home` and
    `golden` are of the device, or of the one that took its place; None where it is gone.
    """

    seq: int
    at: datetime
    by: str | None
    device_id: str
    before: str | None
    after: str | None
    parents: tuple[str, ...]
    cause: Mapping[str, Any]
    home: str | None
    golden: str | None


def since(connection: Connection, at: datetime | None) -> list[CompanyMove]:
    """Return what happened at a time or later, the latest first; None: all that the feed still has."""
    query = _MOVES if at is None else _MOVES.where(changes.c.at >= at)
    found = []
    for row in connection.execute(query):
        said = json.loads(row.detail)
        company = said.get("fields", {}).get("company")
        parents = tuple(said.get("from", ()))
        if company or parents:
            before, after = (company["from"], company["to"]) if company else (None, None)
            place = row.seq, row.at, row.by, row.device_id
            found.append(CompanyMove(*place, before, after, parents, said.get("because") or {}, row.id, row.golden))
    return found
