"""
Turn a record into its identity: the usable values of each kind.

An `Identity` holds canonical values only. The values that cannot be used are kept beside them with the reason, so that
an explanation can say why a value did not count.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from matching.errors import UnusableValue
from matching.model import Key, Kind, Record, Suppressed
from matching.policy import Policy
from matching.values.embedded import guid_in_serial, mac_in_guid, tag_in_guid
from matching.values.normalise import NORMALISERS
from matching.values.placeholders import REASONS, WEAK_REASONS


class Identity(NamedTuple):
    """
    What one record says. All values are canonical and usable.

    `weak` values count only beside others that agree. `hostname` comes from the hostname field, or from a display name
    where the field is empty; only one from the field contradicts other hostnames (`has_hostname_field`). `truncated` is
    a hostname of 15 characters that may stand for any of several longer ones and agrees with none of them. `company` is
    the provider's own company, `provider:id` or `provider:name`; None where the record names none or a catch-all.
    A NamedTuple, because there are a million of them.
    """

    key: Key
    guid: str | None
    serials: tuple[str, ...]
    links: tuple[Key, ...]
    macs: tuple[str, ...]
    weak: tuple[tuple[Kind, str], ...]
    hostname: str | None
    has_hostname_field: bool
    truncated: str | None
    company: str | None
    company_name: str | None
    live: bool
    suppressed: tuple[Suppressed, ...]

    def values(self) -> Iterator[tuple[Kind, str]]:
        """Yield every value that may join by itself, strongest kind first."""
        if self.guid:
            yield Kind.BIOS_GUID, self.guid
        for serial in self.serials:
            yield Kind.SERIAL, serial
        for mac in self.macs:
            yield Kind.MAC, mac
        if self.hostname:
            yield Kind.HOSTNAME, self.hostname

    def adapters(self) -> tuple[str, ...]:
        """Return every MAC, weak ones included."""
        return (*self.macs, *(value for kind, value in self.weak if kind is Kind.MAC)) if self.weak else self.macs


class _Reader:
    """Collects one record's canonical values, and the reasons against the others."""

    __slots__ = ("has_lists", "policy", "suppressed", "weak")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.has_lists = bool(policy.allow or policy.deny)
        self.weak: list[tuple[Kind, str]] = []
        self.suppressed: list[Suppressed] = []

    def canonical(self, kind: Kind, raw: str) -> str | None:
        """Return the canonical value if it is usable."""
        try:
            value = NORMALISERS[kind](raw)
        except UnusableValue as error:
            self.suppressed.append(Suppressed(kind, raw[:100], error.reason))
            return None
        reason = REASONS[kind](value)
        if self.has_lists:
            reason = self._listed(kind, value, reason)
        if reason is not None:
            self.suppressed.append(Suppressed(kind, value, reason))
            return None
        return value

    def strong(self, kind: Kind, raws: Sequence[str]) -> tuple[str, ...]:
        """Return the usable values that count by themselves, each once, in the order written; collect the weak ones."""
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
    """Return the identity of a record. Its texts may be anything: an unusable one is suppressed, and nothing raises."""
    reader = _Reader(policy)
    key = Key(record["provider"], record["id"])
    company_and_liveness = company_of(record, policy), record.get("company"), is_live(record, policy)
    if word := _non_device_word(record, policy):
        note = Suppressed(
            "type", record["type"], f"a {word} is no device: its identifiers are of the device it is about"
        )
        return Identity(key, None, (), (), (), (), None, False, None, *company_and_liveness, (note,))
    raw_serials = written_serials(record)
    serials = reader.strong(Kind.SERIAL, raw_serials) if raw_serials else ()
    raw_guid = record.get("bios_guid")
    guid = reader.canonical(Kind.BIOS_GUID, raw_guid) if raw_guid else _guid_of(serials, reader)
    if guid and not raw_serials and (tag := tag_in_guid(guid)):
        serials = reader.strong(Kind.SERIAL, [tag])
    raw_macs = written_macs(record)
    macs = reader.strong(Kind.MAC, raw_macs) if raw_macs else ()
    links = tuple(Key(link["provider"], link["id"]) for link in record["links"]) if "links" in record else ()
    hostname, has_field = _hostname(record, reader)
    weak, suppressed = tuple(reader.weak), tuple(reader.suppressed)
    return Identity(key, guid, serials, links, macs, weak, hostname, has_field, None, *company_and_liveness, suppressed)


def is_live(record: Record, policy: Policy) -> bool:
    """Whether the provider lists the box as in use. `last_seen` plays no part, or every sync would move devices."""
    status = record.get("status")
    return record.get("active", True) and not (status and _is_listed(status, policy.retired_statuses))


def company_of(record: Record, policy: Policy) -> str | None:
    """Return `provider:company`, by the company's id where the provider gives one; None for a catch-all."""
    name = record.get("company", "")
    if _is_listed(name, policy.catch_all_companies):
        return None
    own = record.get("company_id", "").strip() or name.strip()
    return f"{record['provider']}:{own}" if own else None


@lru_cache(maxsize=100_000)  # a million records have few statuses and companies between them
def _is_listed(word: str, words: frozenset[str]) -> bool:
    return word.strip().casefold() in words


def written_serials(record: Record) -> Sequence[str]:
    """Return the serials of a record as written."""
    serial = record.get("serial")
    return () if serial is None else (serial,) if isinstance(serial, str) else serial


def written_macs(record: Record) -> Sequence[str]:
    """Return the MACs of a record as written, and the one that a network-boot GUID carries."""
    raw_guid = record.get("bios_guid")
    macs = record.get("macs", ())
    if raw_guid and raw_guid.lstrip(" {").startswith("0000"):
        booted_by = mac_in_guid(canonical(Kind.BIOS_GUID, raw_guid) or "")
        return [*macs, booted_by] if booted_by else macs
    return macs


def _non_device_word(record: Record, policy: Policy) -> str | None:
    """Return the word in a record's type that makes it no device, or None."""
    return _first_word(record["type"], policy.non_device_types) if "type" in record else None


@lru_cache(maxsize=10_000)  # a million records have few types between them
def _first_word(type_: str, words: frozenset[str]) -> str | None:
    return next((word for word in re.findall(r"[^\W_]+", type_.casefold()) if word in words), None)


def _guid_of(serials: Iterable[str], reader: _Reader) -> str | None:
    return next(
        (reader.canonical(Kind.BIOS_GUID, guid) for serial in serials if (guid := guid_in_serial(serial))), None
    )


def _hostname(record: Record, reader: _Reader) -> tuple[str | None, bool]:
    if (hostname := record.get("hostname")) and (label := reader.canonical(Kind.HOSTNAME, hostname)):
        return label, True
    if (name := record.get("name")) and (label := reader.canonical(Kind.HOSTNAME, name)):
        return label, False
    return None, False


def canonical(kind: Kind, raw: str) -> str | None:
    """Return the canonical form of a text, even of a placeholder; None if it has none."""
    try:
        return NORMALISERS[kind](raw)
    except UnusableValue:
        return None
