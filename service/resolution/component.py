"""Some records with everything that hangs together with them, resolved: as much as a change needs, and no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import Connection

from matching.batch import Resolution
from matching.calibrate import Calibration
from matching.fleet import assemble
from matching.identity import identify
from matching.joints import sought
from matching.model import Decision, Key, Verdict
from matching.policy import Policy
from service.store import decisions, devices, joints, records
from service.store.devices import Devices
from service.store.postings import unpacked
from service.store.records import Stored
from service.store.rows import Row


@dataclass(frozen=True)
class Part:
    """
    Records that hang together with none outside, resolved, and what is stored about them.

    `keys` also name records that are gone, `stored` are those that are there, `before` is every device that has or
    had one of the records, `reviewed` are those that there may be reviews about.
    """

    keys: frozenset[Key]
    resolution: Resolution
    stored: Mapping[Key, Stored]
    before: Devices
    reviewed: frozenset[Key]


class _Gathered:
    """The records found so far, with what is stored about them; grows until nothing hangs together with it."""

    def __init__(self, connection: Connection, asked: Iterable[int]) -> None:
        self._connection = connection
        self._asked: set[int] = set()
        self.keys: set[Key] = set()
        self.stored: dict[Key, Stored] = {}
        self.members: dict[Key, Row] = {}
        self.reviewed: set[Key] = set()
        self.decisions: dict[Decision, None] = {}
        self._undecided: set[Key] = set()
        self.add(self._holders(asked))

    def add(self, keys: Iterable[Key]) -> None:
        """
        Take records in, and all that stored memberships, decisions and joints tie to them.

        Those of one device first: mostly they are all, and all are asked for joints at once.
        """
        fresh = set(keys) - self.keys
        while fresh:
            before = set(self.keys)
            while fresh:
                fresh |= self._mates(fresh) - self.keys
                self.keys |= fresh
                fresh = self._bound(fresh) - self.keys
            fresh = self._met(self.keys - before) - self.keys

    def follow(self, resolution: Resolution) -> bool:
        """Take in what the joints and links of the records, as they are now, lead to; return whether there was any."""
        before = len(self.keys)
        wanted = {joint for own in resolution.joints.values() for joint in own}
        links = {link for identity in resolution.fleet.identities for link in identity.links}
        linked = records.read(self._connection, links - self.keys)
        self.add(self._holders(wanted) | linked.keys())
        return len(self.keys) > before

    def _met(self, fresh: set[Key]) -> set[Key]:
        """
        Return the records that these, as they were, may have met.

        Who linked to a record before it was there is found by its key; who did since shares a joint with it.
        """
        self.stored |= records.read(self._connection, fresh.difference(self.stored))
        new = (sought(key) for key in fresh if key in self.stored and key not in self.members)
        return self._holders(
            chain(new, *(unpacked(self.members[key]["joints"]) for key in fresh if key in self.members))
        )

    def _holders(self, wanted: Iterable[int]) -> set[Key]:
        new = set(wanted) - self._asked
        if not new:
            return set()
        self._asked |= new
        return joints.holders(self._connection, new, {each.number for each in self.stored.values()})

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
    gathered = _Gathered(connection, ())
    gathered.add(keys)
    return gathered.keys


def load(
    connection: Connection,
    keys: Iterable[Key],
    policy: Policy,
    calibration: Calibration,
    asked: Iterable[int] = (),
) -> Part:
    """
    Return everything that hangs, or hung, together with some records, resolved under a calibration.

    Args:
        asked: Joints of records that are gone; who else has them belongs here as well.

    Raises:
        BadDecision: Two decisions about the records contradict each other.
    """
    gathered = _Gathered(connection, asked)
    gathered.add(keys)
    while True:
        found = {key: each.record for key, each in gathered.stored.items()}
        said = (identify(record, policy) for record in found.values())
        resolution = Resolution(found, assemble(said, policy, list(gathered.decisions), calibration))
        if not gathered.follow(resolution):
            before = devices.of(connection, gathered.members)
            return Part(frozenset(gathered.keys), resolution, gathered.stored, before, frozenset(gathered.reviewed))
