"""Some records with everything that hangs together with them, resolved: as much as a change needs, and no more."""

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
from service.store import blocking_keys, decisions, devices, records
from service.store.devices import Devices, Membership
from service.store.postings import unpacked
from service.store.records import StoredRecord

FEW = 8
"""
Records up to which it is asked once whom they met and whom they meet now, and beyond which both in turn.

Whoever is found so late has them resolved again. In the made-up fleet that is so for one device in eight.
"""


@dataclass(frozen=True)
class Part:
    """
    Records that hang together with none outside, resolved, and what is stored about them.

    `keys` also name records that are gone, `stored` are those that are there, `before` is every device that has or
    had one of the records, `reviewed` are those that there may be reviews about.
    """

    keys: frozenset[Key]
    resolution: Resolution
    stored: Mapping[Key, StoredRecord]
    before: Devices
    reviewed: frozenset[Key]


class _Gathered:
    """The records found so far, with what is stored about them; grows until nothing hangs together with it."""

    def __init__(self, connection: Connection, wanted: Iterable[BlockingKey] = ()) -> None:
        self._connection = connection
        self._wanted = set(wanted)
        self._asked: set[BlockingKey] = set()
        self.keys: set[Key] = set()
        self.stored: dict[Key, StoredRecord] = {}
        self.members: dict[Key, Membership] = {}
        self.reviewed: set[Key] = set()
        self.decisions: dict[Decision, None] = {}
        self._undecided: set[Key] = set()

    def add(self, keys: Iterable[Key]) -> None:
        """Take records in, and all that stored memberships and decisions tie to them."""
        fresh, taken = set(keys) - self.keys, set[Key]()
        while fresh:
            fresh |= self._mates(fresh) - self.keys
            self.keys |= fresh
            taken |= fresh
            fresh = self._bound(fresh) - self.keys
        self.stored |= records.read(self._connection, taken.difference(self.stored))
        for key in taken:
            if key in self.members:
                self._wanted |= unpacked(self.members[key].blocking_keys)
            elif key in self.stored:  # who linked to it before it was there; who does so later shares a joint with it
                self._wanted.add(link_key(key))

    def meet(self) -> None:
        """Take in whoever has a joint that one of the records had when it was stored, and so on."""
        while found := self._holders() - self.keys:
            self.add(found)

    def follow(self, resolution: Resolution) -> bool:
        """
        Take in whom the records meet, as they were and as they are now; return whether there was anybody.

        Both are asked at once, unless `meet` asked before.
        """
        before = len(self.keys)
        self._wanted.update(*resolution.blocking_keys.values())
        links = {link for identity in resolution.partition.identities for link in identity.links}
        self.add(records.read(self._connection, links - self.keys))
        self.meet()
        return len(self.keys) > before

    def _holders(self) -> set[Key]:
        new = self._wanted - self._asked
        if not new:
            return set()
        self._asked |= new
        return blocking_keys.holders(self._connection, new, {each.number for each in self.stored.values()})

    def _mates(self, fresh: set[Key]) -> set[Key]:
        found = devices.mates(self._connection, fresh.difference(self.members))
        self.members |= found.members
        self.stored |= found.stored
        self.reviewed |= found.reviewed
        self._undecided |= found.members.keys() - found.decided
        return set(found.members)

    def _bound(self, fresh: set[Key]) -> set[Key]:
        """The other ends of decisions `same`; a record that is not there passes on what binds others through it."""
        found = decisions.about(self._connection, fresh - self._undecided)
        self.decisions |= dict.fromkeys(found)
        return {key for each in found if each.verdict is Verdict.SAME for key in (each.left, each.right)}


def mates(connection: Connection, keys: Iterable[Key]) -> set[Key]:
    """Return all that hangs together with some records, by what is stored and without resolving it."""
    gathered = _Gathered(connection)
    gathered.add(keys)
    gathered.meet()
    return gathered.keys


def load(
    connection: Connection,
    keys: Iterable[Key],
    policy: Policy,
    calibration: Calibration,
    left: Iterable[BlockingKey] = (),
) -> Part:
    """
    Return everything that hangs, or hung, together with some records, resolved under a calibration.

    Args:
        left: Joints of records that are gone; who else has them belongs here as well.

    Raises:
        BadDecision: Two decisions about the records contradict each other.
    """
    gathered = _Gathered(connection, left)
    gathered.add(keys)
    if len(gathered.keys) > FEW:
        gathered.meet()
    while True:
        found = {key: each.record for key, each in gathered.stored.items()}
        said = (identify(record, policy) for record in found.values())
        resolution = Resolution(found, partition(said, policy, list(gathered.decisions), calibration))
        if not gathered.follow(resolution):
            before = devices.of(connection, gathered.members)
            return Part(frozenset(gathered.keys), resolution, gathered.stored, before, frozenset(gathered.reviewed))
