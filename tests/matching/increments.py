"""A fleet that changes record by record: only what a change touches is resolved again, as a service would do it."""

from collections.abc import Hashable, Iterable, Iterator

from matching.batch import Resolution, assemble
from matching.calibrate import Calibration
from matching.evidence import NETBIOS_LENGTH
from matching.identity import identify
from matching.model import Decision, Key, Kind, Record, Review, Verdict, key_of
from matching.policy import Policy


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

    def upsert(self, record: Record) -> None:
        """Add a record, or put it in the place of the one with its key."""
        before = self.touching([key_of(record)])
        self.records[key_of(record)] = record
        self._resolve(before | self.touching([key_of(record)]))

    def remove(self, key: Key) -> None:
        """Take a record out."""
        before = self.touching([key])
        del self.records[key], self.devices[key]
        self._resolve(before - {key})

    def decide(self, decisions: list[Decision]) -> None:
        """Put other decisions in the place of those that stand."""
        changed = [key for d in {*self.decisions} ^ {*decisions} for key in (d.left, d.right)]
        before = self.touching(changed)
        self.decisions = decisions
        self._resolve(before | self.touching(changed))

    def batch(self) -> Resolution:
        """Resolve everything from scratch under the same calibration."""
        return assemble(self.records.values(), self.policy, self.decisions, self.calibration)

    def touching(self, keys: Iterable[Key]) -> set[Key]:
        """Return the records that hang together with any of these by values, present ones only."""
        holders: dict[Hashable, list[Key]] = {}
        for key, record in self.records.items():
            for value in self._values(record):
                holders.setdefault(value, []).append(key)
        found: set[Key] = set()
        waiting = [key for key in keys if key in self.records]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += [other for value in self._values(self.records[key]) for other in holders.pop(value, ())]
        return found

    def _values(self, record: Record) -> Iterator[Hashable]:
        """Everything by which a record may meet another, void values left out."""
        identity = identify(record, self.policy)
        screen = self.calibration.screen
        for kind, value in (*identity.values(), *identity.weak):
            if kind is not Kind.HOSTNAME and (kind, value) not in screen.void:
                yield kind, value
        yield from ((Kind.LINK, key) for key in (identity.key, *identity.links))
        yield from (decision for decision in self.decisions if identity.key in (decision.left, decision.right))
        if identity.name:
            yield Kind.HOSTNAME, identity.name[:NETBIOS_LENGTH]

    def _resolve(self, touched: set[Key]) -> None:
        decisions = [d for d in self.decisions if d.verdict is Verdict.DIFFERENT or {d.left, d.right} <= touched]
        part = assemble((self.records[key] for key in touched), self.policy, decisions, self.calibration)
        for device in part.devices:
            self.devices.update(dict.fromkeys(device.keys, device.keys))
        untouched = [review for review in self.reviews if review.left[0] in self.devices.keys() - touched]
        self.reviews = sorted([*untouched, *part.reviews], key=lambda r: (-r.worth, r.left, r.right))
