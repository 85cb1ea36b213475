"""Search: what a typed text may mean, and the devices that hold it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

import orjson
from sqlalchemy import Connection

from matching.codes import Code
from matching.evidence.identity import listed_reason
from matching.evidence.search import SearchTerm, search_candidates, search_terms
from matching.model import Kind, Record
from matching.policy import Policy
from matching.values.spelling import shown
from service.core.errors import BadRequest
from service.store.access.visibility import Visibility
from service.store.indexes import identifiers
from service.store.indexes.identifiers import TermHolder, TermHolders


class LookupKind(Code):
    """What an identifier can be said to be."""

    BIOS_GUID = "bios_guid", Kind.BIOS_GUID.label, Kind.BIOS_GUID.sentence
    SERIAL = "serial", Kind.SERIAL.label, Kind.SERIAL.sentence
    MAC = "mac", Kind.MAC.label, Kind.MAC.sentence
    HOSTNAME = "hostname", Kind.HOSTNAME.label, Kind.HOSTNAME.sentence
    CW_MANAGE_DEVICE_ID = "cw_manage_device_id", "ConnectWise id", "The id of a configuration in ConnectWise Manage."
    DEVICE_IDENTIFIER = "device_identifier", "device identifier", "The device identifier of a configuration."
    TAG_NUMBER = "tag_number", "tag", "The asset tag on the box."
    IP = "ip", "IP", "An IP address of the box."
    RECORD = "record", "record", "A provider's record, as provider:id."
    NAME = "name", "name", "The name under which a provider lists the box."


@dataclass(frozen=True)
class IdentifierQuery:
    """An identifier in any notation, and the one kind that it is looked up as; None: all that it may be."""

    identifier: str
    kind: LookupKind | None = None

    def terms(self) -> tuple[SearchTerm, ...]:
        """Return what it may mean, the likeliest first. Raises: BadRequest, for a blank."""
        if not self.identifier.strip():
            raise BadRequest("there is no identifier to look up")
        return tuple(term for term in search_candidates(self.identifier) if self.kind in {None, term.kind})


@dataclass(frozen=True)
class Meaning:
    """
    One thing that an identifier may mean: its kind, its canonical value as people write it, and who holds it.

    `devices` counts devices, no further than the search went. `suppressed` is the reason why the value is no evidence.
    """

    kind: LookupKind
    value: str
    devices: int
    suppressed: str | None


@dataclass(frozen=True)
class Found:
    """
    The devices that hold an identifier: the ids of the first ones, those of the likeliest meaning first.

    `total` counts all of them, or where it is not exact, at least as many as there are.
    """

    meanings: Sequence[Meaning]
    device_ids: Sequence[str]
    total: int
    is_exact: bool

    @property
    def is_cut(self) -> bool:
        """Whether there are more devices than these."""
        return self.total > len(self.device_ids) or not self.is_exact


def search(  # noqa: PLR0913, PLR0917 - what to look for, where, and how far
    connection: Connection,
    policy: Policy,
    question: IdentifierQuery,
    most: int,
    most_holders: int,
    visibility: Visibility | None = None,
) -> Found:
    """
    Return at most `most` devices that hold an identifier; at most `most_holders` of its records are looked at.

    Args:
        visibility: Which records are looked at; None: all.

    Raises:
        BadRequest: Nothing to look for.
    """
    terms = question.terms()
    return _found(terms, identifiers.holders(connection, terms, most_holders, visibility), policy, most)


def search_many(
    connection: Connection, policy: Policy, questions: Sequence[IdentifierQuery], most: int, most_holders: int
) -> list[Found]:
    """Return the answers to many questions, each as `search` gives it; they are asked together where few hold them."""
    asked = [question.terms() for question in questions]
    distinct = list(dict.fromkeys(term for terms in asked for term in terms))
    together = identifiers.holders(connection, distinct, most_holders)
    if together.is_cut:
        return [search(connection, policy, question, most, most_holders) for question in questions]
    by_term: dict[SearchTerm, list[TermHolder]] = {}
    for holder in together.records:
        by_term.setdefault(distinct[holder.place], []).append(holder)
    return [_found(terms, _own(terms, by_term), policy, most) for terms in asked]


def says(payload: str, terms: Collection[SearchTerm]) -> bool:
    """Whether a stored record says one of these, and not only something with the same checksum."""
    return not search_terms(cast("Record", orjson.loads(payload))).isdisjoint(terms)


def _own(terms: Sequence[SearchTerm], by_term: dict[SearchTerm, list[TermHolder]]) -> TermHolders:
    own = [holder._replace(place=place) for place, term in enumerate(terms) for holder in by_term.get(term, ())]
    return TermHolders(own, is_cut=False)


def _found(terms: Sequence[SearchTerm], holders: TermHolders, policy: Policy, most: int) -> Found:
    """Those that are returned say it themselves; the rest is counted by the index alone."""
    by_device: dict[str, list[TermHolder]] = {}
    for holder in holders.records:
        by_device.setdefault(holder.device_id, []).append(holder)
    wrong = {
        device_id
        for device_id, own in islice(by_device.items(), most)
        if not any(says(holder.payload, terms) for holder in own)
    }
    right = [device_id for device_id in by_device if device_id not in wrong]
    records = [holder for holder in holders.records if holder.device_id not in wrong]
    meanings = [_meaning(term, [each for each in records if each.place == n], policy) for n, term in enumerate(terms)]
    return Found(meanings, right[: most - len(wrong)], len(right), not holders.is_cut)


def _meaning(term: SearchTerm, holders: Sequence[TermHolder], policy: Policy) -> Meaning:
    devices = len({holder.device_id for holder in holders})
    return Meaning(LookupKind(term.kind), shown(term.kind, term.value), devices, _suppressed(term, holders, policy))


def _suppressed(term: SearchTerm, holders: Iterable[TermHolder], policy: Policy) -> str | None:
    """Why a value is no evidence: for whoever says it, or for all of those that do."""
    if reason := listed_reason(term.kind, term.value, policy):
        return reason
    found = None
    for holder in holders:
        notes = json.loads(holder.suppressed) if holder.suppressed != "[]" else ()
        own = (note["reason"] for note in notes if (note["kind"], note["value"]) == (term.kind, term.value))
        found = next(own, None)
        if found is None:
            return None
    return found
