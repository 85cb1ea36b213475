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
from matching.evidence.derived import (
    BOARD,
    BOARD_MARKS,
    SHORTEST_WITH_GUID,
    Derived,
    board_serials_of,
    guids_of,
    macs_of,
    serials_of,
)
from matching.model import Key, Kind, Record, Suppressed, bounded
from matching.policy import Policy
from matching.values.embedded import guid_in_serial, guid_may_carry, is_serial_in_guid
from matching.values.firmware_texts import wordy_reason
from matching.values.mac_lists import split_macs
from matching.values.normalise import NORMALISERS
from matching.values.placeholders import DAMAGED, REASONS, WEAK_REASONS

MOST_VALUES = 256
"""Distinct values of a kind that count as evidence of one record: no box has as many serials or adapters."""

OWN_NAME = "the record's own manufacturer or model"

WRITTEN = frozenset((OWN_NAME, DAMAGED))
"""Reasons for which a serial is suppressed although the maker may have written one: it is no placeholder."""

BEYOND = f"only the first {MOST_VALUES} of a record count, in order"
"""The reason for which the other values are suppressed."""

COPIED = "the record's own field says another: a copied GUID, or a new board?"
"""What a person should know about a value inside another one that differs from the record's own."""


class Identity(NamedTuple):
    """
    What one record says. All values are canonical and usable.

    `weak` values count only beside others that agree. `hostname` comes from the hostname field, or from a display name
    where the field is empty; only one from the field contradicts other hostnames (`has_hostname_field`). `truncated` is
    a hostname of 15 characters that may stand for any of several longer ones and agrees with none of them. `company` is
    the provider's own company, `provider:id` or `provider:name`; None where the record names none or a catch-all.
    `derived` values stand in for fields that are empty: they join, and contradict nothing. `shared_adapters` are
    over-shared MACs of a virtual machine: they join nobody, and say which adapters the machine has.
    `has_placeholder_serial` says that the field of the serial holds a placeholder, and no value gives a serial.
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
    derived: tuple[Derived, ...] = ()
    shared_adapters: tuple[str, ...] = ()
    has_placeholder_serial: bool = False

    def values(self) -> Iterator[tuple[Kind, str]]:
        """Yield every value that may join by itself: the record's own, strongest kind first, then the derived ones."""
        if self.guid:
            yield Kind.BIOS_GUID, self.guid
        for serial in self.serials:
            yield Kind.SERIAL, serial
        for mac in self.macs:
            yield Kind.MAC, mac
        if self.hostname:
            yield Kind.HOSTNAME, self.hostname
        for derived in self.derived:
            yield derived.kind, derived.value

    def derived_values(self, kind: Kind) -> tuple[str, ...]:
        """Return the derived values of a kind, the likeliest first."""
        return tuple(derived.value for derived in self.derived if derived.kind is kind)

    def adapters(self) -> tuple[str, ...]:
        """Return every MAC of the record's own, weak ones and those of a virtual machine that are shared included."""
        if not (self.weak or self.shared_adapters):
            return self.macs
        return (*self.macs, *(value for kind, value in self.weak if kind is Kind.MAC), *self.shared_adapters)


