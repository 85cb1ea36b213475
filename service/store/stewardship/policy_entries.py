"""What people added to the policy: the entries in force, and those that were revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from matching.calibration.companies import Alignment, Ground
from matching.policy import PolicyEntry, PolicyEntryKind
from service.store.database.policy_tables import policy_entries
from service.store.database.types import storable


@dataclass(frozen=True)
class StoredPolicyEntry:
    """An entry with its id, who made it, when and why; and who took it back, when and why."""

    id: str
    entry: PolicyEntry
    by: str
    why: str
    at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_why: str | None = None


class GroundsOfPeople:
    """Says of companies that are one customer why they are: also who said so, where a person did."""

    def __init__(self, entries: Iterable[StoredPolicyEntry]) -> None:
        self._said = {
            each.entry.companies: f"a person said so ({each.by}, {each.at:%Y-%m-%d})"
            for each in entries
            if each.entry.kind is PolicyEntryKind.SAME_CUSTOMER
        }

    def sentence(self, pair: Alignment) -> str:
        """Return why two companies are one customer, in words."""
        is_said = pair.ground is Ground.OPERATOR
        return self._said.get(frozenset(pair[:2]), pair.sentence) if is_said else pair.sentence


_ALL = select(policy_entries).order_by(policy_entries.c.at, policy_entries.c.id)
_STANDING = _ALL.where(policy_entries.c.revoked_at.is_(None))


def standing(connection: Connection) -> list[StoredPolicyEntry]:
    """Return the entries in force, the earliest first."""
    return list(map(_stored, connection.execute(_STANDING)))


def grounds(connection: Connection) -> GroundsOfPeople:
    """Return what says why companies are one customer."""
    return GroundsOfPeople(standing(connection))


def every(connection: Connection) -> list[StoredPolicyEntry]:
    """Return all entries, revoked or not, the earliest first."""
    return list(map(_stored, connection.execute(_ALL)))


def by_id(connection: Connection, entry_id: str) -> StoredPolicyEntry | None:
    """Return an entry, revoked or not."""
    row = connection.execute(select(policy_entries).where(policy_entries.c.id == entry_id)).one_or_none()
    return _stored(row) if row else None


def add(connection: Connection, new: StoredPolicyEntry) -> None:
    """Store an entry that stands."""
    kind, subject, value = new.entry
    made = {"id": new.id, "by": storable(new.by), "why": storable(new.why), "at": new.at}
    connection.execute(insert(policy_entries), {**made, "kind": str(kind), "subject": subject, "value": value})


def revoke(connection: Connection, entry_id: str, by: str, why: str, at: datetime) -> None:
    """Note that an entry no longer stands."""
    values = {"revoked_at": at, "revoked_by": storable(by), "revoked_why": storable(why)}
    connection.execute(update(policy_entries).where(policy_entries.c.id == entry_id).values(values))


def _stored(row: Row[tuple[object, ...]]) -> StoredPolicyEntry:
    entry = PolicyEntry(PolicyEntryKind(row.kind), row.subject, row.value)
    return StoredPolicyEntry(
        *(row.id, entry, row.by, row.why, row.at),
        *(row.revoked_at, row.revoked_by, row.revoked_why),
    )
