"""Search terms: those by which a record can be looked up, and those that a text typed by a person may mean."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from matching.evidence.derived import board_serials_of, guids_of, macs_of, serials_of
from matching.evidence.identity import MOST_VALUES, canonical, written_macs, written_serials
from matching.model import Kind, Record
from matching.policy import PSA_PROVIDERS
from matching.values.normalise import NORMALISERS


class SearchTerm(NamedTuple):
    """A value by which a record can be looked up, and the kind of value it is."""

    kind: str
    value: str


def search_terms(record: Record, psa_providers: frozenset[str] = PSA_PROVIDERS) -> frozenset[SearchTerm]:
    """
    Return everything by which the record can be found. Placeholders too: a person may ask which records have one.

    What is inside a value finds the record as well as the value does. Of each kind of term there are `MOST_VALUES` at
    most. A PSA's record is also found by its id alone, as `cw_manage_device_id`.
    """
    terms = {SearchTerm("record", f"{record['provider']}:{record['id']}")}
    if record["provider"] in psa_providers:
        terms.add(SearchTerm("cw_manage_device_id", record["id"]))
    raws = {
        Kind.BIOS_GUID: [record["bios_guid"]] if "bios_guid" in record else [],
        Kind.SERIAL: written_serials(record),
        Kind.MAC: written_macs(record),
        Kind.HOSTNAME: [record[field] for field in ("hostname", "name") if field in record],
    }
    for kind, values in raws.items():
        written = _first(value for raw in values if (value := canonical(kind, raw)))
        terms.update(SearchTerm(kind, value) for value in written)
        terms.update(term for value in written for term in _inside(kind, value))
    terms.update(
        SearchTerm(field, _folded(record[field]))
        for field in ("device_identifier", "tag_number", "name")
        if field in record
    )
    terms.update(SearchTerm("ip", ip) for ip in _first(map(_folded, record.get("ips", ()))))
    return frozenset(term for term in terms if term.value)


def search_candidates(text: str) -> tuple[SearchTerm, ...]:
    """
    Return the terms that a typed text may mean, the likeliest first. Any notation of a value is understood.

    >>> search_candidates("cw_manage:4711")[0]
    SearchTerm(kind='record', value='cw_manage:4711')
    """
    found = [SearchTerm(kind, value) for kind in NORMALISERS if (value := canonical(Kind(kind), text))]
    found += [term for kind, value in tuple(found) for term in _inside(Kind(kind), value)]
    bare = text.strip()
    if all(bare.partition(":")):
        found.insert(0, SearchTerm("record", bare))
    if bare.isascii() and bare.isdigit():
        found.insert(0, SearchTerm("cw_manage_device_id", bare.lstrip("0") or "0"))
    found += [SearchTerm(kind, _folded(text)) for kind in ("device_identifier", "tag_number", "ip", "name") if bare]
    return tuple(dict.fromkeys(found))


def _first(values: Iterable[str]) -> list[str]:
    """The values, each once; of more than `MOST_VALUES` the first in order."""
    distinct = dict.fromkeys(values)
    return list(distinct) if len(distinct) <= MOST_VALUES else sorted(distinct)[:MOST_VALUES]


def _inside(kind: Kind, value: str) -> Iterator[SearchTerm]:
    """Yield a term for each value that a GUID or a serial carries."""
    if kind is Kind.SERIAL:
        inside = [*guids_of((value,)), *board_serials_of(value)]
    elif kind is Kind.BIOS_GUID:
        inside = [*serials_of(value), *macs_of(value, None)]
    else:
        return
    yield from (SearchTerm(each.kind, each.value) for each in inside)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
