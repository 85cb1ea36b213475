"""
What a device says about itself beside its identifiers, and what two devices have in common of that.

None of it identifies a box: two people share a desk, and a site shares a gateway. It is what a person would look at to
find the device that a row without identifiers is about. Every reason has a weight that can be read here; they are
set by hand, in the order in which they narrow the devices of a customer down.
"""

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from matching.calibration.company_names import clean
from matching.codes import Code
from matching.model import Record
from matching.results.device_names import DIGITS, SHORTEST_USER, DeviceName, device_name, name_likeness, words_of


class SuggestionReason(Code):
    """Why a device may be the one that a row without identifiers is about; `label` begins a sentence."""

    SAME_USER = "same_user", "same last user", "One person used both last."
    USER_IN_NAME = "user_in_name", "named after its last user", "The name of one holds the name of the other's user."
    SAME_IP = "same_ip", "same IP address", "Both had this address."
    LIKE_NAME = "like_name", "a name like", "Their names have words that are alike, and that few other devices have."
    SAME_GATEWAY = "same_gateway", "same gateway", "Both are at one site."
    SAME_MODEL = "same_model", "same model", "The maker's name of the model is the same."
    SAME_OS = "same_os", "same kind of OS", "Both run it."
    SAME_TYPE = "same_type", "same type", "Both are listed as this."


WEIGHTS: Mapping[SuggestionReason, float] = {
    SuggestionReason.SAME_USER: 40,
    SuggestionReason.USER_IN_NAME: 35,
    SuggestionReason.SAME_IP: 30,
    SuggestionReason.LIKE_NAME: 30,
    SuggestionReason.SAME_GATEWAY: 10,
    SuggestionReason.SAME_MODEL: 8,
    SuggestionReason.SAME_OS: 4,
    SuggestionReason.SAME_TYPE: 2,
}
"""What a reason weighs; a name that is half as like weighs half as much."""

SUPPORTING = frozenset({SuggestionReason.SAME_MODEL, SuggestionReason.SAME_OS, SuggestionReason.SAME_TYPE})
"""Reasons that hold for half the devices of a customer, and suggest nothing by themselves."""

SHARED_USERS = frozenset(
    "admin administrator default defaultuser0 guest localadmin owner root support sysadmin system user users".split()
)
"""Names of users that are on every machine."""

SYSTEMS = (
    ("Windows Server", re.compile(r"\bwin(dows)?\b.*\bserver\b")),
    ("Windows", re.compile(r"\bwin(dows|\d+)?\b")),
    ("macOS", re.compile(r"\bmac ?os\b|\bos ?x\b|\bdarwin\b|\bmacintosh\b")),
    ("Android", re.compile(r"\bandroid\b")),
    ("iOS", re.compile(r"\bios\b|\bipados\b|\biphone os\b")),
    ("Linux", re.compile(r"linux|\b(ubuntu|debian|centos|rhel|red hat|rocky|alma|fedora|suse|proxmox)\b")),
)
"""Kinds of operating systems; the first that a text speaks of is the one."""


class Traits(NamedTuple):
    """What the records of a device say: names, users (folded, without domain), addresses, models, systems, types."""

    names: tuple[DeviceName, ...]
    users: frozenset[str]
    ips: frozenset[str]
    gateways: frozenset[str]
    models: frozenset[str]
    systems: frozenset[str]
    types: frozenset[str]


class Resemblance(NamedTuple):
    """One reason why two devices may be one: what they have in common, and what it weighs."""

    reason: SuggestionReason
    detail: str
    points: float

    @property
    def sentence(self) -> str:
        """`same last user anna`."""
        return f"{self.reason.label} {self.detail}"


def traits_of(records: Iterable[Record]) -> Traits:
    """Return what the records of a device say about it."""
    said = list(records)
    company_words = {word for record in said for word in clean(record.get("company", "")).split()}
    names = dict.fromkeys(text for record in said for field in ("name", "hostname") if (text := record.get(field)))
    return Traits(
        names=tuple(device_name(str(name), company_words) for name in names),
        users=frozenset(user for record in said if (user := _user(record.get("last_user", "")))),
        ips=frozenset(ip for record in said for text in record.get("ips", ()) if (ip := _address(text))),
        gateways=frozenset(ip for record in said if (ip := _address(record.get("default_gateway", "")))),
        models=frozenset(model for record in said if (model := _folded(record.get("model", "")))),
        systems=frozenset(system for record in said if (system := system_of(record))),
        types=frozenset(type_ for record in said if (type_ := _folded(record.get("type", "")))),
    )


