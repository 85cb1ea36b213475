"""The stored records: one row for each, with when it came and when it changed."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count as counting
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, bindparam, func, select, update

from matching.checksums import Checksum, checksum
from matching.evidence.search import search_terms
from matching.model import Key, Record, Suppressed
from matching.records import latest, seen_at, without_future_time
from service.core.errors import Unparsable
from service.core.user_names import ForgottenUsers
from service.store.access.visibility import company_id_of
from service.store.database import postings
from service.store.database.bound_lists import is_key, one_of
from service.store.database.canonical_json import canonical_json, digest, sayable
from service.store.database.postings import packed, unpacked
from service.store.database.rows import PORTION, delete_rows, insert_rows, portions
from service.store.database.tables import identifiers, records
from service.store.ingested.forgotten_users import cleaned_record

_KEY = records.c.provider, records.c.record_id
STORED = records.c.number, records.c.payload, records.c.first_seen_at, records.c.changed_at
"""What `StoredRecord` is made of."""

_BY_KEYS = select(*_KEY, *STORED).where(is_key(*_KEY))
_KNOWN = select(*_KEY, records.c.number, records.c.content_hash, records.c.terms).where(is_key(*_KEY))
_LAST = select(func.coalesce(func.max(records.c.number), 0))
_CHANGE = update(records).where(records.c.number == bindparam("of"))
_NEXT = (
    select(records.c.number, records.c.payload, records.c.terms)
    .where(records.c.number > bindparam("after"))
    .order_by(records.c.number)
    .limit(PORTION)
)
_RETURNED = update(records).where(one_of(records.c.number, "numbers")).values(returned_at=bindparam("at"))
_FIRST = select(records.c.payload).where(records.c.provider == bindparam("provider")).order_by(records.c.record_id)

NOT_JSON = "a value that JSON cannot say; its text is kept"
"""Why a value was replaced."""

NOTHING: frozenset[Checksum] = frozenset()

PlainEntry = tuple[str, str, str, str, str | None, tuple[Checksum, ...] | None, str | None]
"""An entry as another process can be given it."""


class Entry(NamedTuple):
    """
    A record as it is stored.

    `company_id` is the one by which it is of a customer (`visibility`). `terms` are checksums of what it can be found
    by. Most records are stored as they are already, and theirs are not needed: None, where nobody worked them out
    ahead. `replaced` are values that JSON cannot say, kept as their texts.
    """

    provider: str
    record_id: str
    payload: str
    content_hash: str
    seen_at: datetime | None
    terms: tuple[Checksum, ...] | None = None
    replaced: tuple[Suppressed, ...] = ()
    company_id: str | None = None

    @property
    def key(self) -> Key:
        """Return what names the record."""
        return Key(self.provider, self.record_id)

    @property
    def record(self) -> Record:
        """Read the record again."""
        return _read(self.payload)

    @property
    def found_by(self) -> frozenset[Checksum]:
        """Return the checksums of what the record can be found by."""
        return frozenset(_terms(self.record) if self.terms is None else self.terms)

    @property
    def plain(self) -> PlainEntry:
        """Return the entry without types of ours."""
        seen = self.seen_at.isoformat() if self.seen_at else None
        return self.provider, self.record_id, self.payload, self.content_hash, seen, self.terms, self.company_id

    @classmethod
    def of(cls, plain: PlainEntry) -> "Entry":
        """Return the entry that was made plain."""
        provider, record_id, payload, content_hash, seen, terms, company_id = plain
        seen_at = datetime.fromisoformat(seen) if seen else None
        return cls(provider, record_id, payload, content_hash, seen_at, terms, company_id=company_id)


class Upserted(NamedTuple):
    """What became of the records that arrived: their numbers."""

    new: Mapping[Key, int]
    changed: Mapping[Key, int]
    same: Mapping[Key, int]


class StoredRecord(NamedTuple):
    """A stored record, its number, and when its feed first returned it, at all and as it is now."""

    number: int
    payload: str
    first_seen_at: datetime
    changed_at: datetime

    @property
    def written(self) -> Record:
        """Read the record from its payload."""
        return _read(self.payload)

    @property
    def record(self) -> Record:
        """Read the record as it counts: without a `last_seen` that was in the future when it came as it is now."""
        return without_future_time(self.written, self.changed_at)


class Payloads(Mapping[Key, Record]):
    """Records that are read from their payloads when they are asked for, each time anew."""

    def __init__(self, stored: Mapping[Key, StoredRecord]) -> None:
        self._stored = stored

    def __getitem__(self, key: Key) -> Record:
        return self._stored[key].record

    def __iter__(self) -> Iterator[Key]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)


class _Row(NamedTuple):
    """A new record; one that has changed keeps its number, key and `first_seen_at`."""

    number: int
    provider: str
    record_id: str
    payload: str
    content_hash: str
    terms: bytes
    seen_at: datetime | None
    first_seen_at: datetime
    changed_at: datetime
    returned_at: datetime
    company_id: str | None


CHANGING = ("payload", "content_hash", "terms", "seen_at", "changed_at", "returned_at", "company_id")
"""Columns of a record that has changed."""


def entry(record: Record, *, with_terms: bool = False) -> Entry:
    """
    Return a record as it can be stored; with terms, where it will probably be new or changed.

    A value that JSON cannot say, such as NaN in a field that is not ours, is replaced by its text (`sayable`).

    Raises:
        Unparsable: It is nested too deeply.
    """
    try:
        said, replaced = _sayable(record)
        payload = canonical_json(said)
    except (RecursionError, TypeError):
        raise Unparsable(record["id"], "nested too deeply to be stored") from None
    terms = _terms(said) if with_terms else None
    return Entry(
        said["provider"], said["id"], payload, digest(payload), seen_at(said), terms, replaced, company_id_of(said)
    )


def without_names(each: Entry, users: ForgottenUsers) -> Entry:
    """Return an entry as it is stored when some users are to be forgotten (`forgotten_users`)."""
    record = each.record
    cleaned = cleaned_record(users, record)
    return each if cleaned == record else entry(cleaned)._replace(replaced=each.replaced)


def naming(connection: Connection, users: ForgottenUsers, fragment: str) -> tuple[list[Entry], int]:
    """
    Return the records that name users who are to be forgotten, as they are without; and how many others hold the text.

    Args:
        fragment: Only payloads that hold it (`redaction.fragment_of`) are looked at.
    """
    found, others = list[Entry](), 0
    for record in (_read(payload) for payload in payloads(connection) if fragment in payload.casefold()):
        cleaned = cleaned_record(users, record)
        if cleaned != record:
            found.append(entry(cleaned))
        others += users.cleaned(cleaned) != cleaned
    return found, others


def standing(entries: Iterable[Entry], received_at: datetime) -> dict[Key, Entry]:
    """Return the one entry that stands for each key (`matching.records.latest`)."""
    chosen: dict[Key, Entry] = {}
    for each in entries:
        rival = chosen.setdefault(each.key, each)
        if rival is not each and is_later(each, rival.record, received_at):
            chosen[each.key] = each
    return chosen


def is_later(each: Entry, rival: Record, received_at: datetime) -> bool:
    """Whether an entry stands for its key, and not the other record as it was written (`matching.records.latest`)."""
    record = each.record
    return latest(rival, record, received_at) is record


def upsert(connection: Connection, entries: Iterable[Entry], at: datetime, findable: postings.Writer) -> Upserted:
    """
    Store records, one an entry and no key twice; `at` is when the feed returned them.

    `findable` is given what they can be found by now.
    """
    arrived = {each.key: each for each in entries}
    known = _known(connection, arrived)
    coming = sorted(arrived.keys() - known.keys())
    new = dict(zip(coming, counting(_last(connection) + 1), strict=False)) if coming else {}
    changed = {key: each.number for key, each in known.items() if each.content_hash != arrived[key].content_hash}
    same = {key: each.number for key, each in known.items() if key not in changed}
    before = {**dict.fromkeys(new, NOTHING), **{key: unpacked(known[key].terms) for key in changed}}
    found_by = {key: arrived[key].found_by for key in before}
    rows = [_row(arrived[key], number, found_by[key], at) for key, number in new.items()]
    if rows:
        insert_rows(connection, records, _Row._fields, rows)
    for portion in portions(changed.items()):
        rows = [_row(arrived[key], number, found_by[key], at) for key, number in portion]
        values = ({name: getattr(row, name) for name in CHANGING} for row in rows)
        connection.execute(_CHANGE, [{"of": row.number, **each} for row, each in zip(rows, values, strict=True)])
    numbers = {**new, **changed}
    findable.write((numbers[key], before[key], found_by[key]) for key in before)
    if same:
        connection.execute(_RETURNED, {"numbers": list(same.values()), "at": at})
    return Upserted(new, changed, same)


def remake_terms(connection: Connection, findable: postings.Writer) -> Iterator[int]:
    """
    Work out anew what every record can be found by; yield how many were looked at since the last time.

    `findable` is given what differs.
    """
    last = 0
    while rows := connection.execute(_NEXT, {"after": last}).all():
        wanted = {row.number: frozenset(_terms(_read(row.payload))) for row in rows}
        changed = [row for row in rows if unpacked(row.terms) != wanted[row.number]]
        if changed:
            values = [{"of": row.number, "terms": packed(wanted[row.number])} for row in changed]
            connection.execute(_CHANGE, values)
        findable.write((row.number, unpacked(row.terms), wanted[row.number]) for row in changed)
        last = rows[-1].number
        yield len(rows)


def remove(connection: Connection, keys: Collection[Key]) -> None:
    """Delete records and all that they can be found by; the caller deletes their memberships and blocking keys."""
    found = _known(connection, keys).values()
    postings.write(connection, identifiers, [(row.number, unpacked(row.terms), NOTHING) for row in found])
    delete_rows(connection, records, sorted((row.number,) for row in found))


def keys_of(connection: Connection, provider: str) -> frozenset[Key]:
    """Return the keys of a provider's records."""
    query = select(records.c.record_id).where(records.c.provider == provider)
    return frozenset(Key(provider, record_id) for record_id in connection.execute(query).scalars())


