"""A fleet that changes record by record: only what a change touches is resolved again, as a service would do it."""

from collections.abc import Hashable, Iterable

from matching.calibration.calibrate import Calibration
from matching.evidence.groups import NETBIOS_LENGTH
from matching.evidence.identity import identify
from matching.model import Decision, Key, Kind, Record, Review, Verdict, key_of
from matching.policy import Policy
from matching.results.resolution import Resolution, resolve_under


class GrowingFleet:
    """
    Records, decisions and their devices under one calibration, changed one at a time.

    What a change touches is found without the engine's own component search: the records that share a value with it
    by the design's section 5, directly or through others.
    """

    def __init__(self, policy: Policy, calibration: Calibration) -> None:
        self.policy = policy
        self.calibration = calibration
        self.records: dict[Key, Record] = {}
        self.decisions: list[Decision] = []
        self.devices: dict[Key, tuple[Key, ...]] = {}
        self.reviews: list[Review] = []
        self._suppressed = calibration.suppression.values
        self._values: dict[Key, frozenset[Hashable]] = {}
        self._holders: dict[Hashable, set[Key]] = {}

    def upsert(self, record: Record) -> None:
        """Add a record, or put it in the place of the one with its key."""
        key = key_of(record)
        before = self.touching([key])
        self._forget(key)
        self._remember(record)
        self._resolve(before | self.touching([key]))

    def remove(self, key: Key) -> None:
        """Take a record out."""
        before = self.touching([key])
        self._forget(key)
        del self.devices[key]
        self._resolve(before - {key})

    def decide(self, decisions: list[Decision]) -> None:
        """Put other decisions in the place of those that stand."""
        changed = [key for d in {*self.decisions} ^ {*decisions} for key in (d.left, d.right)]
        before = self.touching(changed)
        self.decisions = decisions
        self._resolve(before | self.touching(changed))

    def load(self, records: Iterable[Record]) -> None:
        """Add records without resolving any."""
        for record in records:
            self._remember(record)

    def batch(self) -> Resolution:
        """Resolve everything from scratch under the same calibration."""
        return resolve_under(self.records.values(), self.policy, self.decisions, self.calibration)

    def touching(self, keys: Iterable[Key]) -> set[Key]:
        """Return the records that values or decisions connect with any of these, directly or through others."""
        found: set[Key] = set()
        waiting = [key for key in keys if key in self.records]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                near = {other for value in self._values[key] for other in self._holders[value]}
                decided = {end for d in self.decisions if key in (d.left, d.right) for end in (d.left, d.right)}
                waiting += (near | (decided & self.records.keys())) - found
        return found

    def _remember(self, record: Record) -> None:
        key = key_of(record)
        self.records[key] = record
        self._values[key] = self._shareable(record)
        for value in self._values[key]:
            self._holders.setdefault(value, set()).add(key)

    def _forget(self, key: Key) -> None:
        self.records.pop(key, None)
        for value in self._values.pop(key, ()):
            self._holders[value].discard(key)

    def _shareable(self, record: Record) -> frozenset[Hashable]:
        """Everything by which a record may meet another; suppressed values are no evidence and lead nowhere."""
        identity = identify(record, self.policy)
        values = {pair for pair in (*identity.values(), *identity.weak) if pair not in self._suppressed}
        links = {(Kind.LINK, str(key)) for key in (identity.key, *identity.links)}
        prefix = {(Kind.HOSTNAME, identity.hostname[:NETBIOS_LENGTH])} if identity.hostname else set()
        return frozenset(values | links | prefix)

    def _resolve(self, touched: set[Key]) -> None:
        decisions = [d for d in self.decisions if d.verdict is Verdict.DIFFERENT or {d.left, d.right} <= touched]
        part = resolve_under((self.records[key] for key in touched), self.policy, decisions, self.calibration)
        for device in part.devices:
            self.devices.update(dict.fromkeys(device.keys, device.keys))
        untouched = [review for review in self.reviews if review.left[0] in self.devices.keys() - touched]
        self.reviews = sorted([*untouched, *part.reviews], key=lambda r: (-r.worth, r.left, r.right))
