"""The data model: records (the input), devices (the output), and the decisions of people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Required, Self, TypedDict

from matching.codes import Code
from matching.errors import BadKey


class Kind(Code):
    """The kinds of evidence, in order of rank: an earlier one outweighs every later one."""

    BIOS_GUID = "bios_guid", "BIOS GUID", "The system UUID that the firmware reports, in either byte order."
    SERIAL = "serial", "serial", "The serial number of the box."
    LINK = "link", "link", "A provider names another provider's record."
    MAC = "mac", "MAC", "The address of a network adapter."
    HOSTNAME = "hostname", "hostname", "The first label of the name under which the machine runs."


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


class Suppressed(NamedTuple):
    """
    A value that is no evidence, and why: malformed, a placeholder, over-shared, or of a field that is not trusted.

    `kind` is a kind of evidence, or the field that could not be read.
    """

    kind: str
    value: str
    reason: str


MOST_NOTES = 256
"""Unusable values of one record that are noted one by one."""


def bounded(notes: Sequence[Suppressed]) -> tuple[Suppressed, ...]:
    """Return the notes on one record's values; of more than `MOST_NOTES` the rest is one note with their number."""
    if len(notes) <= MOST_NOTES:
        return tuple(notes)
    rest = notes[MOST_NOTES - 1 :]
    more = Suppressed(rest[0].kind, f"{len(rest)} more values", "they cannot be used either")
    return (*notes[: MOST_NOTES - 1], more)


class Verdict(Code):
    """What a person may decide about two records."""

    SAME = "same", "same box", "Both records are one box."
    DIFFERENT = "different", "different boxes", "The two records are two boxes."


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
    Where a golden value came from: the record, when that was last seen (RFC 3339, UTC), and the rule that chose it.

    `others` are the values that lost, each with the key of a record that carries it. A NamedTuple, because a device has
    a dozen of these and a dataclass takes longer to make.
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


class ClaimOutcome(Code):
    """What two records say to each other about one value."""

    AGREE = "agree", "agree", "Both records carry the value."
    DISAGREE = "disagree", "disagree", "The records carry values that one box cannot have together."
    NOT_COUNTED = "not_counted", "not counted", "Both records carry the value, and it is suppressed."


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One piece of evidence between two records: a kind, the value as it is written for people, who says so.

    `kind` is None where a person's decision takes the place of evidence. `note` says what a reader should know about
    the value: byte-swapped, read out of a VMware serial, the reason why it is suppressed.
    """

    kind: Kind | None
    outcome: ClaimOutcome
    value: str
    left: Key
    right: Key
    note: str = ""

    @property
    def text(self) -> str:
        """Return the kind and the value, for people: `serial 5CG1234ABC`."""
        return f"{self.kind.label} {self.value}" if self.kind else self.value


class ReviewReason(Code):
    """Why the rules leave a pair of groups to a person."""

    AMBIGUOUS = (
        "ambiguous",
        "ambiguous",
        "The groups share a value with others that must not join, so which of them belong together would be chance.",
    )
    MAINBOARD_REPLACED = (
        "mainboard_replaced",
        "mainboard replaced?",
        "The serials agree and the BIOS GUIDs differ, as after a new mainboard.",
    )
    CLONE = (
        "clone",
        "clone?",
        "The groups share a BIOS GUID or a serial under different names and adapters, as clones do.",
    )
    SERIAL_ACROSS_COMPANIES = (
        "serial_across_companies",
        "serial across companies",
        "The serials agree, and the records belong to different companies.",
    )
    UNTRUSTED_ACROSS_CUSTOMERS = (
        "untrusted_across_customers",
        "copied from another customer?",
        "A BIOS GUID or a link agrees across two customers, and one provider is not trusted to say so.",
    )
    MAC_ACROSS_HOSTNAMES = (
        "mac_across_hostnames",
        "one MAC, two hostnames",
        "The groups share a MAC and their hostnames differ: a renamed box, or a dock that travelled.",
    )
    LINK_DISPUTED = (
        "link_disputed",
        "link disputed",
        "One provider names the other's record, and BIOS GUID or serial say that they are two boxes.",
    )
    NAME_REUSED = (
        "name_reused",
        "name re-used?",
        "The hostnames agree, and adapters or retirement say that the name may have been given to another box.",
    )
    SERIAL_MISTYPED = (
        "serial_mistyped",
        "mistyped serial?",
        "The hostnames agree, and the serials differ by one typing error.",
    )
    TWO_WEAKER_KINDS = (
        "two_weaker_kinds",
        "MAC and hostname agree",
        "A MAC and the hostname agree inside one customer, and BIOS GUID or serial differ: a VM with a new UUID, an "
        "agent that reads the board's serial, or a repair.",
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    The answer to a review that the evidence suggests, and how likely it is right (0.5 to 1).

    `sentence` gives the answer, how sure it is, and the evidence that tipped it.
    """

    verdict: Verdict
    certainty: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Review:
    """
    A question for a person: two groups of records that share evidence, and why the rules leave it open.

    `grounds` are all reasons to ask, the weightiest first. `waiting` are further records of which the same is to be
    asked, once this is answered; mostly the answer decides about them too.
    """

    grounds: tuple[ReviewReason, ...]
    sentence: str
    left: tuple[Key, ...]
    right: tuple[Key, ...]
    evidence_for: tuple[Claim, ...]
    evidence_against: tuple[Claim, ...]
    worth: float
    proposal: Proposal
    waiting: tuple[Key, ...] = ()

    @property
    def reason(self) -> ReviewReason:
        """Return the weightiest ground."""
        return self.grounds[0]


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why two records are one device, or why not.

    `path` leads from left to right by accepted evidence (when they are one device), `against` is the evidence that
    keeps them apart, or that was outweighed when they are one device, `steps` are the joins that built the device or
    devices, in order, and `would_change` says what would change the answer.
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
