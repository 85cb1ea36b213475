"""
What joined the records that came together in a device, read off what each of them says.

Pure, and cheap: it is asked for every device that a sync of a large fleet makes, so it compares values and no pairs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from matching.batch import Resolution
from matching.identity import Identity, shown
from matching.model import Key, Kind
from service.store.changes import Change

DECISION = "decision"
"""The kind of evidence that a person's word is."""

RANK = {kind: rank for rank, kind in enumerate((DECISION, *Kind))}

Join = dict[str, str]
"""`kind` and `value` on which the record `left`, which is new to the device, agrees with `right`."""


def with_evidence(
    changes: Iterable[Change],
    resolution: Resolution,
    mates: Mapping[Key, Sequence[Key]],
    known: Mapping[Key, Sequence[Join]],
) -> Iterator[Change]:
    """
    Yield the changes, those that bring records together with the `evidence` for it in their detail.

    `mates` are all records of each one's device; `known` is the evidence for devices of which all records are new, by
    their first one, where it was worked out before.
    """
    partners = partners_of(resolution)
    for change in changes:
        news = [Key.parse(text) for text in change.detail.get("added") or change.detail.get("records") or ()]
        members = mates[news[0]] if news else ()
        if len(members) > 1:
            found = known.get(members[0]) if len(news) == len(members) else None
            found = joins(members, frozenset(news), resolution.identity, partners) if found is None else found
            yield replace(change, detail={**change.detail, "evidence": found})
        else:
            yield change


def partners_of(resolution: Resolution) -> Mapping[Key, set[Key]]:
    """Return the records that people said to be the same as each one."""
    partners: defaultdict[Key, set[Key]] = defaultdict(set)
    for left, right in resolution.fleet.same:
        partners[left].add(right)
        partners[right].add(left)
    return partners


def joins(
    members: Sequence[Key],
    news: frozenset[Key],
    identity: Callable[[Key], Identity],
    partners: Mapping[Key, set[Key]],
) -> list[Join]:
    """
    Return for each new member the strongest thing that ties it to those before it, in the order in which they are tied.

    Where all are new, the first one is where it begins. A record that only a name cut short ties has no such thing.
    """
    inside = {key: identity(key) for key in members if key not in news} or {members[0]: identity(members[0])}
    holders: dict[tuple[str, str], Key] = {}
    for key, says in inside.items():
        _hold(holders, key, says, partners)
    found = []
    waiting = {key: identity(key) for key in members if key not in inside}
    while ties := [
        (RANK[kind], key, kind, value)
        for key, says in waiting.items()
        for kind, value in _ties(key, says)
        if (kind, value) in holders
    ]:
        _, key, kind, value = min(ties)
        told = "" if kind == DECISION else shown(Kind(kind), value)
        found.append({"kind": str(kind), "value": told, "left": str(key), "right": str(holders[kind, value])})
        _hold(holders, key, waiting.pop(key), partners)
    return found


def _hold(holders: dict[tuple[str, str], Key], key: Key, says: Identity, partners: Mapping[Key, set[Key]]) -> None:
    """Note that a record is inside, under everything by which another one may tie itself to it."""
    for kind, value in _ties(key, says):
        if kind != DECISION:
            holders.setdefault((kind, value), key)
    for partner in sorted(partners.get(key, ())):
        holders.setdefault((DECISION, str(partner)), key)


def _ties(key: Key, says: Identity) -> Iterator[tuple[str, str]]:
    """What ties a record to others: a decision that names it, a link from or to it, its values, weak ones too."""
    yield DECISION, str(key)
    for link in (key, *says.links):
        yield Kind.LINK, str(link)
    yield from says.values()
    yield from says.weak
