"""The look-up index: a row for each search term and record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from matching.checksums import Checksum, checksum
from matching.evidence.search import SearchTerm
from service.store.access.visibility import Visibility
from service.store.database.bound_lists import is_key, one_of
from service.store.database.postings import Writer
from service.store.database.prepared import PreparedQuery
from service.store.database.tables import identifiers, memberships, records
from service.store.resolved.visible import suppressed_as_told


def writer(connection: Connection) -> Writer:
    """Return what writes identifiers, of many records at once."""
    return Writer(connection, identifiers)


class TermHolder(NamedTuple):
    """
    A record that may hold a search term: a value is found by its checksum, and whether it is this one, the record says.

    `place` is that of the term among those looked for; `suppressed` are the record's values that are no evidence, in
    JSON.
    """

    place: int
    device_id: str
    payload: str
    suppressed: str


@dataclass(frozen=True)
class TermHolders:
    """Records that may hold one of some search terms, those of the first terms first; `is_cut`: there are more."""

    records: Sequence[TermHolder]
    is_cut: bool

    @property
    def devices(self) -> list[str]:
        """The ids of their devices, those of the first terms first."""
        return list(dict.fromkeys(each.device_id for each in self.records))


_FOUND = (
    select(identifiers.c.term, memberships.c.device_id, records.c.payload, memberships.c.suppressed)
    .join_from(identifiers, records, identifiers.c.record == records.c.number)
    .join(
        memberships,
        (memberships.c.provider == records.c.provider) & (memberships.c.record_id == records.c.record_id),
    )
    .where(one_of(identifiers.c.term, "terms"))
    .limit(bindparam("most"))
)
_HOLDERS = PreparedQuery(_FOUND)
_VISIBLE_HOLDERS = _FOUND.where(is_key(records.c.provider, records.c.company_id, name="customers"))


def holders(
    connection: Connection, terms: Sequence[SearchTerm], most: int, visibility: Visibility | None = None
) -> TermHolders:
    """
    Return the records that may hold a term, at most `most` of them: a placeholder may sit on a whole fleet.

    Args:
        visibility: Which records are looked at; None: all.
    """
    places = {checksum(term): place for place, term in enumerate(terms)}
    find = partial(_holders if visibility is None else partial(_visible_holders, visibility), connection, places)
    found = find(list(places), most + 1) if places else []
    if len(found) > most:  # which ones came is by chance: those of the first terms are to
        found = []
        for term in places:
            found += find([term], most + 1 - len(found))
    is_cut = len(found) > most
    return TermHolders(sorted(found[:most], key=attrgetter("place", "device_id")), is_cut)


def _holders(
    connection: Connection, places: Mapping[Checksum, int], terms: Sequence[Checksum], most: int
) -> list[TermHolder]:
    rows = _HOLDERS.rows(connection, {"terms": terms, "most": most}) if most > 0 else ()
    return [TermHolder(places[term], *said) for term, *said in rows]


def _visible_holders(
    visibility: Visibility,
    connection: Connection,
    places: Mapping[Checksum, int],
    terms: Sequence[Checksum],
    most: int,
) -> list[TermHolder]:
    bound = {"terms": terms, "most": most, "customers": visibility.customers}
    rows = connection.execute(_VISIBLE_HOLDERS, bound).all() if most > 0 else ()
    found = [TermHolder(places[term], *said) for term, *said in rows]
    return [each._replace(suppressed=suppressed_as_told(each.suppressed)) for each in found]