def exists(connection: Connection, key: Key) -> bool:
    """Whether a record is stored."""
    return bool(_known(connection, [key]))


def any_stored(connection: Connection) -> bool:
    """Whether any record is stored."""
    return _last(connection) > 0


def count(connection: Connection) -> int:
    """Return how many records are stored."""
    return int(connection.execute(select(func.count()).select_from(records)).scalar_one())


def read(connection: Connection, keys: Iterable[Key]) -> dict[Key, StoredRecord]:
    """Return those of the records that are stored."""
    rows = connection.execute(_BY_KEYS, {"keys": sorted(keys)})
    return {Key(provider, record_id): StoredRecord(*said) for provider, record_id, *said in rows}


def every(connection: Connection) -> Iterator[Record]:
    """Yield every record, without holding them all at once."""
    return map(_read, payloads(connection))


def payloads(connection: Connection) -> Iterator[str]:
    """Yield every record as it is stored, without holding them all at once."""
    rows = connection.execute(select(records.c.payload), execution_options={"yield_per": PORTION})
    return iter(rows.scalars())


def first(connection: Connection, provider: str, most: int) -> list[Record]:
    """Return the first records of a provider, in order of id."""
    return list(map(_read, connection.execute(_FIRST.limit(most), {"provider": provider}).scalars()))


