"""
A shard: resolved records that share no blocking key with records outside it, and what is stored about them.

A change of a record loads the shard around it, which is as much as the change can reach, and no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from matching.calibration.calibrate import Calibration
from matching.clustering.blocking import BlockingKey, link_key
from matching.clustering.partition import partition
from matching.evidence.identity import identify
from matching.model import Decision, Key, Verdict
from matching.policy import Policy
from matching.results.resolution import Resolution
from service.store.database.postings import unpacked
from service.store.indexes import blocking_keys
from service.store.ingested import records
from service.store.ingested.records import StoredRecord
from service.store.resolved import devices
from service.store.resolved.devices import Devices, Membership
from service.store.stewardship import decisions


@dataclass(frozen=True)
class Shard:
    """
    Records that are resolved apart from all others, and what is stored about them.

    `keys` also name records that are gone, `stored` are those that are there, `before` is every device that has or had
    one of the records.
    """

    keys: frozenset[Key]
    resolution: Resolution
    stored: Mapping[Key, StoredRecord]
    before: Devices


def load_shard(
    connection: Connection,
    keys: Iterable[Key],
    policy: Policy,
    calibration: Calibration,
    removed: Iterable[BlockingKey] = (),
) -> Shard:
    """
    Return the shard around some records: whom they met when they were stored, and whom they meet now.

    Args:
        removed: Blocking keys of records that are gone; who else has them may fall apart.

    Raises:
        BadDecision: Two decisions about the records contradict each other.
    """
    gathering = _Gathering(connection, removed)
    gathering.add(keys)
    gathering.add_holders()
    while True:
        found = {key: each.record for key, each in gathering.stored.items()}
        identities = (identify(record, policy) for record in found.values())
        resolution = Resolution(found, partition(identities, policy, list(gathering.decisions), calibration))
        if not gathering.add_met_by(resolution):
            before = devices.of(connection, gathering.members)
            return Shard(frozenset(gathering.keys), resolution, gathering.stored, before)


def connected(connection: Connection, keys: Iterable[Key]) -> set[Key]:
    """Return all records that hang together with some, by what is stored and without resolving them."""
    gathering = _Gathering(connection)
    gathering.add(keys)
    gathering.add_holders()
    return gathering.keys


class _Gathering:
    """The records found so far, with what is stored about them; grows until nothing hangs together with it."""

    def __init__(self, connection: Connection, wanted: Iterable[BlockingKey] = ()) -> None:
        self._connection = connection
        self._wanted = set(wanted)
        self._asked: set[BlockingKey] = set()
        self.keys: set[Key] = set()
        self.stored: dict[Key, StoredRecord] = {}
        self.members: dict[Key, Membership] = {}
        self.decisions: dict[Decision, None] = {}

    def add(self, keys: Iterable[Key]) -> None:
        """Take in records, the other members of their devices, and whom decisions *same* bind to them."""
        new, added = set(keys) - self.keys, set[Key]()
        while new:
            new |= self._add_members(new) - self.keys
            self.keys |= new
            added |= new
            new = self._add_decisions(new) - self.keys
        self.stored |= records.read(self._connection, added.difference(self.stored))
        for key in added:
            if key in self.members:
                self._wanted |= unpacked(self.members[key].blocking_keys)
            elif key in self.stored:  # records may have linked to it before it came
                self._wanted.add(link_key(key))

    def add_holders(self) -> None:
        """Take in the records that share a stored blocking key with one that is in, directly or through others."""
        while found := self._holders() - self.keys:
            self.add(found)

    def add_met_by(self, resolution: Resolution) -> bool:
        """Take in the records that share a blocking key with one that is in as it is now; return whether any does."""
        before = len(self.keys)
        self._wanted.update(*resolution.blocking_keys.values())
        links = {link for identity in resolution.partition.identities for link in identity.links}
        self.add(records.read(self._connection, links - self.keys))
        self.add_holders()
        return len(self.keys) > before

    def _holders(self) -> set[Key]:
        new = self._wanted - self._asked
        if not new:
            return set()
        self._asked |= new
        return blocking_keys.holders(self._connection, new, {each.number for each in self.stored.values()})

    def _add_members(self, keys: set[Key]) -> set[Key]:
        found = devices.fellow_members(self._connection, keys.difference(self.members))
        self.members |= found.members
        self.stored |= found.stored
        return set(found.members)

    def _add_decisions(self, keys: set[Key]) -> set[Key]:
        """The other ends of decisions *same*; a record that is gone still passes on what binds others through it."""
        found = decisions.about(self._connection, keys)
        self.decisions |= dict.fromkeys(found)
        return {key for each in found if each.verdict is Verdict.SAME for key in (each.left, each.right)}
