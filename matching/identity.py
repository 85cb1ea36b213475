"""
A record -> what it says about each kind of identifier.

An `Identity` holds canonical values only; what could not be used is beside them with the reason,
so that a person can be told why a value did not count.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from matching.errors import UnusableValue
from matching.model import Key, Kind, Record, Unusable
from matching.normalise import (
    NORMALISERS,
    dashed,
    guid_in_serial,
    mac_in_guid,
    tag_in_guid,
)
from matching.placeholders import REASONS, WEAK_REASONS
from matching.policy import Policy

HEX_GUID = re.compile("[0-9A-F]{32}")
HEX_MAC = re.compile("[0-9a-f]{12}")


class Identity(NamedTuple):
    """
    What one record says. Values are canonical and usable; `weak` ones count only beside others that agree.

    `name` is the hostname, `is_field` whether the hostname field itself says so: a display name that
    stands in never contradicts. `cut` is a hostname that several longer ones begin with: it may be any of
    them, so it agrees with nobody's (`cutnames`). `company` is the provider's own company, `provider:id` or
    `provider:name`; None where the record names none or a catch-all. A tuple, because a fleet holds a million
    of them.
    """

    key: Key
    guid: str | None
    serials: tuple[str, ...]
    links: tuple[Key, ...]
    macs: tuple[str, ...]
    weak: tuple[tuple[Kind, str], ...]
    name: str | None
    is_field: bool
    cut: str | None
    company: str | None
    company_name: str | None
    live: bool
    unusable: tuple[Unusable, ...]

    def values(self) -> Iterator[tuple[Kind, str]]:
        """Yield every value that may join by itself, strongest kind first."""
        if self.guid:
            yield Kind.BIOS_GUID, self.guid
        for serial in self.serials:
            yield Kind.SERIAL, serial
        for mac in self.macs:
            yield Kind.MAC, mac
        if self.name:
            yield Kind.HOSTNAME, self.name

    def adapters(self) -> tuple[str, ...]:
        """Return every MAC, the weak ones too."""
        return (*self.macs, *(value for kind, value in self.weak if kind is Kind.MAC)) if self.weak else self.macs


class Term(NamedTuple):
    """Something a record can be looked up by."""

    kind: str
    value: str


class _Reader:
    """Collects one record's canonical values, and the reasons against the others."""

    __slots__ = ("has_lists", "policy", "unusable", "weak")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.has_lists = bool(policy.allow or policy.deny)
        self.weak: list[tuple[Kind, str]] = []
        self.unusable: list[Unusable] = []

    def canonical(self, kind: Kind, raw: str) -> str | None:
        """Return the canonical value if it is evidence."""
        try:
            value = NORMALISERS[kind](raw)
        except UnusableValue as error:
            self.unusable.append(Unusable(kind, raw[:100], error.reason))
            return None
        reason = REASONS[kind](value)
        if self.has_lists:
            reason = self._listed(kind, value, reason)
        if reason is not None:
            self.unusable.append(Unusable(kind, value, reason))
            return None
        return value

    def strong(self, kind: Kind, raws: Sequence[str]) -> tuple[str, ...]:
        """Return the usable values that may stand alone, each once, in the order written; weak ones are kept aside."""
        found: list[str] = []
        for raw in raws:
            value = self.canonical(kind, raw)
            if value is None or value in found:
                continue
            if WEAK_REASONS[kind](value) is None or value in self.policy.allow.get(kind, ()):
                found.append(value)
            elif (kind, value) not in self.weak:
                self.weak.append((kind, value))
        return tuple(found)

    def _listed(self, kind: Kind, value: str, reason: str | None) -> str | None:
        if value in self.policy.deny.get(kind, ()):
            return "denied by the operator"
        return None if value in self.policy.allow.get(kind, ()) else reason


def identify(record: Record, policy: Policy) -> Identity:
    """Return what a record says. Its texts may be anything; nothing that cannot be used raises."""
    reader = _Reader(policy)
    key = Key(record["provider"], record["id"])
    place = company_of(record, policy), record.get("company"), is_live(record, policy)
    if word := _no_device(record, policy):
        note = Unusable("type", record["type"], f"a {word} is no device: its identifiers are of the device it is about")
        return Identity(key, None, (), (), (), (), None, False, None, *place, (note,))
    raw_serials = _serials(record)
    serials = reader.strong(Kind.SERIAL, raw_serials) if raw_serials else ()
    raw_guid = record.get("bios_guid")
    guid = reader.canonical(Kind.BIOS_GUID, raw_guid) if raw_guid else _guid_of(serials, reader)
    if guid and not raw_serials and (tag := tag_in_guid(guid)):
        serials = reader.strong(Kind.SERIAL, [tag])
    raw_macs = _macs(record, raw_guid)
    macs = reader.strong(Kind.MAC, raw_macs) if raw_macs else ()
    links = tuple(Key(link["provider"], link["id"]) for link in record["links"]) if "links" in record else ()
    name, is_field = _name(record, reader)
    weak, unusable = tuple(reader.weak), tuple(reader.unusable)
    return Identity(key, guid, serials, links, macs, weak, name, is_field, None, *place, unusable)