def system_of(record: Record) -> str | None:
    """Return the kind of operating system of a record; None where it says none that is known."""
    return _system(f"{record.get('os_type', '')} {record.get('os_info', '')}")


def user_words(user: str) -> list[str]:
    """Return the words of a user's name, and the whole of it: `anna.berg` is anna, berg and annaberg."""
    letters = (word.strip(DIGITS) for word in words_of(user))
    words = [word for word in letters if len(word) >= SHORTEST_USER]
    return [*words, "".join(words)] if len(words) > 1 else words


def resemblances(row: Traits, other: Traits, common: Collection[str] = frozenset()) -> list[Resemblance]:
    """
    Return why a device may be the one that a row is about, the weightiest reason first; empty where nothing says so.

    A Mac is no Windows server, whatever else they have in common. `common` are words of names that many devices have.
    """
    if _contradict(row.systems, other.systems):
        return []
    found = sorted(_found(row, other, common), key=lambda each: -each.points)
    return found if any(each.reason not in SUPPORTING for each in found) else []


def _found(row: Traits, other: Traits, common: Collection[str]) -> Iterator[Resemblance]:
    yield from _shared(SuggestionReason.SAME_USER, row.users, other.users)
    if not row.users & other.users and (user := _named_after(row, other) or _named_after(other, row)):
        yield Resemblance(SuggestionReason.USER_IN_NAME, user, WEIGHTS[SuggestionReason.USER_IN_NAME])
    yield from _shared(SuggestionReason.SAME_IP, row.ips, other.ips)
    yield from _like_name(row, other, common)
    yield from _shared(SuggestionReason.SAME_GATEWAY, row.gateways, other.gateways)
    yield from _shared(SuggestionReason.SAME_MODEL, row.models, other.models)
    yield from _shared(SuggestionReason.SAME_OS, row.systems, other.systems)
    yield from _shared(SuggestionReason.SAME_TYPE, row.types, other.types)


def _shared(reason: SuggestionReason, mine: Set[str], theirs: Set[str]) -> Iterator[Resemblance]:
    if both := mine & theirs:
        yield Resemblance(reason, min(both), WEIGHTS[reason])


def _named_after(named: Traits, used: Traits) -> str | None:
    words = {token for name in named.names for token in name.tokens}
    return min((user for user in used.users if not words.isdisjoint(user_words(user))), default=None)


def _like_name(row: Traits, other: Traits, common: Collection[str]) -> Iterator[Resemblance]:
    reason = SuggestionReason.LIKE_NAME
    pairs = [(name_likeness(mine, theirs, common), theirs.text) for mine in row.names for theirs in other.names]
    alike, text = max(pairs, key=lambda pair: (pair[0], pair[1]), default=(0.0, ""))
    if alike:
        yield Resemblance(reason, text, WEIGHTS[reason] * alike / 100)


def _contradict(mine: Set[str], theirs: Set[str]) -> bool:
    families = [{system.partition(" ")[0] for system in systems} for systems in (mine, theirs)]
    return bool(mine and theirs) and families[0].isdisjoint(families[1])


def _user(text: str) -> str | None:
    """`ACME\\anna` and `anna@acme.com` are anna."""
    name = re.split(r"[\\/]", text.strip().casefold())[-1].partition("@")[0].strip()
    return name if name and name not in SHARED_USERS else None


@lru_cache(maxsize=200_000)
def _address(text: str) -> str | None:
    """The address; None for one that every machine has, or that a machine without a network gives itself."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0].partition("/")[0])
    except ValueError:
        return None
    is_own = address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    return None if is_own else str(address)


@lru_cache(maxsize=10_000)
def _system(text: str) -> str | None:
    return next((system for system, pattern in SYSTEMS if pattern.search(text.casefold())), None)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