class _Reader:
    """Collects one record's canonical values, and the reasons against the others."""

    __slots__ = ("has_lists", "has_placeholder_serial", "names", "policy", "suppressed", "weak")

    def __init__(self, policy: Policy, names: frozenset[str]) -> None:
        self.policy = policy
        self.names = names
        self.has_lists = bool(policy.allow or policy.deny)
        self.has_placeholder_serial = False
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
        if reason is None and kind is Kind.SERIAL:
            reason = OWN_NAME if value in self.names else None if raw.isalnum() else wordy_reason(raw)
        if self.has_lists:
            reason = self._listed(kind, value, reason)
        if reason is not None:
            self.has_placeholder_serial |= kind is Kind.SERIAL and reason not in WRITTEN
            self.suppressed.append(Suppressed(kind, value, reason))
            return None
        return value

    def strong(self, kind: Kind, raws: Iterable[str]) -> tuple[str, ...]:
        """Return the usable values that count by themselves, each once, in the order written; collect the weak ones."""
        found = {value: None for raw in raws if (value := self.canonical(kind, raw)) is not None}
        if len(found) > MOST_VALUES:
            self.suppressed.append(Suppressed(kind, f"{len(found) - MOST_VALUES} more values", BEYOND))
            found = dict.fromkeys(sorted(found)[:MOST_VALUES])
        weak_reason = WEAK_REASONS[kind]
        weak = [value for value in found if weak_reason(value) and value not in self.policy.allow.get(kind, ())]
        if not weak:
            return tuple(found)
        self.weak += [(kind, value) for value in weak]
        return tuple(value for value in found if value not in set(weak))

    def is_weak(self, kind: Kind, value: str) -> bool:
        """Whether a usable value counts only beside another kind that agrees."""
        test = WEAK_REASONS.get(kind)
        return test is not None and test(value) is not None and value not in self.policy.allow.get(kind, ())

    def weak_values(self, kind: Kind) -> list[str]:
        """Return the weak values of a kind that were found so far."""
        return [value for of, value in self.weak if of is kind]

    def derived(self, own: Sequence[str], found: Iterable[Derived]) -> list[Derived]:
        """Return the usable ones of some derived values of one kind; where the record has its own, note the others."""
        candidates = list(found)
        if own and any(each.value in own for each in candidates):
            return []
        usable = [
            each
            for each in candidates
            if self.reason(each.kind, each.value) is None and not self.is_weak(each.kind, each.value)
        ]
        if own and usable:
            first = usable[0]
            self.suppressed.append(Suppressed(first.kind, first.value, f"{first.note}; {COPIED}"))
        return [] if own else usable

    def reason(self, kind: Kind, value: str) -> str | None:
        """Return why a canonical value identifies nothing, or None."""
        reason = OWN_NAME if kind is Kind.SERIAL and value in self.names else REASONS[kind](value)
        return self._listed(kind, value, reason) if self.has_lists else reason

    def _listed(self, kind: Kind, value: str, reason: str | None) -> str | None:
        if value in self.policy.deny.get(kind, ()):
            return "denied by the operator"
        return None if value in self.policy.allow.get(kind, ()) else reason


def listed_reason(kind: str, value: str, policy: Policy) -> str | None:
    """Return why a canonical value is no evidence, whoever says it: a placeholder, or denied by the operator."""
    if kind not in REASONS:
        return None
    reader = _Reader(policy, frozenset())
    return reader.reason(Kind(kind), value)


def identify(record: Record, policy: Policy) -> Identity:
    """Return the identity of a record. Its texts may be anything: an unusable one is suppressed, and nothing raises."""
    key = Key(record["provider"], record["id"])
    company_and_liveness = company_of(record, policy), record.get("company"), is_live(record, policy)
    if word := _non_device_word(record, policy):
        note = Suppressed(
            "type", record["type"], f"a {word} is no device: its identifiers are of the device it is about"
        )
        return Identity(key, None, (), (), (), (), None, False, None, *company_and_liveness, (note,))
    raw_serials = written_serials(record)
    reader = _Reader(policy, own_names(record.get("manufacturer"), record.get("model")) if raw_serials else frozenset())
    serials = reader.strong(Kind.SERIAL, raw_serials) if raw_serials else ()
    raw_guid = record.get("bios_guid")
    guid = reader.canonical(Kind.BIOS_GUID, raw_guid) if raw_guid else None
    macs = reader.strong(Kind.MAC, written_macs(record)) if "macs" in record else ()
    derived: tuple[Derived, ...] = ()
    if _may_carry(raw_guid, guid, serials):
        serials, derived = _derive(reader, raw_guid, guid, serials, macs)
    links = _links(record, reader) if "links" in record else ()
    hostname, has_field = _hostname(record, reader)
    weak, suppressed = tuple(reader.weak), bounded(reader.suppressed)
    rest = *company_and_liveness, suppressed, derived
    return Identity(
        *(key, guid, serials, links, macs, weak, hostname, has_field, None, *rest),
        has_placeholder_serial=reader.has_placeholder_serial
        and not (serials or reader.weak_values(Kind.SERIAL) or any(each.kind is Kind.SERIAL for each in derived)),
    )


