"""
Tell the feeds of customers what happened to the devices that their callers see (`store.resolved.customer_feeds`).

What is visible of a device is compared with what its feed has published of it. So a feed tells what it would tell if
there were no other records: also that a value changed which another record hides in the device as it is for all, and
nothing where only other records changed.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from matching.model import Key
from service.resolution.composing import ComposedDevice, compose_one
from service.resolution.joining import JoinRow, with_evidence
from service.resolution.parting import ToldPart, with_reasons
from service.resolution.shard import Shard
from service.resolution.succession import VOLATILE, Former, succeed_as
from service.resolution.visible_devices import all_visible
from service.store.access.actors import Actor
from service.store.access.visibility import Customer, Visibility, company_id_of
from service.store.database.canonical_json import canonical_json
from service.store.ingested import records
from service.store.resolved import changes, customer_feeds
from service.store.resolved.changes import CauseKind, Change
from service.store.resolved.customer_feeds import PublishedDevice
from service.store.world import Cause, ChangeContext

DECIDED = frozenset({CauseKind.DECISION, CauseKind.REVOKED})
"""Causes that are about two records."""

VisibleKeys = Mapping[str, Sequence[Key]]
"""Device id -> its visible records, in order of key."""


def begin(connection: Connection, context: ChangeContext, visibility: Visibility) -> None:
    """Make the feed of some customers, which tells what happens from now on; nothing where there is one."""
    feed = customer_feeds.make(connection, visibility, context.at)
    if feed is None:
        return
    for found in all_visible(connection, context.policy, visibility):
        keys: defaultdict[str, list[Key]] = defaultdict(list)
        for record in found.records:
            keys[record.device_id].append(record.key)
        rows = (_published(feed, device_id, row.golden, keys[device_id]) for device_id, row in found.rows.items())
        customer_feeds.write(connection, (), rows)


def tell(
    connection: Connection,
    shard: Shard,
    now: Mapping[str, ComposedDevice],
    joins: Mapping[Key, Sequence[JoinRow]],
    context: ChangeContext,
) -> None:
    """
    Tell each feed what happened to its part of a shard, in a writing transaction.

    Args:
        now: The devices of the shard by id.
        joins: What joined the records of devices, as `Composition` has it.
    """
    if not customer_feeds.any_made(connection):
        return
    before = customer_feeds.published(connection, shard.before.devices)
    seen = _seen(connection, shard, now)
    deciders = _seeing_decision(connection, context.cause)
    for feed in sorted(before.keys() | seen.keys()):
        caused = _Caused(context, is_decision_seen=feed in deciders)
        _Telling(connection, shard, now, joins, caused).tell(feed, before.get(feed, []), seen.get(feed, {}))


class _Caused(NamedTuple):
    """The context of a change, and whether who is told sees the records of the decision that caused it, if one did."""

    context: ChangeContext
    is_decision_seen: bool

    def shown(self, *, is_touched: bool) -> tuple[Cause | None, Actor | None]:
        """
        Return what caused a change, and who, as it is shown.

        That follows from other records where no visible record of the device came, changed or went. How many records
        or decisions there were in all is told to nobody here.
        """
        cause, actor = self.context.cause or {}, self.context.actor
        if any(kind in cause for kind in DECIDED):
            return (cause, actor) if self.is_decision_seen else (None, None)
        is_shown = CauseKind.RULES_CHANGED in cause or (CauseKind.SYNC in cause and is_touched)
        return cause if is_shown else None, actor if is_touched else None


class _Telling(NamedTuple):
    """What all feeds are told about: a shard, its devices as they are now, and what caused it."""

    connection: Connection
    shard: Shard
    now: Mapping[str, ComposedDevice]
    joins: Mapping[Key, Sequence[JoinRow]]
    caused: _Caused

    def tell(self, feed: int, before: Sequence[PublishedDevice], seen: VisibleKeys) -> None:
        """Tell one feed."""
        present = {device_id: self._composed(device_id, keys) for device_id, keys in seen.items()}
        happened = list(self._happened(feed, before, present))
        rows = [_published(feed, device_id, device.golden, device.keys) for device_id, device in present.items()]
        companies = _companies(before, rows)
        touched = self._touched(before, present)
        for is_touched, group in groupby(happened, lambda change: change.device_id in touched):
            cause, actor = self.caused.shown(is_touched=is_touched)
            at = self.caused.context.at
            changes.append(self.connection, list(group), at, cause, actor, companies=companies, feed=feed)
        customer_feeds.write(self.connection, before, rows)

    def _composed(self, device_id: str, keys: Sequence[Key]) -> ComposedDevice:
        whole = self.now[device_id]
        return whole if len(keys) == len(whole.keys) else compose_one(self.shard.resolution, keys)

    def _happened(
        self, feed: int, before: Sequence[PublishedDevice], present: Mapping[str, ComposedDevice]
    ) -> Iterator[Change]:
        at = self.caused.context.at
        formers = [Former(each.device_id, at, frozenset(each.keys), each.golden) for each in before]
        members = {key: device.keys for device in present.values() for key in device.keys}
        since = {key: self.shard.stored[key].first_seen_at for key in members}
        succession = succeed_as(list(present), formers, list(present.values()), since, at)
        whole = [device for device_id, device in present.items() if device is self.now[device_id]]
        known = {device.keys[0]: self.joins[device.keys[0]] for device in whole if device.keys[0] in self.joins}
        joined = with_evidence(succession.changes, self.shard.resolution, members, known)
        home = {key: each.device_id for each in before for key in each.keys}
        return with_reasons(self.connection, joined, self.shard.resolution, home, ToldPart(feed, members.keys()))

    def _touched(self, before: Sequence[PublishedDevice], present: Mapping[str, ComposedDevice]) -> set[str]:
        """The devices of which a visible record has come, changed or gone, and those that share records with these."""
        former = {key: each.device_id for each in before for key in each.keys}
        current = {key: device_id for device_id, device in present.items() for key in device.keys}
        at = self.caused.context.at
        touched, sharing = set[str](), set[frozenset[str]]()
        for key in former.keys() | current.keys():
            homes = frozenset(home[key] for home in (former, current) if key in home)
            sharing.add(homes)
            if key not in former or key not in current or self.shard.stored[key].changed_at == at:
                touched |= homes
        while more := {device_id for homes in sharing if homes & touched for device_id in homes - touched}:
            touched |= more
        return touched


def _seen(connection: Connection, shard: Shard, now: Mapping[str, ComposedDevice]) -> dict[int, VisibleKeys]:
    """Of each feed, the devices that its callers see, in order of their first visible record."""
    customers = {key: _customer(shard, key) for device in now.values() for key in device.keys}
    seeing = customer_feeds.seeing(connection, {customer for customer in customers.values() if customer})
    found: defaultdict[int, defaultdict[str, list[Key]]] = defaultdict(lambda: defaultdict(list))
    for device_id, device in now.items():
        for key in device.keys:
            customer = customers[key]
            for feed in seeing.get(customer, ()) if customer else ():
                found[feed][device_id].append(key)
    return {feed: dict(sorted(own.items(), key=lambda item: item[1][0])) for feed, own in found.items()}


def _customer(shard: Shard, key: Key) -> Customer | None:
    company_id = company_id_of(shard.resolution.records[key])
    return None if company_id is None else Customer(key.provider, company_id)


def _seeing_decision(connection: Connection, cause: Cause | None) -> set[int]:
    """The feeds whose callers see both records of the decision that was made or revoked, if one was."""
    if cause is None or not any(kind in cause for kind in DECIDED):
        return set()
    sides: list[set[int]] = []
    for key in (Key.parse(cause["left"]), Key.parse(cause["right"])):
        stored = records.read(connection, [key]).get(key)
        company_id = company_id_of(stored.written) if stored else None
        customers = [] if company_id is None else [Customer(key.provider, company_id)]
        sides.append(set().union(*customer_feeds.seeing(connection, customers).values()))
    return set.intersection(*sides)


def _published(feed: int, device_id: str, golden: str, keys: Iterable[Key]) -> PublishedDevice:
    """What is kept of a device that was published: not the values that move with every sync."""
    lasting = {name: value for name, value in json.loads(golden).items() if name not in VOLATILE}
    return PublishedDevice(feed, device_id, canonical_json(lasting), canonical_json(sorted(map(str, keys))))


def _companies(*published: Collection[PublishedDevice]) -> dict[str, set[str]]:
    """Device id -> the companies that it is of, before or now."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in (row for rows in published for row in rows):
        if each.company_key is not None:
            found[each.device_id].add(each.company_key)
    return found