def is_live(record: Record, policy: Policy) -> bool:
    """Whether the provider says the box is in use. Never from `last_seen`, or every sync would move devices."""
    status = record.get("status")
    return record.get("active", True) and not (status and _is_listed(status, policy.retired_statuses))


def company_of(record: Record, policy: Policy) -> str | None:
    """Return `provider:company`, by the provider's own id where it has one; None for a catch-all."""
    name = record.get("company", "")
    if _is_listed(name, policy.catch_all_companies):
        return None
    own = record.get("company_id", "").strip() or name.strip()
    return f"{record['provider']}:{own}" if own else None


@lru_cache(maxsize=100_000)  # a fleet has few statuses and companies, and many records
def _is_listed(word: str, words: frozenset[str]) -> bool:
    return word.strip().casefold() in words


def search_terms(record: Record) -> frozenset[Term]:
    """Return everything the record can be found by. Placeholders too: a person may look for who has one."""
    terms = {Term("record", f"{record['provider']}:{record['id']}")}
    if record["provider"] == "cw_manage":
        terms.add(Term("cw_manage_device_id", record["id"]))
    raws = {
        Kind.BIOS_GUID: [record["bios_guid"]] if "bios_guid" in record else [],
        Kind.SERIAL: _serials(record),
        Kind.MAC: _macs(record, record.get("bios_guid")),
        Kind.HOSTNAME: [record[field] for field in ("hostname", "name") if field in record],
    }
    for kind, values in raws.items():
        terms.update(Term(kind, value) for raw in values if (value := _canonical(kind, raw)))
    for serial in [term.value for term in terms if term.kind == Kind.SERIAL]:
        if guid := guid_in_serial(serial):
            terms.add(Term(Kind.BIOS_GUID, guid))
    terms.update(
        Term(field, _plain(record[field])) for field in ("device_identifier", "tag_number", "name") if field in record
    )
    terms.update(Term("ip", _plain(ip)) for ip in record.get("ips", ()))
    return frozenset(term for term in terms if term.value)


def candidates(text: str) -> tuple[Term, ...]:
    """
    Return what a typed text may be, likeliest first; any notation of a value is understood.

    >>> candidates("cw_manage:4711")[0]
    Term(kind='record', value='cw_manage:4711')
    """
    found = [Term(kind, value) for kind in NORMALISERS if (value := _canonical(Kind(kind), text))]
    if guid := next((guid_in_serial(term.value) for term in found if term.kind == Kind.SERIAL), None):
        found.append(Term(Kind.BIOS_GUID, guid))
    bare = text.strip()
    if all(bare.partition(":")):
        found.insert(0, Term("record", bare))
    if bare.isascii() and bare.isdigit():
        found.insert(0, Term("cw_manage_device_id", bare.lstrip("0") or "0"))
    found += [Term(kind, _plain(text)) for kind in ("device_identifier", "tag_number", "ip", "name") if bare]
    return tuple(dict.fromkeys(found))


def shown(kind: str, value: str) -> str:
    """Return a value in its customary spelling: a GUID with dashes, a MAC with colons; one that is none as it is."""
    if kind == Kind.BIOS_GUID and HEX_GUID.fullmatch(value):
        return dashed(value)
    if kind == Kind.MAC and HEX_MAC.fullmatch(value):
        return bytes.fromhex(value).hex(":").upper()
    return value


def _serials(record: Record) -> Sequence[str]:
    serial = record.get("serial")
    return () if serial is None else (serial,) if isinstance(serial, str) else serial


def _macs(record: Record, raw_guid: str | None) -> Sequence[str]:
    """The adapters as listed, and the one that a network-boot GUID carries."""
    macs = record.get("macs", ())
    if raw_guid and raw_guid.lstrip(" {").startswith("0000"):
        booted_by = mac_in_guid(_canonical(Kind.BIOS_GUID, raw_guid) or "")
        return [*macs, booted_by] if booted_by else macs
    return macs


def _no_device(record: Record, policy: Policy) -> str | None:
    """Return the word in a record's type that makes it no device, or None."""
    return _first_word(record["type"], policy.non_device_types) if "type" in record else None


@lru_cache(maxsize=10_000)  # a fleet has few types and many records
def _first_word(type_: str, words: frozenset[str]) -> str | None:
    return next((word for word in re.findall(r"[^\W_]+", type_.casefold()) if word in words), None)


def _guid_of(serials: Iterable[str], reader: _Reader) -> str | None:
    return next(
        (reader.canonical(Kind.BIOS_GUID, guid) for serial in serials if (guid := guid_in_serial(serial))), None
    )


def _name(record: Record, reader: _Reader) -> tuple[str | None, bool]:
    if (hostname := record.get("hostname")) and (label := reader.canonical(Kind.HOSTNAME, hostname)):
        return label, True
    if (name := record.get("name")) and (label := reader.canonical(Kind.HOSTNAME, name)):
        return label, False
    return None, False


def _canonical(kind: Kind, raw: str) -> str | None:
    try:
        return NORMALISERS[kind](raw)
    except UnusableValue:
        return None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