def _sayable(record: Record) -> tuple[Record, tuple[Suppressed, ...]]:
    """Return the record as JSON can say it, and a note on each field that it could not."""
    replaced: dict[str, Any] = {}
    for field, value in record.items():
        if not (isinstance(value, str) and value.isascii()) and (said := sayable(value)) != value:
            replaced[field] = said
    if not replaced and "".join(record).isascii():
        return record, ()
    notes = (Suppressed(sayable(field), str(said)[:100], NOT_JSON) for field, said in replaced.items())
    return cast("Record", sayable({**record, **replaced})), tuple(notes)


def _read(payload: str) -> Record:
    found: Record = json.loads(payload)
    return found


def _known(connection: Connection, keys: Collection[Key]) -> dict[Key, Any]:
    return {Key(row.provider, row.record_id): row for row in connection.execute(_KNOWN, {"keys": sorted(keys)})}


def _last(connection: Connection) -> int:
    """The highest number that there is: writers come one at a time."""
    return int(connection.execute(_LAST).scalar_one())


def _terms(record: Record) -> tuple[Checksum, ...]:
    return tuple(map(checksum, search_terms(record)))


def _row(each: Entry, number: int, found_by: Iterable[Checksum], at: datetime) -> _Row:
    return _Row(
        number=number,
        provider=each.provider,
        record_id=each.record_id,
        payload=each.payload,
        content_hash=each.content_hash,
        terms=packed(found_by),
        seen_at=each.seen_at,
        first_seen_at=at,
        changed_at=at,
        returned_at=at,
        company_id=each.company_id,
    )