def _may_carry(raw_guid: str | None, guid: str | None, serials: tuple[str, ...]) -> bool:
    """Whether a value may hold one that the record does not give itself; false for most records."""
    for serial in serials:
        if serial[0] in BOARD_MARKS or (len(serial) >= SHORTEST_WITH_GUID and _carries_another(serial, guid)):
            return True
    if guid is None:
        return raw_guid is not None
    return guid_may_carry(guid) and not (serials and is_serial_in_guid(serials[0], guid))


def _carries_another(serial: str, guid: str | None) -> bool:
    inside = guid_in_serial(serial)
    return inside is not None and inside.value != guid


def _derive(
    reader: _Reader, raw_guid: str | None, guid: str | None, serials: tuple[str, ...], macs: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Derived, ...]]:
    """The serials that are the box's own, and what stands in for empty fields."""
    found: list[Derived] = []
    if any(serial[0] in BOARD_MARKS for serial in serials):
        found = [derived for serial in serials for derived in board_serials_of(serial)]
        boards = {derived.value for derived in found if derived.note == BOARD}
        serials = tuple(serial for serial in serials if serial not in boards)
        found = [derived for derived in found if derived.value not in serials]
    if any(len(serial) >= SHORTEST_WITH_GUID for serial in serials):
        inside = reader.derived((guid,) if guid else (), guids_of(serials))
        if len({derived.value for derived in inside}) == 1:  # of two which is the box's would be a guess
            found.append(inside[0])
    key = guid or (canonical(Kind.BIOS_GUID, raw_guid) if raw_guid else None)
    if key:
        own_serials = (*serials, *reader.weak_values(Kind.SERIAL), *_tags(found))
        if guid and (inside := list(serials_of(guid))):
            found += reader.derived(own_serials, inside)
        if inside := list(macs_of(key, (Kind.BIOS_GUID, guid) if guid else None)):
            found += reader.derived((*macs, *reader.weak_values(Kind.MAC)), inside)
    return serials, tuple(found)


def _tags(found: Iterable[Derived]) -> list[str]:
    return [derived.value for derived in found if derived.kind is Kind.SERIAL and derived.note != BOARD]


def _links(record: Record, reader: _Reader) -> tuple[Key, ...]:
    links = tuple(Key(link["provider"], link["id"]) for link in record["links"])
    if len(links) <= MOST_VALUES or len(distinct := set(links)) <= MOST_VALUES:
        return links
    reader.suppressed.append(Suppressed(Kind.LINK, f"{len(distinct) - MOST_VALUES} more links", BEYOND))
    return tuple(sorted(distinct)[:MOST_VALUES])


@lru_cache(maxsize=100_000)  # a million records have few models between them
def own_names(manufacturer: str | None, model: str | None) -> frozenset[str]:
    """Return the canonical forms in which a manufacturer and a model may stand in the field of the serial."""
    maker, product = (canonical(Kind.SERIAL, name) or "" if name else "" for name in (manufacturer, model))
    return frozenset({maker, product, maker + product}) - {""}


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
    """Return the MACs of a record as written; a text that lists several is split."""
    macs = record.get("macs", ())
    for text in macs:
        if not ((len(text) == 17 and text[2] in ":-") or (len(text) == 12 and text.isalnum())):
            return [mac for text in macs for mac in split_macs(text)]
    return macs  # nearly every text holds one address in one of these spellings


def _non_device_word(record: Record, policy: Policy) -> str | None:
    """Return the word in a record's type that makes it no device, or None."""
    return _first_word(record["type"], policy.non_device_types) if "type" in record else None


@lru_cache(maxsize=10_000)  # a million records have few types between them
def _first_word(type_: str, words: frozenset[str]) -> str | None:
    return next((word for word in re.findall(r"[^\W_]+", type_.casefold()) if word in words), None)


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
