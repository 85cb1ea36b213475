"""
A record -> what it says about each kind of identifier.

An `Identity` holds canonical values only; what could not be used is beside them with the reason,
so that a person can be told why a value did not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
from matching.placeholders import REASONS, weak_mac_reason, weak_serial_reason
from matching.policy import Policy


@dataclass(frozen=True, slots=True)
class Identity:
    """
    What one record says. Values are canonical and usable; `weak` ones count only beside others that agree.

    `name` is the hostname, `is_field` whether the hostname field itself says so: a display name that
    stands in never contradicts. `company` is the provider's own company, `provider:id` or `provider:name`;
    None where the record names none or a catch-all.
    """

    key: Key
    guid: str | None
    serials: tuple[str, ...]
    links: tuple[Key, ...]
    macs: tuple[str, ...]
    weak: tuple[tuple[Kind, str], ...]
    name: str | None
    is_field: bool
    company: str | None
    company_name: str | None
    live: bool
    unusable: tuple[Unusable, ...]

    def values(self) -> Iterable[tuple[Kind, str]]:
        """Yield every value that may join by itself, strongest kind first."""
        if self.guid:
            yield Kind.BIOS_GUID, self.guid
        for serial in self.serials:
            yield Kind.SERIAL, serial
        for mac in self.macs:
            yield Kind.MAC, mac
        if self.name:
            yield Kind.HOSTNAME, self.name

    @property
    def field_name(self) -> str | None:
        """The hostname, if the hostname field says it."""
        return self.name if self.is_field else None


class Term(NamedTuple):
    """Something a record can be looked up by."""

    kind: str
    value: str


class _Reader:
    """Collects one record's canonical values, and the reasons against the others."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.weak: list[tuple[Kind, str]] = []
        self.unusable: list[Unusable] = []

    def canonical(self, kind: Kind, raw: str) -> str | None:
        """Return the canonical value if it is evidence."""
        try:
            value = NORMALISERS[kind](raw)
        except UnusableValue as error:
            self.unusable.append(Unusable(kind, raw[:100], error.reason))
            return None
        if reason := self._reason(kind, value):
            self.unusable.append(Unusable(kind, value, reason))
            return None
        return value

    def _reason(self, kind: Kind, value: str) -> str | None:
        if value in self.policy.deny.get(kind, ()):
            return "denied by the operator"
        if value in self.policy.allow.get(kind, ()):
            return None
        return REASONS[kind](value)

    def is_weak(self, kind: Kind, value: str) -> bool:
        """Whether the value is kept as weak evidence; if so it is noted."""
        reason = weak_mac_reason(value) if kind is Kind.MAC else weak_serial_reason(value)
        if reason is None or value in self.policy.allow.get(kind, ()):
            return False
        self.weak.append((kind, value))
        return True

    def strong(self, kind: Kind, raws: Iterable[str]) -> list[str]:
        """Return the usable values that may stand alone, each once, in the order written."""
        values = dict.fromkeys(value for raw in raws if (value := self.canonical(kind, raw)) is not None)
        return [value for value in values if not self.is_weak(kind, value)]


def identify(record: Record, policy: Policy) -> Identity:
    """Return what a record says. Its texts may be anything; nothing that cannot be used raises."""
    reader = _Reader(policy)
    raw_serials = _serials(record)
    serials = reader.strong(Kind.SERIAL, raw_serials)
    raw_guid = record.get("bios_guid")
    guid = reader.canonical(Kind.BIOS_GUID, raw_guid) if raw_guid else _guid_of(serials, reader)
    if guid and not raw_serials and (tag := tag_in_guid(guid)):
        serials = reader.strong(Kind.SERIAL, [tag])
    macs = reader.strong(Kind.MAC, _macs(record))
    name, is_field = _name(record, reader)
    return Identity(
        key=Key(record["provider"], record["id"]),
        guid=guid,
        serials=tuple(serials),
        links=tuple(Key(link["provider"], link["id"]) for link in record.get("links", ())),
        macs=tuple(macs),
        weak=tuple(dict.fromkeys(reader.weak)),
        name=name,
        is_field=is_field,
        company=company_of(record, policy),
        company_name=record.get("company"),
        live=is_live(record, policy),
        unusable=tuple(reader.unusable),
    )


def is_live(record: Record, policy: Policy) -> bool:
    """Whether the provider says the box is in use. Never from `last_seen`, or every sync would move devices."""
    status = record.get("status", "")
    return record.get("active", True) and status.strip().casefold() not in policy.retired_statuses


def company_of(record: Record, policy: Policy) -> str | None:
    """Return `provider:company`, by the provider's own id where it has one; None for a catch-all."""
    name = record.get("company", "").strip()
    if name.casefold() in policy.catch_all_companies:
        return None
    own = record.get("company_id", "").strip() or name
    return f"{record['provider']}:{own}" if own else None


def search_terms(record: Record) -> frozenset[Term]:
    """Return everything the record can be found by. Placeholders too: a person may look for who has one."""
    terms = {Term("record", f"{record['provider']}:{record['id']}")}
    if record["provider"] == "cw_manage":
        terms.add(Term("cw_manage_device_id", record["id"]))
    raws = {
        Kind.BIOS_GUID: [record["bios_guid"]] if "bios_guid" in record else [],
        Kind.SERIAL: _serials(record),
        Kind.MAC: _macs(record),
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
    """Return a canonical value in its customary spelling: a GUID with dashes, a MAC with colons."""
    if kind == Kind.BIOS_GUID:
        return dashed(value)
    if kind == Kind.MAC:
        return ":".join(value[i : i + 2] for i in range(0, 12, 2)).upper()
    return value


def _serials(record: Record) -> list[str]:
    serial = record.get("serial")
    return [] if serial is None else [serial] if isinstance(serial, str) else serial


def _macs(record: Record) -> list[str]:
    """The adapters as listed, and the one that a network-boot GUID carries."""
    macs = list(record.get("macs", ()))
    if (guid := record.get("bios_guid")) and (mac := mac_in_guid(_canonical(Kind.BIOS_GUID, guid) or "")):
        macs.append(mac)
    return macs


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
