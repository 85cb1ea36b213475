"""
The evidence around a device, for people: its records, the identifiers that they carry, and the records of other devices
that carry one of these and are kept apart.

The identity graph of the API holds what joins. Here each edge says also what does not join, and why.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
from sqlalchemy import Connection

from matching.codes import Code
from matching.evidence.identity import Identity
from matching.model import Key, Kind
from matching.results.resolution import Resolution
from matching.values.spelling import shown
from service.devices.explaining import WAITING, around, as_told
from service.devices.lookup import device_row
from service.resolution.visible import visible_shard
from service.resolution.visible_devices import device_of
from service.store.resolved import device_records, devices, visible
from service.store.world import World

MOST_OTHERS = 8
"""Records of other devices that are shown: to explain each takes a look at all that hangs together with it."""

DECISION = "decision"
"""What stands for a kind where a person said that records are one box."""

ValueNode = tuple[str, str]
"""An identifier: its kind, and its canonical value."""


class EdgeState(Code):
    """What an identifier on a record does."""

    ACCEPTED = "accepted", "counts", "The identifier is evidence."
    VETOED = "vetoed", "kept apart", "The record carries the identifier too, and something else speaks against one box."
    SUPPRESSED = "suppressed", "no evidence", "The value is no evidence."


@dataclass(frozen=True)
class EvidenceEdge:
    """That a record carries an identifier, what that does, and the reason in a sentence."""

    record: Key
    kind: str
    value: str
    state: EdgeState
    reason: str


@dataclass(frozen=True)
class EvidenceGraph:
    """
    The records of a device, those of other devices that share an identifier with it, and all edges.

    `homes` gives the device of each other record. `others_left_out` counts records that are not shown. `bridges` says
    what alone holds the device together, a sentence for each such identifier.
    """

    members: Sequence[Key]
    others: Sequence[Key]
    homes: Mapping[Key, str]
    edges: Sequence[EvidenceEdge]
    others_left_out: int
    bridges: Sequence[str]


def evidence_graph(world: World, device_id: str) -> EvidenceGraph:
    """
    Return the evidence around a device, as far as the caller sees it.

    Raises:
        NotFound: No device has that id, or none of its records is visible.
        Moved: The id is retired; names its successor. A caller who is bound to customers gets NotFound instead.
    """
    with world.store.reading() as connection:
        keys, resolution = _resolved(connection, world, device_id)
        carriers = _other_carriers(resolution, keys)
        others = carriers[:MOST_OTHERS]
        return EvidenceGraph(
            members=keys,
            others=others,
            homes=_homes(connection, world, others),
            edges=[*_own_edges(resolution, keys, world), *_edges_of_others(resolution, keys, others, world)],
            others_left_out=len(carriers) - len(others),
            bridges=list(_bridges(resolution, keys)),
        )


def _resolved(connection: Connection, world: World, device_id: str) -> tuple[list[Key], Resolution]:
    if world.visibility is not None:
        found = device_of(connection, world.policy_in(connection), world.visibility, device_id)
        keys = sorted(row.key for row in found.records)
        return keys, visible_shard(connection, world.policy_in(connection), world.visibility, keys).resolution
    rows = device_records.of_devices(connection, [device_row(connection, device_id).id])
    keys = sorted(row.key for row in rows)
    return keys, around(connection, world.policy_in(connection), keys)


def _homes(connection: Connection, world: World, keys: Sequence[Key]) -> dict[Key, str]:
    if world.visibility is not None:
        seen = visible.by_key(connection, world.visibility, keys)
        return {key: row.device_id for key, row in seen.items()}
    return {key: member.device_id for key, member in devices.members(connection, keys).items()}


def _carried(identity: Identity) -> Iterator[ValueNode]:
    """The values of a record that may join; what only counts beside others included."""
    yield from ((kind.value, value) for kind, value in identity.values())
    yield from ((Kind.LINK.value, str(link)) for link in identity.links)
    yield from ((kind.value, value) for kind, value in identity.weak)


def _holders(resolution: Resolution, keys: Sequence[Key]) -> dict[ValueNode, list[Key]]:
    """Identifier -> the records that carry it; a record that is linked to carries its own key."""
    held: defaultdict[ValueNode, list[Key]] = defaultdict(list)
    for key in keys:
        for node in dict.fromkeys(_carried(resolution.identity(key))):
            held[node].append(key)
    for key in keys:
        if (node := (Kind.LINK.value, str(key))) in held:
            held[node].append(key)
    decided = {pair for pair in resolution.partition.same if set(pair) <= set(keys)}
    for left, right in sorted(decided):
        held[DECISION, f"{left} = {right}"] = [left, right]
    return dict(held)


def _own_edges(resolution: Resolution, keys: Sequence[Key], world: World) -> Iterator[EvidenceEdge]:
    weak = _weak(resolution, keys)
    for (kind, value), holders in _holders(resolution, keys).items():
        reason = _reason(kind, len(holders), is_weak=(kind, value) in weak)
        for key in holders:
            yield EvidenceEdge(key, kind, _shown(kind, value), EdgeState.ACCEPTED, reason)
    for key in keys:
        for each in resolution.suppressed(key):
            if each.kind in set(Kind):
                reason = each.reason if world.visibility is None else visible.reason_as_told(each.reason)
                value = shown(each.kind, each.value)
                yield EvidenceEdge(key, each.kind, value, EdgeState.SUPPRESSED, f"It is no evidence: {reason}.")


def _reason(kind: str, holders: int, *, is_weak: bool) -> str:
    if kind == DECISION:
        return "A person said that these records are one box."
    counts = " It counts only beside another kind that agrees." if is_weak else ""
    if holders == 1:
        return f"No other record of the device carries it.{counts}"
    return f"{holders} records of the device carry it.{counts}"


def _other_carriers(resolution: Resolution, keys: Sequence[Key]) -> list[Key]:
    """The records of other devices that carry an identifier of this one, those with the strongest kind first."""
    own = {node for key in keys for node in _carried(resolution.identity(key))}
    rank = {kind.value: place for place, kind in enumerate(Kind)}
    found = {}
    for identity in resolution.partition.identities:
        common = own.intersection(_carried(identity))
        if common and identity.key not in set(keys):
            found[identity.key] = min(rank[kind] for kind, _ in common)
    return sorted(found, key=lambda key: (found[key], key))


def _edges_of_others(
    resolution: Resolution, keys: Sequence[Key], others: Sequence[Key], world: World
) -> Iterator[EvidenceEdge]:
    own = {node: key for key in reversed(keys) for node in _carried(resolution.identity(key))}
    for other in others:
        common = [node for node in dict.fromkeys(_carried(resolution.identity(other))) if node in own]
        found = resolution.explain(own[common[0]], other)
        seen = found if world.visibility is None else as_told(found)
        reason = f"{seen.sentence} {WAITING}" if found.same else seen.sentence
        for kind, value in common:
            yield EvidenceEdge(other, kind, _shown(kind, value), EdgeState.VETOED, reason)


def _bridges(resolution: Resolution, keys: Sequence[Key]) -> Iterator[str]:
    """A sentence for each identifier without which nothing would join the records. Weak ones join nothing alone."""
    graph: nx.Graph[Key | ValueNode] = nx.Graph()
    graph.add_nodes_from(keys)
    weak = _weak(resolution, keys)
    for node, holders in _holders(resolution, keys).items():
        if node not in weak:
            graph.add_edges_from((node, key) for key in holders)
    members = set(keys)
    for kind, value in sorted(set(nx.articulation_points(graph)) - members):
        parts = nx.connected_components(nx.restricted_view(graph, [(kind, value)], []))
        own = sorted((sorted(members.intersection(part)) for part in parts), key=lambda part: (len(part), part))
        what = "that person's decision" if kind == DECISION else f"{Kind(kind).label} {_shown(kind, value)}"
        named = ", ".join(map(str, next(part for part in own if part)))
        yield f"Without {what}, nothing would join {named} to the rest."


def _weak(resolution: Resolution, keys: Sequence[Key]) -> set[ValueNode]:
    return {(kind.value, value) for key in keys for kind, value in resolution.identity(key).weak}


def _shown(kind: str, value: str) -> str:
    return value if kind in {DECISION, Kind.LINK} else shown(Kind(kind), value)
