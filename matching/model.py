"""The nouns: what comes in (records), what goes out (devices), and what people decide between them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Required, Self, TypedDict

from matching.errors import BadKey


class Kind(StrEnum):
    """The kinds of evidence, in order of rank: an earlier one outweighs every later one."""

    BIOS_GUID = "bios_guid"
    SERIAL = "serial"
    LINK = "link"
    MAC = "mac"
    HOSTNAME = "hostname"

    __hash__ = str.__hash__  # the enumeration's own is a Python function, and every index asks for it


class Key(NamedTuple):
    """A record's key: who lists it, and under which id. Written `provider:id`."""

    provider: str
    id: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `provider:id`; the id may hold colons, the provider may not.

        Raises:
            BadKey: No colon, or nothing on one side of it.
        """
        provider, colon, record_id = text.strip().partition(":")
        if not (colon and provider and record_id):
            raise BadKey(text)
        return cls(provider, record_id)


class Link(TypedDict):
    """A provider's own word that its record is another provider's record."""

    provider: str
    id: str


class Record(TypedDict, total=False):
    """
    One provider's row, values as written; the feed record of the NDJSON files.

    Only `provider` and `id` are required. Fields beyond these are kept by whoever stores
    the record and ignored here. `last_seen` is RFC 3339. `serial` may be a list where a
    provider has several serial fields.
    """

    provider: Required[str]
    id: Required[str]
    company_id: str
    company: str
    name: str
    hostname: str
    type: str
    bios_guid: str
    serial: str | list[str]
    macs: list[str]
    ips: list[str]
    default_gateway: str
    os_type: str
    os_info: str
    manufacturer: str
    model: str
    tag_number: str
    device_identifier: str
    links: list[Link]
    last_user: str
    last_seen: str
    active: bool
    status: str


def key_of(record: Record) -> Key:
    """Return the key under which a record is known."""
    return Key(record["provider"], record["id"])


class Unusable(NamedTuple):
    """A value that is no evidence, and why: malformed, placeholder, over-shared, set aside."""

    kind: str
    value: str
    reason: str


class Verdict(StrEnum):
    """What a person may decide about two records."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's lasting word on two records; `at` is RFC 3339."""

    verdict: Verdict
    left: Key
    right: Key
    by: str = ""
    why: str = ""
    at: str = ""


class Provenance(NamedTuple):
    """
    Where a golden value came from: the record, when that record was last seen, and the rule that chose it.

    `others` are the values that lost, each with the key of a record that carries it. A tuple, because a device has a
    dozen.
    """

    provider: str
    record_id: str
    last_seen: str | None
    rule: str
    others: tuple[tuple[str, str], ...] = ()


Value = str | int | bool | list[str] | list[int]


@dataclass(frozen=True, slots=True)
class GoldenRecord:
    """A device's face: one value a field, and where each came from. Absent fields are absent."""

    values: dict[str, Value]
    provenance: dict[str, Provenance]


@dataclass(frozen=True, slots=True)
class Device:
    """What records resolve to. `keys` are sorted; the first one names the device within a run."""

    keys: tuple[Key, ...]
    golden: GoldenRecord


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One piece of evidence between two records: a kind, the canonical value, what each side wrote.

    `outcome` is `agree` or `disagree`; `note` says what a reader should know about this value
    (byte-swapped, from a VMware serial, over-shared and therefore not counted, ...).
    """

    kind: Kind
    outcome: str
    value: str
    left: Key
    right: Key
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """A question for a person: two groups of records that share evidence, and why the rules do not settle it."""

    reason: str
    sentence: str
    left: tuple[Key, ...]
    right: tuple[Key, ...]
    evidence_for: tuple[Claim, ...]
    evidence_against: tuple[Claim, ...]
    worth: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why two records are one device, or why not.

    `path` is a chain of accepted evidence from left to right (when they are one device), `against`
    the evidence or rule that keeps them apart (when they are not), `steps` how the device or devices
    were built, in order, and `would_change` what would turn the answer round.
    """

    left: Key
    right: Key
    same: bool
    sentence: str
    path: tuple[Claim, ...] = ()
    shared: tuple[Claim, ...] = ()
    against: tuple[Claim, ...] = ()
    steps: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedValue:
    """A value on several boxes, and therefore no evidence; `holders` are the records that carry it."""

    kind: Kind
    value: str
    reason: str
    holders: tuple[Key, ...] = field(default=())
